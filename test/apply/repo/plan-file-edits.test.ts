import { describe, expect, it } from 'vitest';
import { planFileEdits, previewFileEdit, type RepoOptions } from '../../../src/apply/index.ts';
import { createFunctionSql, makePatch, type Patch } from '../../../src/patch-dsl/index.ts';
import type { FileStore } from '../../../src/ports/index.ts';
import { memoryFileStore } from '../../../src/testing/index.ts';
import { CATALOG, SNAPSHOT } from '../../patch-dsl/sample-world.ts';
import { PATHS, planOf, repoFiles, repoOf, VARIABLES } from './repo-world.ts';

const FUNCTION = 'main.sales.top_customers';
const FUNCTION_OF_WORLD = CATALOG.functions[0] ?? {
  name: '',
  comment: null,
  parameters: [],
  returns: [],
  body: null,
};
const functionComment = makePatch(
  'update_tvf_comment',
  { function: FUNCTION, comment: "Customers by value.\nWho's best?" },
  { id: 'P001' },
);
const tableComment = makePatch(
  'update_table_comment',
  { target: 'main.sales.orders', new_text: 'One row per order of main.sales.customers.' },
  { id: 'P002' },
);
const columnComment = makePatch(
  'update_column_description',
  {
    table: 'main.sales.orders',
    column: 'o_orderdate',
    old_text: '',
    new_text: 'Day of the order: never empty.',
  },
  { id: 'P003' },
);

/** The files after a patch, with some files replaced before. */
async function after(
  patch: Patch,
  replaced: Readonly<Record<string, string | null>> = {},
  more: Partial<RepoOptions> = {},
) {
  const texts = Object.fromEntries(
    Object.entries({ ...repoFiles(), ...replaced }).filter(
      (entry): entry is [string, string] => entry[1] !== null,
    ),
  );
  const repo = repoOf(texts);
  const edits = await planFileEdits(planOf([patch]).plan, { ...repo.options, ...more });
  await repo.write(edits.files);
  return { ...edits, texts: repo.texts(), before: texts };
}

/** A store that cannot list folders. */
const withoutList = (store: FileStore): FileStore => ({
  read: (path) => store.read(path),
  write: (path, text) => store.write(path, text),
  remove: (path) => store.remove(path),
});

