import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalWorkspace } from '../../src/local/index.ts';
import { rowsOf, workspaceWithApi } from './http.ts';
import type { Api } from './http.ts';

let workspace: LocalWorkspace;
let api: Api;

beforeAll(async () => {
  ({ workspace, api } = await workspaceWithApi());
});
afterAll(() => workspace.close());

const rows = (sql: string) => rowsOf(api, workspace, sql);
const state = async (sql: string) =>
  (
    (
      await api('POST', '/api/2.0/sql/statements', {
        statement: sql,
        warehouse_id: workspace.warehouseId,
        catalog: 'town',
        schema: 'library',
      })
    ).body as unknown as { status: { state: string; error?: { message: string } } }
  ).status;

describe('information_schema', () => {
  it.each([
    [
      'schemata',
      'SELECT schema_name FROM town.information_schema.schemata ORDER BY 1',
      [['information_schema'], ['library']],
    ],
    [
      'tables',
      "SELECT table_name, table_type, comment FROM town.information_schema.tables WHERE table_schema = 'library' ORDER BY table_name",
      [
        ['books', 'MANAGED', null],
        ['branches', 'MANAGED', 'One row per building'],
        ['loan_metrics', 'METRIC_VIEW', 'Loans, counted'],
        ['loans', 'MANAGED', null],
        ['members', 'MANAGED', 'People with a card'],
        ['open_loans', 'VIEW', 'Loans that are not back'],
        ['visits', 'MANAGED', null],
      ],
    ],
    [
      'columns',
      "SELECT column_name, ordinal_position, full_data_type, data_type, is_nullable, comment FROM `town`.information_schema.columns WHERE table_name = 'members' ORDER BY ordinal_position LIMIT 5",
      [
        ['member_id', '0', 'bigint', 'LONG', 'NO', null],
        ['full_name', '1', 'string', 'STRING', 'YES', null],
        ['home_branch', '2', 'bigint', 'LONG', 'YES', null],
        ['joined', '3', 'date', 'DATE', 'YES', null],
        ['yearly_fee', '4', 'decimal(8,2)', 'DECIMAL', 'YES', 'In euro'],
      ],
    ],
    [
      'columns of a metric view',
      "SELECT column_name, full_data_type, comment FROM system.information_schema.columns WHERE table_name = 'loan_metrics' ORDER BY ordinal_position",
      [
        ['genre', 'string', 'Shelf the book stands on'],
        ['out_month', 'timestamp', null],
        ['branch name', 'string', null],
        ['is_nature', 'boolean', null],
        ['loan_count', 'bigint', 'Number of loans'],
        ['open_loans', 'bigint', null],
        ['open share', 'double', null],
        ['distinct_members', 'bigint', null],
      ],
    ],
    [
      'table_tags',
      'SELECT table_name, tag_name, tag_value FROM town.information_schema.table_tags ORDER BY tag_name',
      [
        ['members', 'domain', 'people'],
        ['members', 'pii', 'yes'],
      ],
    ],
    [
      'column_tags',
      'SELECT table_name, column_name, tag_name, tag_value FROM town.information_schema.column_tags',
      [['members', 'full_name', 'pii', 'name']],
    ],
    [
      'routines',
      'SELECT routine_name, data_type, full_data_type, comment FROM town.information_schema.routines ORDER BY 1',
      [
        ['busiest_members', 'TABLE', 'TABLE', 'PURPOSE: who borrows most'],
        ['loan_fine', 'DECIMAL', 'decimal(8,2)', 'Ten cents a day'],
      ],
    ],
    [
      'parameters',
      "SELECT parameter_name, ordinal_position, full_data_type, parameter_default, comment FROM town.information_schema.parameters WHERE specific_name = 'busiest_members' ORDER BY 2",
      [
        ['top_n', '0', 'int', null, 'How many members'],
        ['since', '1', 'date', "DATE '2025-01-01'", 'First day that counts'],
      ],
    ],
    [
      'routine_columns',
      'SELECT column_name, full_data_type, comment FROM town.information_schema.routine_columns ORDER BY ordinal_position',
      [
        ['member_name', 'string', 'Full name'],
        ['loans', 'bigint', 'Number of loans'],
      ],
    ],
    [
      'foreign keys through three tables',
      `SELECT k.table_name, k.column_name, u.table_name, u.column_name
       FROM town.information_schema.key_column_usage k
       JOIN town.information_schema.referential_constraints r USING (constraint_catalog, constraint_schema, constraint_name)
       JOIN town.information_schema.constraint_column_usage u
         ON u.constraint_name = r.constraint_name AND u.constraint_schema = r.constraint_schema
       ORDER BY 1, 2`,
      [
        ['loans', 'book_id', 'books', 'book_id'],
        ['loans', 'member_id', 'members', 'member_id'],
        ['members', 'home_branch', 'branches', 'branch_id'],
      ],
    ],
    [
      'table_constraints',
      "SELECT COUNT(*) FROM town.information_schema.table_constraints WHERE constraint_type = 'PRIMARY KEY'",
      [['4']],
    ],
    [
      'views',
      "SELECT table_name FROM town.information_schema.views WHERE view_definition LIKE '%LEFT JOIN%' OR view_definition LIKE '%MEASURE(%'",
      [['loan_metrics']],
    ],
  ])('serves %s', async (_table, sql, expected) => {
    expect(await rows(sql)).toEqual(expected);
  });

  it('shows only the catalog it is read from, and does not know others', async () => {
    expect(await state('CREATE CATALOG elsewhere')).toMatchObject({ state: 'SUCCEEDED' });
    expect(await rows('SELECT COUNT(*) FROM elsewhere.information_schema.tables')).toEqual([['0']]);
    expect((await state('SELECT 1 FROM nowhere.information_schema.tables')).error?.message).toContain(
      '[TABLE_OR_VIEW_NOT_FOUND]',
    );
    expect((await state('SELECT 1 FROM town.information_schema.nothing')).error?.message).toContain(
      '[TABLE_OR_VIEW_NOT_FOUND]',
    );
  });
});

