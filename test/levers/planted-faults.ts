import type { CatalogSnapshot } from '../../src/ports/index.ts';
import {
  ORDERS,
  CUSTOMERS,
  KPIS,
  column,
  catalog,
  id,
  example,
  join,
  type Draft,
  tablesOf,
  instructionsOf,
  addLine,
} from './shop-space.ts';

export const PLANTED: readonly [
  check: string,
  change: (space: Draft) => unknown,
  catalog?: CatalogSnapshot,
][] = [
  ['invalid_space', (space) => tablesOf(space).push({ identifier: 'orders' })],
  ['missing_in_catalog', (space) => tablesOf(space).push({ identifier: 'main.shop.order' })],
  [
    'broken_examples',
    (space) =>
      instructionsOf(space).example_question_sqls?.push(
        example(15, 'What was refunded?', `SELECT refund_total FROM ${ORDERS}`),
      ),
  ],
  [
    'metric_view_joins',
    (space) =>
      instructionsOf(space).join_specs?.push(
        join(31, ORDERS, KPIS, '`orders`.`order_id` = `sales_kpis`.`month`'),
      ),
  ],
  ['conflicting_definitions', addLine("Active means status = 'O'.")],
  ['conflicting_routes', addLine('Never use sales_kpis.')],
  [
    'conflicting_examples',
    (space) =>
      instructionsOf(space).example_question_sqls?.push(
        example(16, 'How many active orders?', `SELECT count(*) FROM ${CUSTOMERS}`),
      ),
  ],
  [
    'conflicting_examples',
    (space) =>
      instructionsOf(space).example_question_sqls?.push(
        example(17, 'how many ACTIVE order', `select count(order_id) as active from ${ORDERS}`),
      ),
  ],
  [
    'synonym_against_instruction',
    (space) => {
      tablesOf(space)[1]?.column_configs?.unshift({ column_name: 'gross_total', synonyms: ['turnover'] });
      addLine('"Turnover" means orders.net_total.')(space);
    },
  ],
  [
    'duplicate_synonyms',
    (space) =>
      tablesOf(space)[1]?.column_configs?.unshift(
        { column_name: 'gross_total', synonyms: ['price'] },
        { column_name: 'net_total', synonyms: ['Prices'] },
      ),
  ],
  [
    'duplicate_synonyms',
    (space) =>
      tablesOf(space)[1]?.column_configs?.unshift({ column_name: 'gross_total', synonyms: ['net total'] }),
  ],
  ['missing_joins', (space) => (instructionsOf(space).join_specs = [])],
  [
    'hidden_joins',
    (space) => tablesOf(space)[1]?.column_configs?.unshift({ column_name: 'buyer_id', exclude: true }),
  ],
  [
    'missing_table_descriptions',
    () => undefined,
    {
      ...catalog,
      tables: catalog.tables.map((item) => (item.name === ORDERS ? { ...item, comment: null } : item)),
    },
  ],
  [
    'missing_column_descriptions',
    () => undefined,
    {
      ...catalog,
      tables: catalog.tables.map((item) =>
        item.name === ORDERS
          ? { ...item, columns: item.columns.map((one) => ({ ...one, comment: null })) }
          : item,
      ),
    },
  ],
  [
    'cryptic_columns',
    () => undefined,
    {
      ...catalog,
      tables: catalog.tables.map((item) =>
        item.name === ORDERS
          ? { ...item, columns: [...item.columns, column('o_dscnt', 'DOUBLE', 'Discount')] }
          : item,
      ),
    },
  ],
  [
    'undescribed_functions',
    () => undefined,
    { ...catalog, functions: catalog.functions.map((fn) => ({ ...fn, comment: null })) },
  ],
  [
    'competing_assets',
    (space) => tablesOf(space).push({ identifier: 'main.shop.orders_copy' }),
    {
      ...catalog,
      tables: [
        ...catalog.tables,
        ...catalog.tables
          .filter(({ name }) => name === ORDERS)
          .map((item) => ({ ...item, name: 'main.shop.orders_copy' })),
      ],
    },
  ],
  ['route_without_exclusion', addLine('For questions on buyers use top_buyers.')],
  ['unknown_names', addLine('The date of an order is orders.order_dat.')],
  ['sql_in_instruction', addLine(`For totals run SELECT sum(net_total) FROM ${ORDERS}.`)],
  ['repeated_instruction', addLine('"active" means orders.status = \'A\'.')],
  ['missing_examples', (space) => (instructionsOf(space).example_question_sqls = [])],
  ['missing_instruction', (space) => (instructionsOf(space).text_instructions = [])],
  [
    'unqualified_snippets',
    (space) =>
      (instructionsOf(space).sql_snippets = {
        filters: [{ id: id(60), display_name: 'live', sql: ["status = 'A'"] }],
      }),
  ],
  [
    'hidden_tables',
    (space) => {
      const orders = tablesOf(space)[1];
      if (orders !== undefined)
        orders.column_configs = ['order_id', 'buyer_id', 'net_total', 'gross_total', 'status'].map(
          (column_name) => ({
            column_name,
            exclude: true,
          }),
        );
    },
  ],
  [
    'limits_near',
    (space) => {
      space.benchmarks = {
        questions: Array.from({ length: 450 }, (_, at) => ({
          id: id(1000 + at),
          question: [`Question ${at}?`],
          answer: [{ format: 'SQL', content: [`SELECT ${at}`] }],
        })),
      };
    },
  ],
  ['unmatched_values', (space) => (tablesOf(space)[1] ?? { column_configs: [] }).column_configs?.splice(0)],
  ['few_benchmarks', (space) => (space.benchmarks = {})],
  ['no_sample_questions', (space) => (space.config = {})],
];