describe('the SQL file of a function', () => {
  const written = (comment: string, ending = ';\n'): string =>
    `-- by hand: COMMENT 'not this one'\nCREATE OR REPLACE FUNCTION \${catalog}.\${gold_schema}.top_customers(\n` +
    `  min_total DECIMAL(12,2) DEFAULT 0 COMMENT 'Smallest value.'  -- optional\n)\n` +
    `RETURNS TABLE (name STRING, total DECIMAL(12,2) COMMENT 'Customer''s total')\n${comment}RETURN\n` +
    `  SELECT name, total /* COMMENT 'nor this' */ FROM \${catalog}.\${gold_schema}.customer_totals\n` +
    `  WHERE total >= min_total ORDER BY total DESC LIMIT 10${ending}-- the end\n`;
  it.each([
    ['doubled quotes and line breaks as such', `'It''s\nold'`, `'Customers by value.\nWho''s best?'`],
    ['escapes', `'It\\'s\\nold'`, `'Customers by value.\\nWho\\'s best?'`],
    ['double quotes', `"It's\nold"`, `"Customers by value.\nWho's best?"`],
    ['neighbouring literals', `'It\\'s\n' 'old'`, `'Customers by value.\nWho\\'s best?'`],
  ])('has only its comment replaced, in %s', async (_name, old, next) => {
    const functions = SNAPSHOT.catalog.functions.map((fn) =>
      fn.name === FUNCTION ? { ...fn, comment: "It's\nold" } : fn,
    );
    const { plan } = planOf([functionComment], { ...SNAPSHOT, catalog: { ...SNAPSHOT.catalog, functions } });
    const repo = repoOf({ ...repoFiles(), [PATHS.functions]: written(`COMMENT ${old}\n`) });
    const edits = await planFileEdits(plan, repo.options);
    expect(edits.files.map(({ after: text }) => text)).toEqual([written(`COMMENT ${next}\n`)]);
  });

  it('gets a comment of its own when it had none', async () => {
    const { texts } = await after(
      makePatch(
        'update_tvf_comment',
        { function: 'main.sales.monthly_sales', comment: 'Sales per month.' },
        { id: 'P001' },
      ),
    );
    expect(texts[PATHS.functions]).toContain("COMMENT 'Sales per month.'\nRETURN SELECT DATE (NULL);");
  });

  it('keeps names and layout of the query where nothing changes', async () => {
    const { texts, before } = await after(
      makePatch(
        'update_tvf_sql',
        { function: FUNCTION, new_sql: createFunctionSql(FUNCTION_OF_WORLD).replace('LIMIT 10', 'LIMIT 20') },
        { id: 'P001' },
      ),
    );
    expect(texts[PATHS.functions]).toBe(before[PATHS.functions]?.replace('LIMIT 10', 'LIMIT 20'));
  });

  it('is a conflict when the file has another comment', async () => {
    await expect(
      after(functionComment, { [PATHS.functions]: written("COMMENT 'Another.'\n") }),
    ).rejects.toMatchObject({
      code: 'REPO_FILE_CONFLICT',
      message: expect.stringContaining('comment of main.sales.top_customers') as string,
    });
  });

  it('is made for a new function, with the placeholders of its neighbours, and removed again', async () => {
    const create_sql =
      'CREATE FUNCTION main.sales.best_day() RETURNS TABLE (day DATE) RETURN SELECT max(o_orderdate) FROM main.sales.orders';
    const { plan, inverse } = planOf([
      makePatch('add_tvf', { function: 'main.sales.best_day', create_sql }, { id: 'P001' }),
    ]);
    const repo = repoOf();
    const before = repo.texts();
    await repo.write((await planFileEdits(plan, repo.options)).files);
    expect(repo.texts()['src/semantic/tvfs/best_day.sql']).toBe(
      `${create_sql.replaceAll('main.sales.', '${catalog}.${gold_schema}.')};\n`,
    );
    await repo.write((await planFileEdits(inverse, repo.options)).files);
    expect(repo.texts()).toEqual(before);
  });

  it('loses the statement of a function that is dropped, and no other', async () => {
    const { texts, before } = await after(
      makePatch('remove_tvf', { function: FUNCTION, drop: true }, { id: 'P001' }),
    );
    const text = texts[PATHS.functions] ?? '';
    expect(text).not.toContain('`top_customers`');
    expect(before[PATHS.functions]?.endsWith(text.slice(text.indexOf('-- monthly_sales')))).toBe(true);
  });
});

