import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSample, sampleFolder, sampleJsonSchema, SHIPPED_SAMPLES } from '../../src/local/index.ts';
import { FIXTURE } from './http.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sample-'));
  await cp(FIXTURE, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const load = () => loadSample(folder, null);
const edit = async (name: string, from: string, to: string) => {
  const file = join(folder, name);
  const text = await readFile(file, 'utf8');
  expect(text).toContain(from);
  await writeFile(file, text.replace(from, to));
};

describe('a folder in the sample format', () => {
  it('is loaded with its data files, keys, comments, tags and views', async () => {
    const sample = await load();
    const snapshot = sample.engine.snapshot();
    const visits = await sample.engine.execute(
      'SELECT branch_id, day, visitors FROM town.library.visits ORDER BY day, branch_id',
    );
    await sample.engine.close();
    expect(visits.rows).toEqual([
      ['1', '2026-03-01', '40'],
      ['2', '2026-03-01', '25'],
      ['1', '2026-03-02', null],
    ]);
    expect(snapshot.tables.find((table) => table.name === 'town.library.members')).toMatchObject({
      kind: 'table',
      comment: 'People with a card',
      tags: { pii: 'yes', domain: 'people' },
      primaryKey: ['member_id'],
      foreignKeys: [
        {
          columns: ['home_branch'],
          referencedTable: 'town.library.branches',
          referencedColumns: ['branch_id'],
        },
      ],
      definition: null,
    });
    expect(snapshot.tables.find((table) => table.name === 'town.library.loan_metrics')).toMatchObject({
      kind: 'metric_view',
      comment: 'Loans, counted',
      definition: expect.stringContaining('measures:') as string,
    });
    expect(snapshot.functions.find((fn) => fn.name === 'town.library.busiest_members')).toMatchObject({
      parameters: [
        { name: 'top_n', type: 'INT', defaultValue: null, comment: 'How many members' },
        { name: 'since', type: 'DATE' },
      ],
      returns: [
        { name: 'member_name', type: 'STRING' },
        { name: 'loans', type: 'BIGINT' },
      ],
    });
  });

  it('loads a space in the wrapper of the API and version 1', async () => {
    const inner = { version: 1, data_sources: { tables: [{ identifier: 'town.library.books' }] } };
    await writeFile(
      join(folder, 'space.geniespace.json'),
      JSON.stringify({
        space_id: 'a'.repeat(32),
        title: 'Wrapped',
        warehouse_id: 'w',
        serialized_space: JSON.stringify(inner),
      }),
    );
    const sample = await load();
    await sample.engine.close();
    expect(sample.spaces).toMatchObject([
      { spaceId: 'a'.repeat(32), title: 'Wrapped', warehouseId: 'w', space: { version: 2 } },
    ]);
  });

  it('changes its hash with its files', async () => {
    const before = await load();
    await edit('catalog.sql', 'In euro', 'In dollars');
    const after = await load();
    await before.engine.close();
    await after.engine.close();
    expect(after.contentHash).not.toBe(before.contentHash);
  });

  it.each([
    [
      'sample.yaml',
      'domain: library',
      'domian: library',
      /sample\.yaml:5: unknown key 'domian'\. Did you mean 'domain'\?/,
    ],
    ['sample.yaml', 'domain: library\n', '', /sample\.yaml: 'domain' is missing or wrong/],
    ['sample.yaml', 'today: 2026-03-15', 'today: yesterday', /sample\.yaml:6: 'today' is missing or wrong/],
    ['sample.yaml', 'title: Town library', 'title: [Town', /sample\.yaml:\d+: the YAML does not parse/],
    [
      'sample.yaml',
      '  gold_schema: library',
      '  silver_schema: library',
      /sample\.yaml:7: 'variables\.gold_schema' is missing or wrong/,
    ],
    [
      'sample.yaml',
      'variables:',
      'spaces: [spcae.geniespace.json]\nvariables:',
      /Did you mean space\.geniespace\.json\?/,
    ],
    [
      'sample.yaml',
      'variables:',
      'space: other.geniespace.json\nvariables:',
      /'space' names other\.geniespace\.json, which is not loaded/,
    ],
    [
      'catalog.sql',
      'branch_name STRING',
      'branch_name STRNIG',
      /catalog\.sql:7: .*The type STRNIG.*embedded engine[\s\S]*CREATE TABLE branches/,
    ],
    [
      'catalog.sql',
      'FROM loans l JOIN books',
      'FORM loans l JOIN books',
      /catalog\.sql:66: \[PARSE_SYNTAX_ERROR\]/,
    ],
    [
      'catalog.sql',
      'REFERENCES branches (branch_id)',
      'REFERENCES branchs (branch_id)',
      /catalog\.sql:14: \[TABLE_OR_VIEW_NOT_FOUND\] The table or view `branchs`/,
    ],
    [
      'catalog.sql',
      'USE SCHEMA ${gold_schema}',
      'USE SCHEMA ${silver_schema}',
      /catalog\.sql:5: .*silver_schema.*gold_schema/,
    ],
    [
      'space.geniespace.json',
      '"version": 2',
      '"version": 3',
      /space\.geniespace\.json: the space cannot be read: .*version/,
    ],
    ['space.geniespace.json', '{', '{{', /space\.geniespace\.json: the space cannot be read/],
  ])('says where %s is wrong (%s → %s)', async (file, from, to, message) => {
    await edit(file, from, to);
    await expect(load()).rejects.toMatchObject({
      name: 'SampleError',
      code: 'SAMPLE',
      message: expect.stringMatching(message) as string,
    });
  });

  it.each(['sample.yaml', 'catalog.sql', 'golden-queries.yaml', 'space.geniespace.json'])(
    'needs %s',
    async (file) => {
      await rm(join(folder, file));
      await expect(load()).rejects.toMatchObject({ code: 'SAMPLE' });
    },
  );

  it('wants to know which of two spaces the questions belong to', async () => {
    await cp(join(folder, 'space.geniespace.json'), join(folder, 'second.geniespace.json'));
    await expect(load()).rejects.toThrow(/there are 2 spaces; say with 'space' which one/);
    await edit('sample.yaml', 'variables:', 'space: second.geniespace.json\nvariables:');
    const sample = await load();
    await sample.engine.close();
    expect(sample.spaces.find((space) => space.spaceId === sample.spaceId)?.title).toBe(
      'Town library (second)',
    );
  });

  it.each([
    ['visits.csv', 'day\n1', /the name must be 'catalog\.schema\.table\.csv'/],
    [
      'town.library.visitz.csv',
      'day\n1',
      /creates no table town\.library\.visitz\. Did you mean town\.library\.visits\?/,
    ],
    ['town.library.branches.csv', 'branch_id,floor\n1,2', /the rows do not fit the table/],
  ])('refuses the data file %s', async (name, text, message) => {
    await writeFile(join(folder, 'data', name), text);
    await expect(load()).rejects.toMatchObject({
      code: 'SAMPLE',
      message: expect.stringMatching(message) as string,
    });
  });
});

describe('the sample of the guide', () => {
  it('is loaded as it stands there, and its view and function answer', async () => {
    const guide = await readFile(new URL('../../docs/guides/your-own-sample.md', import.meta.url), 'utf8');
    const block = (language: string) =>
      new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(guide)?.[1] ?? '';
    const own = await mkdtemp(join(tmpdir(), 'guide-'));
    await writeFile(join(own, 'sample.yaml'), block('yaml'));
    await writeFile(join(own, 'catalog.sql'), block('sql'));
    await writeFile(join(own, 'library.geniespace.json'), '{"version":2,"data_sources":{"tables":[]}}');
    await writeFile(join(own, 'golden-queries.yaml'), 'lending: []\n');
    const { engine } = await loadSample(own, null);
    const loans = await engine.execute(
      'SELECT title, MEASURE(loan_count) AS loans FROM main.library.lending_kpi GROUP BY title ORDER BY title',
    );
    const overdue = await engine.execute('SELECT COUNT(*) AS n FROM main.library.overdue(30)');
    await engine.close();
    await rm(own, { recursive: true });
    expect(loans.rows).toEqual([
      ['Emma', '250'],
      ['Ulysses', '250'],
    ]);
    expect(Number(overdue.rows[0]?.[0])).toBeGreaterThan(0);
  });
});

describe('names of samples', () => {
  it('finds the shipped ones and folders, and helps with a slip', async () => {
    for (const name of SHIPPED_SAMPLES)
      expect(await sampleFolder(name)).toMatch(new RegExp(`samples/${name}$`));
    expect(await sampleFolder(folder)).toBe(folder);
    await expect(sampleFolder('tcph')).rejects.toThrow(/Did you mean the sample 'tpch'\?/);
    await expect(sampleFolder('./no/such/folder')).rejects.toMatchObject({ code: 'SAMPLE' });
  });

  it('publishes the schema of sample.yaml', () => {
    expect(sampleJsonSchema()).toMatchObject({
      type: 'object',
      additionalProperties: false,
      required: ['name', 'title', 'warehouse', 'domain', 'variables'],
    });
  });
});
