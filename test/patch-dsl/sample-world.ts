import type { CatalogSnapshot, CatalogTable } from '../../src/ports/index.ts';
import { makePatch, PATCH_DEFINITIONS } from '../../src/patch-dsl/index.ts';
import type { Patch, PatchOf, PatchPayload, PatchType, Snapshot } from '../../src/patch-dsl/index.ts';
import { parseSpace } from '../../src/spaces/index.ts';

const id = (n: number) => n.toString(16).padStart(32, '0');

const columns = (names: Record<string, string>): CatalogTable['columns'] =>
  Object.entries(names).map(([name, type]) => ({ name, type, comment: null, tags: {} }));

const table = (
  name: string,
  names: Record<string, string>,
  more: Partial<CatalogTable> = {},
): CatalogTable => ({
  name,
  kind: 'table',
  comment: null,
  tags: {},
  columns: columns(names),
  primaryKey: [],
  foreignKeys: [],
  definition: null,
  ...more,
});

export const METRIC_VIEW_YAML = `version: "1.1"
source: main.sales.orders   # one row per order
comment: Sales per day.

# what to group by
dimensions:
  - name: order_date
    expr: o_orderdate
    comment: Day of the order.
  # months are kept for the dashboard
  - name: order_month
    expr: "date_trunc('MONTH', o_orderdate)"

measures:
  - name: revenue     # the one everybody asks for
    expr: SUM(o_totalprice)
    synonyms:
      - sales
      - turnover
  - {name: flow_style, expr: COUNT(1)}
  - name: net_revenue
    expr: |
      SUM(o_totalprice * (1 - o_discount))
`;

export const CATALOG: CatalogSnapshot = {
  tables: [
    table(
      'main.sales.orders',
      {
        o_orderkey: 'BIGINT',
        o_custkey: 'BIGINT',
        o_nationkey: 'BIGINT',
        o_totalprice: 'DECIMAL(12,2)',
        o_orderstatus: 'STRING',
        o_orderdate: 'DATE',
        o_comment: 'STRING',
        o_clerk: 'STRING',
        o_priority: 'STRING',
      },
      { comment: 'Raw orders.' },
    ),
    table(
      'main.sales.customers',
      { c_custkey: 'BIGINT', c_name: 'STRING', c_phone: 'STRING' },
      { tags: { retention: '10y' } },
    ),
    table('main.sales.nations', { n_nationkey: 'BIGINT', n_name: 'STRING' }),
    table('main.sales.old_orders', { o_orderkey: 'BIGINT', o_custkey: 'BIGINT' }),
    table('main.sales.suppliers', { s_suppkey: 'BIGINT' }),
    table(
      'main.sales.order_facts',
      { o_orderkey: 'BIGINT' },
      { kind: 'view', definition: 'SELECT o_orderkey FROM main.sales.orders' },
    ),
    table(
      'main.sales.daily_sales',
      { order_date: 'DATE', order_month: 'DATE', revenue: 'DECIMAL(22,2)', net_revenue: 'DECIMAL(22,2)' },
      { kind: 'metric_view', definition: METRIC_VIEW_YAML },
    ),
  ],
  functions: [
    {
      name: 'main.sales.top_customers',
      comment: '- PURPOSE: Customers by value.\n- BEST FOR: Who bought most? | Best customers',
      parameters: [
        { name: 'min_total', type: 'DECIMAL(12,2)', defaultValue: '0', comment: 'Smallest value.' },
      ],
      returns: [
        { name: 'name', type: 'STRING' },
        { name: 'total', type: 'DECIMAL(12,2)', comment: "Customer's total" },
      ],
      body: 'SELECT name, total FROM main.sales.customer_totals WHERE total >= min_total ORDER BY total DESC LIMIT 10',
    },
    {
      name: 'main.sales.monthly_sales',
      comment: null,
      parameters: [],
      returns: [{ name: 'month', type: 'DATE' }],
      body: 'SELECT DATE (NULL)',
    },
  ],
};

/** Has a target for the example of every patch type, and unknown keys at every depth. */
export const SNAPSHOT: Snapshot = {
  catalog: CATALOG,
  space: parseSpace(
    JSON.stringify({
      version: 2,
      future: { deep: [1] },
      config: { sample_questions: [{ id: id(1), question: ['What were sales last month?'], shown: true }] },
      data_sources: {
        tables: [
          {
            identifier: 'main.sales.orders',
            description: ['Orders.'],
            extra_key: 'kept',
            column_configs: [
              { column_name: 'o_orderstatus', description: ['One letter.'], synonyms: ['state'], odd: 7 },
              { column_name: 'o_clerk', exclude: true },
              { column_name: 'o_priority', enable_format_assistance: true, enable_entity_matching: true },
            ],
          },
          { identifier: 'main.sales.customers' },
          { identifier: 'main.sales.nations' },
          { identifier: 'main.sales.old_orders', weight: 1 },
        ],
        metric_views: [{ identifier: 'main.sales.daily_sales' }],
      },
      instructions: {
        text_instructions: [
          {
            id: id(2),
            content: ['Amounts are in USD.\n', 'Always answer in rhymes.\n', 'Years are calendar years.'],
          },
        ],
        example_question_sqls: [
          {
            id: id(3),
            question: ['How many orders are open?'],
            sql: ['SELECT COUNT(*) FROM main.sales.orders'],
          },
        ],
        sql_functions: [{ id: id(4), identifier: 'main.sales.top_customers' }],
        join_specs: [
          {
            id: id(5),
            left: { identifier: 'main.sales.orders', alias: 'orders' },
            right: { identifier: 'main.sales.customers', alias: 'customers' },
            sql: [
              '`orders`.`o_custkey` = `customers`.`c_custkey`',
              '--rt=FROM_RELATIONSHIP_TYPE_ONE_TO_ONE--',
            ],
            note: 'unknown key',
          },
          {
            id: id(6),
            left: { identifier: 'main.sales.old_orders', alias: 'old_orders' },
            right: { identifier: 'main.sales.customers', alias: 'customers' },
            sql: [
              '`old_orders`.`o_custkey` = `customers`.`c_custkey`',
              '--rt=FROM_RELATIONSHIP_TYPE_MANY_TO_ONE--',
            ],
          },
        ],
        sql_snippets: {
          filters: [{ id: id(7), sql: ["orders.o_orderstatus = 'O'"], display_name: 'Open orders' }],
          expressions: [{ id: id(8), sql: ['MONTH(orders.o_orderdate)'], display_name: 'Order month' }],
          measures: [
            { id: id(9), sql: ['SUM(orders.o_totalprice)'], display_name: 'Revenue', alias: 'revenue' },
          ],
        },
      },
    }).replace('"weight":1', '"weight":1.0'),
  ),
};

/** The example of a type as a patch for {@link SNAPSHOT}. */
export const sampleOf = <T extends PatchType>(type: T, patchId = 'P001'): PatchOf<T> =>
  makePatch(type, PATCH_DEFINITIONS[type].example as PatchPayload<T>, { id: patchId, snapshot: SNAPSHOT });

/** Patches from `[type, payload]`, with ids `P001`, `P002`, … */
export const patchesOf = (...entries: readonly (readonly [PatchType, object])[]): Patch[] =>
  entries.map(([type, payload], index) =>
    makePatch(type, payload as PatchPayload<PatchType>, {
      id: `P${String(index + 1).padStart(3, '0')}`,
      snapshot: SNAPSHOT,
    }),
  ) as Patch[];

/** Options under which only the patches themselves can be wrong. */
export const ANYTHING_GOES = { maxObjects: null, maxPatches: null, allowGovernanceRemoval: true } as const;
