import { describe, expect, it } from 'vitest';
import { isOptimizerError } from '../../src/core/index.ts';
import type { SqlPort } from '../../src/ports/index.ts';

/** Statements of the suite; an adapter without an engine answers exactly these. */
export const SQL_STATEMENTS = {
  types:
    "SELECT CAST(1 AS BIGINT) AS one, CAST(2.50 AS DECIMAL(12,2)) AS price, 'text' AS word, CAST(NULL AS STRING) AS nothing, DATE '2026-10-01' AS day, TRUE AS yes",
  five: 'SELECT id FROM range(5) ORDER BY id',
  none: 'SELECT id FROM range(5) WHERE id > 100',
  twins: 'SELECT 1 AS a, 2 AS a',
  parameter: 'SELECT :word AS word, :missing AS missing',
  unknownTable: 'SELECT * FROM no_catalog_here.no_schema.no_table',
  unknownColumn: 'SELECT no_such_column FROM range(1)',
  syntax: 'SELEC 1',
} as const;

export interface SqlSubject {
  readonly sql: SqlPort;
}

async function failureOf(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  return isOptimizerError(error) ? { code: error.code, ...error.details } : { code: null };
}

/** What every {@link SqlPort} does. */
export function describeSqlPort(name: string, subject: () => SqlSubject): void {
  describe(`${name} as SqlPort`, () => {
    it('gives cells as text or null, and Databricks type names', async () => {
      const result = await subject().sql.execute(SQL_STATEMENTS.types);
      expect(result.rows).toEqual([['1', '2.50', 'text', null, '2026-10-01', 'true']]);
      expect(result.columns.map(({ name: column, typeName }) => [column, typeName])).toEqual([
        ['one', 'BIGINT'],
        ['price', 'DECIMAL'],
        ['word', 'STRING'],
        ['nothing', 'STRING'],
        ['day', 'DATE'],
        ['yes', 'BOOLEAN'],
      ]);
      expect(result.columns[1]?.typeText).toBe('DECIMAL(12,2)');
      expect(result.truncated).toBe(false);
    });

    it('cuts at the row limit and says so', async () => {
      const { sql } = subject();
      expect(await sql.execute(SQL_STATEMENTS.five, { rowLimit: 2 })).toMatchObject({
        rows: [['0'], ['1']],
        truncated: true,
      });
      expect(await sql.execute(SQL_STATEMENTS.five, { rowLimit: 5 })).toMatchObject({
        rows: [['0'], ['1'], ['2'], ['3'], ['4']],
        truncated: false,
      });
    });

    it('gives columns even when there are no rows', async () => {
      const result = await subject().sql.execute(SQL_STATEMENTS.none);
      expect(result.rows).toEqual([]);
      expect(result.columns.map((column) => column.name)).toEqual(['id']);
    });

    it('keeps columns of the same name apart', async () => {
      const result = await subject().sql.execute(SQL_STATEMENTS.twins);
      expect(result.columns.map((column) => column.name)).toEqual(['a', 'a']);
      expect(result.rows).toEqual([['1', '2']]);
    });

    it('fills named parameters, NULL included, without reading them as SQL', async () => {
      const parameters = [
        { name: 'word', value: "it's -- not; SQL" },
        { name: 'missing', value: null },
      ];
      const result = await subject().sql.execute(SQL_STATEMENTS.parameter, { parameters });
      expect(result.rows).toEqual([["it's -- not; SQL", null]]);
    });

    it.each([
      ['an unknown table', SQL_STATEMENTS.unknownTable, 'TABLE_OR_VIEW_NOT_FOUND', '42P01'],
      ['an unknown column', SQL_STATEMENTS.unknownColumn, 'UNRESOLVED_COLUMN', '42703'],
      ['bad syntax', SQL_STATEMENTS.syntax, 'PARSE_SYNTAX_ERROR', '42601'],
    ])('names class and state of the error for %s', async (_what, statement, errorClass, sqlState) => {
      const failure = await failureOf(subject().sql.execute(statement));
      // Whether a suggestion follows depends on the names at hand.
      expect(failure).toMatchObject({ code: 'SQL_STATEMENT_FAILED', sqlState });
      expect(failure['errorClass']).toMatch(new RegExp(`^${errorClass}(?:\\.|$)`));
    });

    it('reports a bad query under EXPLAIN as a failure', async () => {
      const failure = await failureOf(subject().sql.execute(`EXPLAIN ${SQL_STATEMENTS.unknownTable}`));
      expect(failure).toMatchObject({ code: 'SQL_STATEMENT_FAILED', errorClass: 'TABLE_OR_VIEW_NOT_FOUND' });
    });

    it('gives the rows of an earlier statement without running it again', async () => {
      const { sql } = subject();
      const first = await sql.execute(SQL_STATEMENTS.five);
      expect(await sql.resultOf(first.statementId ?? '')).toEqual(first);
    });

    it('says so when the rows of a statement are not kept', async () => {
      const failure = await failureOf(subject().sql.resultOf('01f00000-0000-0000-0000-000000000000'));
      expect(failure).toMatchObject({ code: 'SQL_RESULT_EXPIRED' });
    });

    it('stops when the signal has fired', async () => {
      const failure = await failureOf(
        subject().sql.execute(SQL_STATEMENTS.five, { signal: AbortSignal.abort() }),
      );
      expect(failure).toMatchObject({ code: 'ABORTED_BY_CALLER' });
    });
  });
}