describe('changes of the catalog', () => {
  const comment = () => rows("SELECT comment FROM town.information_schema.tables WHERE table_name = 'books'");

  it('comments a table and a column, and takes them back', async () => {
    await state("COMMENT ON TABLE town.library.books IS 'What can be borrowed; it\\'s \"all\"'");
    expect(await comment()).toEqual([['What can be borrowed; it\'s "all"']]);
    await state('COMMENT ON TABLE town.library.books IS NULL');
    expect(await comment()).toEqual([[null]]);
    await state("ALTER TABLE books ALTER COLUMN title COMMENT 'On the cover'");
    await state("COMMENT ON COLUMN town.library.books.price IS 'Euro'");
    expect(
      await rows(
        "SELECT column_name, comment FROM town.information_schema.columns WHERE table_name = 'books' AND column_name IN ('title', 'price') ORDER BY 1",
      ),
    ).toEqual([
      ['price', 'Euro'],
      ['title', 'On the cover'],
    ]);
  });

  it('sets and unsets tags in both spellings', async () => {
    await state("ALTER TABLE town.library.loans SET TAGS ('a' = '1', 'b' = '2')");
    await state("ALTER TABLE town.library.loans UNSET TAGS ('a')");
    await state('SET TAG ON COLUMN town.library.loans.due_on role = deadline');
    await state("ALTER VIEW open_loans SET TAGS ('seen' = 'yes')");
    expect(
      await rows(
        "SELECT table_name, tag_name, tag_value FROM town.information_schema.table_tags WHERE table_name <> 'members' ORDER BY 1",
      ),
    ).toEqual([
      ['loans', 'b', '2'],
      ['open_loans', 'seen', 'yes'],
    ]);
    expect(
      await rows(
        "SELECT tag_name, tag_value FROM town.information_schema.column_tags WHERE column_name = 'due_on'",
      ),
    ).toEqual([['role', 'deadline']]);
    await state('UNSET TAG ON COLUMN town.library.loans.due_on role');
    expect(
      await rows("SELECT COUNT(*) FROM town.information_schema.column_tags WHERE column_name = 'due_on'"),
    ).toEqual([['0']]);
  });

  it('replaces a function with its comment, and keeps the old one when the new one is wrong', async () => {
    const create = (body: string, text: string) =>
      state(
        `CREATE OR REPLACE FUNCTION town.library.loan_days(id BIGINT COMMENT 'Loan') RETURNS TABLE (days INT) COMMENT '${text}' RETURN ${body}`,
      );
    expect(
      await create('SELECT datediff(due_on, out_on) FROM town.library.loans WHERE loan_id = id', 'first'),
    ).toMatchObject({ state: 'SUCCEEDED' });
    expect(await rows('SELECT days FROM loan_days(3)')).toEqual([['28']]);
    const wrong = await create('SELECT nothing FROM town.library.loans', 'second');
    expect(wrong.error?.message).toContain('[UNRESOLVED_COLUMN.WITH_SUGGESTION]');
    expect(
      await rows("SELECT comment FROM town.information_schema.routines WHERE routine_name = 'loan_days'"),
    ).toEqual([['first']]);
    expect(await create('SELECT 7', 'third')).toMatchObject({ state: 'SUCCEEDED' });
    expect(await rows('SELECT days FROM loan_days(3)')).toEqual([['7']]);
  });

  it('replaces the YAML of a metric view and keeps its tags', async () => {
    await state("ALTER VIEW town.library.loan_metrics SET TAGS ('genie_role' = 'kpi')");
    const altered = await state(
      `ALTER VIEW town.library.loan_metrics AS $$\nversion: 1.1\nsource: town.library.loans\ncomment: All loans\ndimensions:\n  - name: member\n    expr: member_id\nmeasures:\n  - name: loan_count\n    expr: COUNT(*)\n    synonyms: ['borrowings']\n$$`,
    );
    expect(altered).toMatchObject({ state: 'SUCCEEDED' });
    expect(await rows('SELECT MEASURE(loan_count) FROM loan_metrics')).toEqual([['12']]);
    expect(
      await rows(
        "SELECT t.comment, g.tag_value FROM town.information_schema.tables t JOIN town.information_schema.table_tags g ON g.table_name = t.table_name WHERE t.table_name = 'loan_metrics'",
      ),
    ).toEqual([['All loans', 'kpi']]);
    const wrong = await state(
      'ALTER VIEW town.library.loan_metrics AS $$\nversion: 1.1\nsource: town.library.loans\nmeasures:\n  - name: m\n    expr: SUM(nothing)\n$$',
    );
    expect(wrong.error?.message).toContain('[UNRESOLVED_COLUMN');
    const invalid = await state('ALTER VIEW town.library.loan_metrics AS $$\nsource: [\n$$');
    expect(invalid.error?.message).toContain('[METRIC_VIEW_INVALID_VIEW_DEFINITION]');
    expect(await rows('SELECT MEASURE(loan_count) FROM loan_metrics')).toEqual([['12']]);
  });

  it('creates a table from a query, inserts, truncates and drops it', async () => {
    await state('CREATE TABLE town.library.copies AS SELECT book_id, title FROM books WHERE book_id < 3');
    expect(await rows("INSERT INTO copies (title, book_id) VALUES ('New', 9)")).toEqual([['1', '1']]);
    expect(await rows('SELECT * FROM copies ORDER BY 1')).toEqual([
      ['1', 'Tides'],
      ['2', 'Stone Walls'],
      ['9', 'New'],
    ]);
    await state('TRUNCATE TABLE copies');
    expect(await rows('SELECT COUNT(*) FROM copies')).toEqual([['0']]);
    await state('DROP TABLE copies');
    expect((await state('SELECT * FROM copies')).error?.message).toContain('[TABLE_OR_VIEW_NOT_FOUND]');
  });

  it.each([
    ['[TABLE_OR_VIEW_ALREADY_EXISTS]', 'CREATE TABLE town.library.books (a INT)'],
    ['[ROUTINE_ALREADY_EXISTS]', 'CREATE FUNCTION town.library.loan_fine(x INT) RETURNS INT RETURN x'],
    ['[SCHEMA_NOT_FOUND]', 'CREATE TABLE town.nothing.t (a INT)'],
    ['[NO_SUCH_CATALOG_EXCEPTION]', 'CREATE SCHEMA nothing.s'],
    ['[TABLE_OR_VIEW_NOT_FOUND]', "COMMENT ON TABLE town.library.nothing IS 'x'"],
    ['[UNRESOLVED_COLUMN.WITH_SUGGESTION]', "COMMENT ON COLUMN town.library.books.titel IS 'x'"],
    ['[PARSE_SYNTAX_ERROR]', 'COMMENT ON TABLE town.library.books'],
    ['[PARSE_SYNTAX_ERROR]', "ALTER TABLE town.library.books ALTER COLUMN title COMMENT 'x' 5"],
    ['[PARSE_SYNTAX_ERROR]', 'CREATE TABLE town.library.t (a)'],
    ['limit of the embedded engine', 'CREATE TABLE town.library.t (a GEOGRAPHY)'],
    ['[EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE]', 'INSERT INTO town.library.open_loans VALUES (1)'],
  ])('fails with %s: %s', async (message, sql) => {
    const status = await state(sql);
    expect(status.state).toBe('FAILED');
    expect(status.error?.message).toContain(message);
  });

  it.each(['GRANT SELECT ON TABLE books TO `users`', 'REVOKE SELECT ON TABLE books FROM `users`'])(
    'takes %s without effect, and says so',
    async (sql) => {
      expect(await rowsOf(api, workspace, sql)).toEqual([[expect.stringMatching(/^Ignored: /)]]);
    },
  );
});