describe('the YAML of a table', () => {
  it('has the one line changed, and its comment kept', async () => {
    const { texts, before } = await after(tableComment);
    expect(texts[PATHS.orders]).toBe(
      before[PATHS.orders]?.replace(
        'Raw orders.',
        'One row per order of ${catalog}.${gold_schema}.customers.',
      ),
    );
  });

  it('gets the comment of a column behind its type, quoted where YAML needs it', async () => {
    const { plan } = planOf([columnComment], SNAPSHOT, { descriptionsIn: 'both' });
    const repo = repoOf();
    const { files, unpersisted } = await planFileEdits(plan, repo.options);
    expect(unpersisted).toEqual([]);
    expect(files.find(({ path }) => path === PATHS.orders)?.after).toContain(
      '  - name: o_orderdate\n    type: DATE\n    comment: "Day of the order: never empty."\n  - name: o_comment',
    );
  });

  it('is no place for a column that it does not list', async () => {
    const { plan } = planOf([columnComment], SNAPSHOT, { descriptionsIn: 'catalog' });
    const file = repoFiles()[PATHS.orders]?.replace('name: o_orderdate', 'name: o_date') ?? '';
    const { options } = repoOf({ ...repoFiles(), [PATHS.orders]: file });
    const { unpersisted } = await planFileEdits(plan, options);
    expect(unpersisted).toEqual([
      { object: 'main.sales.orders', reason: `${PATHS.orders} lists no column o_orderdate` },
    ]);
  });

  it.each([
    ['nothing', 'table_name: orders\n', 'table_name: orders\ncomment: New.\n'],
    [
      'an empty member',
      'table_name: orders\ncomment:   # later\n',
      'table_name: orders\ncomment: New.   # later\n',
    ],
    ['null', 'table_name: orders\ncomment: null # later\n', 'table_name: orders\ncomment: New. # later\n'],
    ['quotes', "table_name: orders\ncomment: 'Raw orders.'\n", "table_name: orders\ncomment: 'New.'\n"],
    [
      'double quotes',
      'comment: "Raw orders."\ntable_name: orders\n',
      'comment: "New."\ntable_name: orders\n',
    ],
    ['several lines', 'comment: Raw\n  orders.\ntable_name: orders\n', 'comment: New.\ntable_name: orders\n'],
    [
      'a block',
      'comment: |\n    Raw orders.\ntable_name: orders\n',
      'comment: |-\n    New.\ntable_name: orders\n',
    ],
    ['brackets', '{table_name: orders, comment: Raw orders.}\n', '{table_name: orders, comment: New.}\n'],
    ['no line break at the end', 'table_name: orders', 'table_name: orders\ncomment: New.'],
    [
      'Windows line breaks',
      'table_name: orders\r\ncolumns: []\r\n',
      'table_name: orders\r\ncomment: New.\r\ncolumns: []\r\n',
    ],
  ])('is edited where the comment is %s', async (_name, file, expected) => {
    const comment = file.includes('Raw') ? 'Raw orders.' : null;
    const tables = SNAPSHOT.catalog.tables.map((table) =>
      table.name === 'main.sales.orders' ? { ...table, comment } : table,
    );
    const patch = makePatch(
      'update_table_comment',
      { target: 'main.sales.orders', new_text: 'New.' },
      { id: 'P001' },
    );
    const snapshot = { ...SNAPSHOT, catalog: { ...SNAPSHOT.catalog, tables } };
    const { plan } = planOf([patch], snapshot, { descriptionsIn: 'catalog' });
    const { options } = repoOf({ 'gold/yaml/orders.yaml': file });
    const { files } = await planFileEdits(plan, options);
    expect(files).toEqual([{ path: 'gold/yaml/orders.yaml', before: file, after: expected }]);
  });

  it('is found by its full name before a shorter one', async () => {
    const { files } = await after(tableComment, {
      'gold/yaml/other/orders.yaml': 'table_name: orders\ncomment: Raw orders.\n',
    });
    expect(files.map(({ path }) => path)).toContain(PATHS.orders);
  });

  it('is an error when two files name the table', async () => {
    const same = repoFiles()[PATHS.orders] ?? '';
    await expect(after(tableComment, { 'gold/yaml/other/orders.yaml': same })).rejects.toMatchObject({
      code: 'REPO_FILE_AMBIGUOUS',
      details: { paths: ['gold/yaml/other/orders.yaml', PATHS.orders] },
    });
  });

  it('is a conflict when the file says something else', async () => {
    const other = repoFiles()[PATHS.orders]?.replace('Raw orders.', 'By hand.') ?? '';
    await expect(after(tableComment, { [PATHS.orders]: other })).rejects.toMatchObject({
      code: 'REPO_FILE_CONFLICT',
      details: { path: PATHS.orders, place: 'comment' },
    });
  });
});

