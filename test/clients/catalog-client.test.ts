import { http as route, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { CatalogClient, SqlStatementError } from '../../src/clients/index.ts';
import type { SqlPort } from '../../src/ports/index.ts';
import { informationSchema, type InformationSchema, SALES } from './support/fake-information-schema.ts';
import { HOST, makeHttp, rejection, useServer } from './support/server.ts';

const server = useServer();

const failed = (errorClass: string) =>
  new SqlStatementError(`[${errorClass}] no`, {
    statementId: null,
    errorClass,
    sqlState: null,
    errorCode: null,
  });

/** Rows from an information schema; views listed in `failing` fail with that class. */
function fakeSql(
  content: InformationSchema = SALES,
  failing: Readonly<Record<string, string>> = {},
): { sql: SqlPort; queries: string[] } {
  const schema = informationSchema(content);
  const sql: SqlPort = {
    execute: (statement) => {
      const view = /information_schema\.(\w+)/.exec(statement)?.[1] ?? '';
      const errorClass = failing[view];
      if (errorClass !== undefined) return Promise.reject(failed(errorClass));
      const result = schema.answer(statement) ?? { columns: [], rows: [] };
      const columns = result.columns.map(([name, typeName, typeText]) => ({ name, typeName, typeText }));
      return Promise.resolve({ statementId: 's', columns, rows: result.rows, truncated: false });
    },
    resultOf: () => Promise.reject(failed('UNUSED')),
  };
  return { sql, queries: schema.queries };
}

const ALL = {
  tables: ['main.sales.orders', 'main.sales.customers', 'main.sales.sales_metrics'],
  functions: ['main.sales.top_customers'],
};

describe('CatalogClient', () => {
  it('puts tables, columns, tags and keys together', async () => {
    const { tables } = await new CatalogClient({ sql: fakeSql().sql }).snapshot(ALL);
    expect(tables[0]).toEqual({
      name: 'main.sales.orders',
      kind: 'table',
      comment: 'One row per order',
      tags: { genie_role: 'monitoring' },
      columns: [
        { name: 'id', type: 'BIGINT', comment: null, tags: {} },
        { name: 'customer_id', type: 'BIGINT', comment: 'Who bought', tags: {} },
        { name: 'total', type: 'DECIMAL(12,2)', comment: null, tags: { unit: 'EUR' } },
      ],
      primaryKey: ['id'],
      foreignKeys: [
        { columns: ['customer_id'], referencedTable: 'main.sales.customers', referencedColumns: ['id'] },
      ],
      definition: null,
    });
    expect(tables.map(({ name, kind, comment }) => [name, kind, comment])).toEqual([
      ['main.sales.orders', 'table', 'One row per order'],
      ['main.sales.customers', 'table', null],
      ['main.sales.sales_metrics', 'metric_view', null],
    ]);
  });

  it('finds the key behind a foreign key in a table that was not asked for', async () => {
    const { tables } = await new CatalogClient({ sql: fakeSql().sql }).snapshot({
      tables: ['main.sales.orders'],
      functions: [],
    });
    expect(tables[0]?.foreignKeys).toEqual([
      { columns: ['customer_id'], referencedTable: 'main.sales.customers', referencedColumns: ['id'] },
    ]);
  });

  it.each([
    [{ is_deterministic: 'NO', sql_data_access: 'READS_SQL_DATA' }, 'NOT DETERMINISTIC\nREADS SQL DATA'],
    [{ is_deterministic: 'YES', sql_data_access: 'CONTAINS SQL' }, 'DETERMINISTIC\nCONTAINS SQL'],
  ])('rebuilds the statement of a function with its clauses: %j', async (facts, clauses) => {
    const routines = (SALES['routines'] ?? []).map((row) => ({ ...row, routine_body: 'SQL', ...facts }));
    const { sql } = fakeSql({ ...SALES, routines });
    const { functions } = await new CatalogClient({ sql }).snapshot(ALL);
    expect(functions[0]?.definition).toBe(
      "CREATE OR REPLACE FUNCTION `main`.`sales`.`top_customers`(`since` DATE, `n` INT DEFAULT 10 COMMENT 'How many')\n" +
        `RETURNS TABLE (\`id\` BIGINT COMMENT 'Who bought')\nLANGUAGE SQL\n${clauses} COMMENT 'Best customers'\nRETURN SELECT id FROM customers LIMIT n`,
    );
  });

  it('reads functions with parameters, columns and body', async () => {
    const { functions } = await new CatalogClient({ sql: fakeSql().sql }).snapshot(ALL);
    expect(functions).toEqual([
      {
        name: 'main.sales.top_customers',
        comment: 'Best customers',
        parameters: [
          { name: 'since', type: 'DATE', defaultValue: null, comment: null },
          { name: 'n', type: 'INT', defaultValue: '10', comment: 'How many' },
        ],
        returns: [{ name: 'id', type: 'BIGINT', comment: 'Who bought' }],
        body: 'SELECT id FROM customers LIMIT n',
      },
    ]);
  });

  it('reads the columns of a function where the catalog shows no comments of them', async () => {
    const { sql, queries } = fakeSql();
    const withoutComments: SqlPort = {
      ...sql,
      execute: (statement) =>
        /comment FROM `main`\.information_schema\.routine_columns/.test(statement)
          ? Promise.reject(failed('UNRESOLVED_COLUMN.WITH_SUGGESTION'))
          : sql.execute(statement),
    };
    const { functions } = await new CatalogClient({ sql: withoutComments }).snapshot(ALL);
    expect(functions[0]?.returns).toEqual([{ name: 'id', type: 'BIGINT' }]);
    expect(queries.filter((query) => query.includes('routine_columns'))).toHaveLength(1);
  });

  it('reads the definition of a view by REST', async () => {
    server.use(
      route.get(`${HOST}/api/2.1/unity-catalog/tables/main.sales.sales_metrics`, () =>
        HttpResponse.json({ view_definition: 'version: "1.1"\nsource: x' }),
      ),
    );
    const { tables } = await new CatalogClient({ sql: fakeSql().sql, http: makeHttp().http }).snapshot({
      tables: ['main.sales.sales_metrics'],
      functions: [],
    });
    expect(tables[0]?.definition).toBe('version: "1.1"\nsource: x');
  });

  it.each([404, 403, 501])('falls back to the information schema when REST answers %d', async (status) => {
    server.use(
      route.get(`${HOST}/api/2.1/unity-catalog/tables/main.sales.sales_metrics`, () =>
        HttpResponse.json({ message: 'no' }, { status }),
      ),
    );
    const { tables } = await new CatalogClient({ sql: fakeSql().sql, http: makeHttp().http }).snapshot({
      tables: ['main.sales.sales_metrics'],
      functions: [],
    });
    expect(tables[0]?.definition).toBe('version: "1.1"');
  });

  it('does without views of the information schema that a catalog lacks', async () => {
    const missing = Object.fromEntries(
      ['table_constraints', 'key_column_usage', 'table_tags', 'column_tags'].map((view) => [
        view,
        'TABLE_OR_VIEW_NOT_FOUND',
      ]),
    );
    const { tables } = await new CatalogClient({ sql: fakeSql(SALES, missing).sql }).snapshot({
      tables: ['main.sales.orders'],
      functions: [],
    });
    expect(tables[0]).toMatchObject({ primaryKey: [], foreignKeys: [], tags: {} });
    expect(tables[0]?.columns).toHaveLength(3);
  });

  it('does not take a failing warehouse for an empty catalog', async () => {
    const error = await rejection(
      new CatalogClient({ sql: fakeSql(SALES, { columns: 'INTERNAL_ERROR' }).sql }).snapshot(ALL),
    );
    expect(error).toBeInstanceOf(SqlStatementError);
  });

  it('lists columns one by one and orders by the natural key, so that equal catalogs give equal snapshots', async () => {
    const { sql, queries } = fakeSql();
    await new CatalogClient({ sql }).snapshot(ALL);
    expect(queries.length).toBeGreaterThan(8);
    for (const query of queries)
      expect(query).toMatch(/^SELECT (?!.*\*).* FROM `main`\.information_schema\.\w+ WHERE .* ORDER BY /);
  });

  it('quotes what it is asked for', async () => {
    const statements: string[] = [];
    const sql: SqlPort = {
      execute: (statement) => {
        statements.push(statement);
        return Promise.resolve({ statementId: null, columns: [], rows: [], truncated: false });
      },
      resultOf: () => Promise.reject(failed('UNUSED')),
    };
    await new CatalogClient({ sql }).snapshot({ tables: ["`odd``cat`.`s'; DROP`.`t\\`"], functions: [] });
    expect(statements[0]).toContain(
      "FROM `odd``cat`.information_schema.tables WHERE (lower(table_schema) = 's\\'; drop' AND lower(table_name) IN ('t\\\\'))",
    );
  });
});
