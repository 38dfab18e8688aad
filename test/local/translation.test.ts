import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabricksSqlError, loadSample, sampleFolder } from '../../src/local/index.ts';
import type { LoadedSample } from '../../src/local/index.ts';
import { CORPUS } from './corpus.ts';
import { FORMS_CORPUS } from './corpus-forms.ts';
import { LIMITS } from './corpus-limits.ts';

const FIXTURE = new URL('../fixtures/local-sample', import.meta.url).pathname;
let sample: LoadedSample;

beforeAll(async () => {
  sample = await loadSample(await sampleFolder(FIXTURE), null);
});
afterAll(() => sample.engine.close());

const IN_LIBRARY = { catalog: 'town', schema: 'library' };
const failure = (sql: string) =>
  sample.engine.execute(sql, IN_LIBRARY).then(
    (result) => result,
    (error: unknown) => error,
  );

describe('Databricks SQL on the embedded engine', () => {
  it.each([...CORPUS, ...FORMS_CORPUS])('answers right: $about', async ({ sql, rows }) => {
    const result = await sample.engine.execute(sql, IN_LIBRARY);
    expect(result.rows).toEqual(rows);
  });

  it.each([
    ['TABLE_OR_VIEW_NOT_FOUND', '42P01', 'SELECT * FROM town.library.memberz'],
    ['TABLE_OR_VIEW_NOT_FOUND', '42P01', 'SELECT * FROM nowhere.library.members'],
    ['UNRESOLVED_COLUMN.WITH_SUGGESTION', '42703', 'SELECT full_nme FROM members'],
    ['UNRESOLVED_COLUMN.WITH_SUGGESTION', '42703', 'SELECT m.full_nme FROM members m'],
    ['UNRESOLVED_COLUMN.WITH_SUGGESTION', '42703', 'SELECT MEASURE(loan_cnt) FROM loan_metrics'],
    ['UNRESOLVED_COLUMN.WITH_SUGGESTION', '42703', 'SELECT member_id AS m FROM loans WHERE m = 1'],
    ['PARSE_SYNTAX_ERROR', '42601', 'SELECT full_name FORM members WHERE'],
    ['PARSE_SYNTAX_ERROR', '42601', 'SELECT full_name, FROM members'],
    ['PARSE_SYNTAX_ERROR', '42601', 'SELECT 1; SELECT 2'],
    ['PARSE_SYNTAX_ERROR', '42601', ''],
    ['TABLE_OR_VIEW_NOT_FOUND', '42P01', 'DESCRIBE TABLE memberz'],
    ['TABLE_OR_VIEW_NOT_FOUND', '42P01', 'TABLE memberz'],
    ['SCHEMA_NOT_FOUND', '42704', 'SHOW TABLES IN nowhere'],
    ['NO_SUCH_CATALOG_EXCEPTION', '42704', 'SHOW SCHEMAS IN nowhere'],
    ['UNRESOLVED_ROUTINE', '42883', 'DESCRIBE FUNCTION nothing'],
    ['PARSE_SYNTAX_ERROR', '42601', 'SHOW TABLES IN library WHERE true'],
    ['UNRESOLVABLE_TABLE_VALUED_FUNCTION', '42883', 'SELECT * FROM town.library.busy(1)'],
    ['REQUIRED_PARAMETER_NOT_FOUND', '4274K', 'SELECT * FROM busiest_members()'],
    ['UNRECOGNIZED_PARAMETER_NAME', '4274K', 'SELECT * FROM busiest_members(n => 1)'],
    ['WRONG_NUM_ARGS.WITHOUT_SUGGESTION', '42605', 'SELECT * FROM busiest_members(1, current_date(), 3)'],
    ['UNRESOLVED_ROUTINE', '42883', 'SELECT frobnicate(1)'],
    ['UNRESOLVED_ROUTINE', '42883', "SELECT strftime(current_date(), '%Y')"],
    ['MISSING_AGGREGATION', '42803', 'SELECT status, COUNT(*) FROM members'],
    [
      'AMBIGUOUS_REFERENCE',
      '42704',
      'SELECT member_id FROM members m JOIN loans l ON m.member_id = l.member_id',
    ],
    ['INVALID_WHERE_CONDITION', '42903', 'SELECT 1 FROM loans WHERE COUNT(*) > 1'],
    ['DIVIDE_BY_ZERO', '22012', 'SELECT loan_id / (loan_id - loan_id) FROM loans'],
    ['CAST_INVALID_INPUT', '22018', 'SELECT CAST(full_name AS INT) FROM members'],
    ['UNBOUND_SQL_PARAMETER', '42P02', 'SELECT :nobody'],
    ['SCALAR_SUBQUERY_TOO_MANY_ROWS', '21000', 'SELECT (SELECT member_id FROM members)'],
    ['METRIC_VIEW_MISSING_MEASURE_FUNCTION', '42K0G', 'SELECT loan_count FROM loan_metrics'],
    ['METRIC_VIEW_UNSUPPORTED_USAGE', '42K0F', 'SELECT * FROM loan_metrics'],
    [
      'METRIC_VIEW_JOIN_NOT_SUPPORTED',
      '42K0I',
      'SELECT MEASURE(loan_count) FROM loan_metrics JOIN books ON true',
    ],
    ['NUM_COLUMNS_MISMATCH', '42826', 'SELECT 1 UNION ALL SELECT 1, 2'],
  ])('fails with %s (%s): %s', async (errorClass, sqlState, sql) => {
    const error = await failure(sql);
    expect(error).toBeInstanceOf(DatabricksSqlError);
    expect(error).toMatchObject({ errorClass, sqlState });
    expect((error as Error).message.startsWith(`[${errorClass}]`)).toBe(true);
  });

  it('suggests the columns most like the one that is missing', async () => {
    const error = await failure('SELECT m.full_nme FROM members m JOIN loans l USING (member_id)');
    expect((error as Error).message).toContain('Did you mean one of the following? [`m`.`full_name`');
  });

  it('says the place of a syntax error as Databricks counts it', async () => {
    const error = await failure('SELECT full_name\nFROM members WHERE WHERE');
    expect((error as Error).message).toMatch(/at or near 'WHERE'\. SQLSTATE: 42601 \(line 2, pos 19\)/);
  });

  it.each(LIMITS)('calls %s a limit of the embedded engine', async (_what, sql) => {
    const error = await failure(sql);
    expect(error).toMatchObject({ errorClass: 'UNSUPPORTED_FEATURE.EMBEDDED_ENGINE', sqlState: '0A000' });
    expect((error as Error).message).toContain('limit of the embedded engine');
  });

  it('binds parameters by name and type', async () => {
    const { rows } = await sample.engine.execute(
      "SELECT :who, :n + 1, :day > DATE '2026-01-01', :nothing IS NULL",
      {
        parameters: [
          { name: 'who', value: "O'Hara" },
          { name: 'n', value: '41', type: 'INT' },
          { name: 'day', value: '2026-02-01', type: 'DATE' },
          { name: 'nothing', value: null },
        ],
      },
    );
    expect(rows).toEqual([["O'Hara", '42', 'true', 'true']]);
  });

  it('names columns without alias as Databricks does', async () => {
    const { columns } = await sample.engine.execute(
      'SELECT COUNT(*), sum(yearly_fee), max(year(joined)), 1 + 1 FROM members',
      IN_LIBRARY,
    );
    expect(columns.map((column) => column.name)).toEqual([
      'count(1)',
      'sum(yearly_fee)',
      'max(year(joined))',
      '(1 + 1)',
    ]);
  });

  it('keeps duplicate column names and cuts rows at the limit', async () => {
    const { columns, rows, truncated } = await sample.engine.execute('SELECT 1 AS a, 2 AS a FROM range(5)', {
      rowLimit: 2,
    });
    expect(columns.map((column) => column.name)).toEqual(['a', 'a']);
    expect([rows, truncated]).toEqual([
      [
        ['1', '2'],
        ['1', '2'],
      ],
      true,
    ]);
  });

  it('explains a good query, reports a wrong one as the text of the plan, and fails on bad syntax', async () => {
    const good = await sample.engine.execute('EXPLAIN SELECT * FROM members', IN_LIBRARY);
    expect(good.columns.map((column) => column.name)).toEqual(['plan']);
    expect(good.rows[0]?.[0]).toMatch(/^== Physical Plan ==/);
    const wrong = await sample.engine.execute('EXPLAIN SELECT nothing FROM members', IN_LIBRARY);
    expect(wrong.rows[0]?.[0]).toMatch(/^Error occurred during query planning: \n\[UNRESOLVED_COLUMN/);
    await expect(sample.engine.execute('EXPLAIN SELEC 1')).rejects.toMatchObject({
      errorClass: 'PARSE_SYNTAX_ERROR',
    });
  });

  it('cannot be used to read files', async () => {
    await sample.engine.lock();
    const error = await failure("SELECT * FROM read_csv('/etc/hostname')");
    expect(error).toMatchObject({ errorClass: 'UNRESOLVABLE_TABLE_VALUED_FUNCTION' });
  });
});