describe('Unity Catalog over REST', () => {
  it('answers a table with columns, comments and keys', async () => {
    const { body } = await api('GET', '/api/2.1/unity-catalog/tables/town.library.members');
    expect(body).toMatchObject({
      full_name: 'town.library.members',
      table_type: 'MANAGED',
      comment: 'People with a card',
      table_constraints: [
        { primary_key_constraint: { child_columns: ['member_id'] } },
        {
          foreign_key_constraint: {
            name: 'members_branch_fk',
            child_columns: ['home_branch'],
            parent_table: 'town.library.branches',
            parent_columns: ['branch_id'],
          },
        },
      ],
    });
    expect((body as unknown as { columns: unknown[] }).columns[4]).toEqual({
      name: 'yearly_fee',
      position: 4,
      type_name: 'DECIMAL',
      type_text: 'decimal(8,2)',
      type_precision: 8,
      type_scale: 2,
      comment: 'In euro',
      nullable: true,
    });
  });

  it('answers a view with its text and a function with its parameters', async () => {
    const view = await api('GET', '/api/2.1/unity-catalog/tables/town.library.open_loans');
    expect(view.body).toMatchObject({
      table_type: 'VIEW',
      view_definition: expect.stringMatching(/^SELECT l\.loan_id/) as string,
      columns: [{ name: 'loan_id', comment: 'Number of the loan' }, {}, {}, {}],
    });
    const fn = await api('GET', '/api/2.1/unity-catalog/functions/town.library.busiest_members');
    expect(fn.body).toMatchObject({
      comment: 'PURPOSE: who borrows most',
      input_params: {
        parameters: [
          { name: 'top_n', type_text: 'int', comment: 'How many members' },
          { name: 'since', parameter_default: "DATE '2025-01-01'" },
        ],
      },
      return_params: { parameters: [{ name: 'member_name' }, { name: 'loans', type_name: 'LONG' }] },
    });
  });

  it('lists a schema and does not know other objects', async () => {
    const { body } = await api(
      'GET',
      '/api/2.1/unity-catalog/functions?catalog_name=town&schema_name=library',
    );
    expect((body as unknown as { functions: { name: string }[] }).functions.map((fn) => fn.name)).toContain(
      'loan_fine',
    );
    expect((await api('GET', '/api/2.1/unity-catalog/tables/town.library.nothing')).status).toBe(404);
    expect((await api('GET', '/api/2.1/unity-catalog/functions/town.library.nothing')).status).toBe(404);
    expect((await api('GET', '/api/2.1/unity-catalog/tables')).status).toBe(400);
  });
});
