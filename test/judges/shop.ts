import { benchmarkSchema, type Benchmark } from '../../src/benchmarks/index.ts';
import { detectAsset, type JudgeInput, type ResultComparison } from '../../src/judges/index.ts';
import type { CatalogSnapshot, CatalogTable } from '../../src/ports/index.ts';
import type { Space } from '../../src/spaces/index.ts';
import { analyzeSql } from '../../src/sql/index.ts';

const table = (
  name: string,
  kind: CatalogTable['kind'],
  primaryKey: string[],
  columns: string,
): CatalogTable => ({
  name: `main.shop.${name}`,
  kind,
  comment: null,
  tags: {},
  primaryKey,
  foreignKeys: [],
  definition: null,
  columns: columns.split(', ').map((column) => {
    const [columnName = '', type = ''] = column.split(' ');
    return { name: columnName, type, comment: null, tags: {} };
  }),
});

/** An invented shop: orders and their items, customers, products, stores; returns look like items. */
export const SHOP_CATALOG: CatalogSnapshot = {
  tables: [
    table(
      'orders',
      'table',
      ['order_id'],
      'order_id BIGINT, customer_id BIGINT, recipient_id BIGINT, store_id BIGINT, order_date DATE, ship_date DATE, status STRING, channel STRING, total DECIMAL(12,2), tax DECIMAL(12,2), created_at TIMESTAMP, is_gift BOOLEAN, priority INT',
    ),
    table(
      'items',
      'table',
      ['order_id', 'line'],
      'order_id BIGINT, line INT, product_id BIGINT, quantity INT, price DECIMAL(12,2), discount DECIMAL(4,2), sold_on DATE',
    ),
    table(
      'returns',
      'table',
      ['order_id', 'line'],
      'order_id BIGINT, line INT, product_id BIGINT, quantity INT, price DECIMAL(12,2), discount DECIMAL(4,2), sold_on DATE',
    ),
    table(
      'customers',
      'table',
      ['customer_id'],
      'customer_id BIGINT, name STRING, segment STRING, city STRING, country STRING, joined_on DATE',
    ),
    table(
      'products',
      'table',
      ['product_id'],
      'product_id BIGINT, title STRING, brand STRING, category STRING, list_price DECIMAL(12,2)',
    ),
    table(
      'stores',
      'table',
      ['store_id'],
      'store_id BIGINT, store_name STRING, region STRING, country STRING',
    ),
    table(
      'mv_sales',
      'metric_view',
      [],
      'month DATE, region STRING, channel STRING, revenue DECIMAL(38,2), order_count BIGINT',
    ),
  ],
  functions: [
    {
      name: 'main.shop.get_top_customers',
      comment: null,
      parameters: [
        { name: 'start_date', type: 'STRING', defaultValue: null, comment: null },
        { name: 'end_date', type: 'STRING', defaultValue: null, comment: null },
        { name: 'top_n', type: 'INT', defaultValue: '10', comment: null },
      ],
      returns: [
        { name: 'name', type: 'STRING' },
        { name: 'revenue', type: 'DECIMAL(38,2)' },
      ],
      body: null,
    },
    {
      name: 'main.shop.get_new_customers',
      comment: null,
      parameters: [{ name: 'since', type: 'STRING', defaultValue: null, comment: null }],
      returns: [],
      body: null,
    },
  ],
};

export const SHOP_SPACE: Space = {
  version: 2,
  data_sources: {
    tables: ['customers', 'items', 'orders', 'products', 'returns', 'stores'].map((name) => ({
      identifier: `main.shop.${name}`,
    })),
    metric_views: [{ identifier: 'main.shop.mv_sales' }],
  },
  instructions: {
    sql_functions: [
      { id: '1'.repeat(32), identifier: 'main.shop.get_new_customers' },
      { id: '2'.repeat(32), identifier: 'main.shop.get_top_customers' },
    ],
  },
};

const TABLES = SHOP_CATALOG.tables.map(({ name, columns }) => ({
  name,
  columns: columns.map((column) => column.name),
}));

export const MISMATCH: ResultComparison = {
  match: false,
  matchType: 'mismatch',
  expectedRows: 3,
  actualRows: 3,
  expectedHash: 'a'.repeat(32),
  actualHash: 'b'.repeat(32),
  diff: { missingColumns: [], extraColumns: [], rowDelta: 0, firstDifference: null },
  truncated: false,
  exclusion: null,
  error: null,
  orderMatch: null,
};

export const MATCH: ResultComparison = { ...MISMATCH, match: true, matchType: 'exact', diff: null };

export interface PairOptions {
  readonly question?: string;
  readonly benchmark?: Partial<Benchmark>;
  readonly comparison?: ResultComparison;
  readonly input?: Partial<JudgeInput>;
}

/** `shop.` in the statements stands for `main.shop.` */
export async function judgeInput(
  expected: string,
  generated: string | null,
  options: PairOptions = {},
): Promise<JudgeInput> {
  const full = (sql: string) => sql.replaceAll(/(?<![\w.])shop\./g, 'main.shop.');
  const expectedFacts = await analyzeSql(full(expected), { tables: TABLES });
  const generatedFacts = generated === null ? null : await analyzeSql(full(generated), { tables: TABLES });
  const expectedAsset = detectAsset(expectedFacts, SHOP_SPACE, SHOP_CATALOG);
  return {
    benchmark: benchmarkSchema.parse({
      id: 'q1',
      question: options.question ?? 'What is it?',
      expected_sql: expected,
      ...options.benchmark,
    }),
    expectedSql: full(expected),
    generatedSql: generated === null ? null : full(generated),
    answerText: null,
    expectedFacts,
    generatedFacts,
    explain: generated === null ? null : { ok: true, errorClass: null, message: null },
    comparison: options.comparison ?? MISMATCH,
    expectedAsset: expectedAsset === 'NONE' ? 'TABLE' : expectedAsset,
    actualAsset: detectAsset(generatedFacts, SHOP_SPACE, SHOP_CATALOG),
    space: SHOP_SPACE,
    catalog: SHOP_CATALOG,
    ...options.input,
  };
}