describe('the YAML of a metric view', () => {
  const measure = makePatch(
    'update_mv_measure',
    { mv: 'main.sales.daily_sales', measure_name: 'revenue', set: { comment: 'What was billed.' } },
    { id: 'P001' },
  );
  const FILE = repoFiles()[PATHS.metricView] ?? '';

  it('keeps anchors, comments and what the live side does not have', async () => {
    const file = `${FILE}x_team: &team sales desk\nx_owner: *team   # who to ask\n`;
    const { texts } = await after(measure, { [PATHS.metricView]: file });
    const text = texts[PATHS.metricView] ?? '';
    expect(text).toContain('What was billed.');
    expect(text.replace(/\n.*What was billed\..*/, '')).toBe(file);
  });

  it('is refused when the change would reach another place through an anchor', async () => {
    const file = FILE.replace('expr: SUM(o_totalprice)', 'expr: &sum SUM(o_totalprice)').replace(
      'expr: COUNT(1)',
      'expr: *sum',
    );
    const change = makePatch(
      'update_mv_measure',
      { mv: 'main.sales.daily_sales', measure_name: 'revenue', set: { expr: 'SUM(o_netprice)' } },
      { id: 'P001' },
    );
    await expect(after(change, { [PATHS.metricView]: file })).rejects.toMatchObject({
      code: 'REPO_FILE_FORMAT',
    });
  });

  it('is a conflict when the file has another expression', async () => {
    const file = FILE.replace('SUM(o_totalprice)', 'SUM(o_netprice)');
    const change = makePatch(
      'update_mv_measure',
      { mv: 'main.sales.daily_sales', measure_name: 'revenue', set: { expr: 'SUM(o_grossprice)' } },
      { id: 'P001' },
    );
    await expect(after(change, { [PATHS.metricView]: file })).rejects.toMatchObject({
      code: 'REPO_FILE_CONFLICT',
      details: { place: 'measures[revenue].expr' },
    });
  });

  it('is found by the name in it before its own name', async () => {
    const { files } = await after(measure, {
      [PATHS.metricView]: null,
      'src/semantic/metric_views/sales.yml': `name: daily_sales\n${FILE}`,
    });
    expect(files).toMatchObject([{ path: 'src/semantic/metric_views/sales.yml' }]);
  });

  it('names the file that is no YAML', async () => {
    await expect(after(measure, { [PATHS.metricView]: 'a: [' })).rejects.toMatchObject({
      code: 'REPO_FILE_FORMAT',
      message: expect.stringContaining('daily_sales.yaml') as string,
    });
  });
});

describe('what has no file', () => {
  it('is reported, with the reason', async () => {
    const { plan } = planOf([functionComment, tableComment]);
    const { options } = repoOf({});
    const { files, unpersisted } = await planFileEdits(plan, { ...options, tables: undefined });
    expect(files).toEqual([]);
    expect(unpersisted).toEqual([
      { object: 'space', reason: `there is no file ${PATHS.space}` },
      {
        object: 'main.sales.orders',
        reason: "the option 'tables' names no files, no file of 'metricViews' names it",
      },
      { object: FUNCTION, reason: "no file of 'functions' names it" },
    ]);
  });

  it('is an error before anything is written when it must have one', async () => {
    const { plan } = planOf([tableComment]);
    const files = memoryFileStore({});
    await expect(planFileEdits(plan, { files, tables: 'gold', persist: 'required' })).rejects.toMatchObject({
      code: 'REPO_FILE_MISSING',
      message: expect.stringContaining('main.sales.orders') as string,
    });
    expect(files.writes()).toBe(0);
  });

  it('is a folder that the store cannot list', async () => {
    const { plan } = planOf([tableComment]);
    const files = withoutList(memoryFileStore({}));
    await expect(planFileEdits(plan, { files, tables: 'gold' })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
  });

  it('can be named file by file when the store cannot list', async () => {
    const { plan } = planOf([tableComment]);
    const files = withoutList(memoryFileStore(repoFiles()));
    const { files: edits } = await planFileEdits(plan, {
      files,
      tables: [PATHS.orders],
      variables: VARIABLES,
    });
    expect(edits).toMatchObject([{ path: PATHS.orders }]);
  });
});

describe('several patches of one file', () => {
  it('become one edit with all of them', async () => {
    const patches = [
      makePatch('add_instruction', { text: 'Weeks begin on Monday.' }, { id: 'P001' }),
      makePatch(
        'add_synonym',
        { table: 'main.sales.orders', column: 'o_clerk', synonym: 'agent' },
        { id: 'P002' },
      ),
    ];
    const repo = repoOf();
    const { files } = await planFileEdits(planOf(patches).plan, repo.options);
    expect(files).toMatchObject([{ path: PATHS.space }]);
    expect(files[0]?.after).toContain('Monday');
    expect(files[0]?.after).toContain('agent');
    expect(files[0] === undefined ? '' : previewFileEdit(files[0])).toMatch(/^[-+]/);
  });

  it('are shown in at most 500 characters', () => {
    expect(previewFileEdit({ path: 'a', before: 'same\nold\nend', after: 'same\nnew\nend' })).toBe(
      '-old\n+new',
    );
    expect(previewFileEdit({ path: 'a', before: null, after: 'x'.repeat(900) })).toHaveLength(500);
  });
});
