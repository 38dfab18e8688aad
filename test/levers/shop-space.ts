import type { CatalogSnapshot, CatalogTable } from '../../src/ports/index.ts';
import { spaceSchema, type Space } from '../../src/spaces/index.ts';

export const ORDERS = 'main.shop.orders';
export const CUSTOMERS = 'main.shop.customers';
export const KPIS = 'main.shop.sales_kpis';

export const column = (name: string, type: string, comment: string | null) => ({
  name,
  type,
  comment,
  tags: {},
});

export const table = (
  name: string,
  columns: CatalogTable['columns'],
  more: Partial<CatalogTable> = {},
): CatalogTable => ({
  name,
  kind: 'table',
  comment: `What ${name.split('.').at(-1)} hold.`,
  tags: {},
  columns,
  primaryKey: [],
  foreignKeys: [],
  definition: null,
  ...more,
});

export const catalog: CatalogSnapshot = {
  tables: [
    table(
      ORDERS,
      [
        column('order_id', 'BIGINT', 'Number of the order.'),
        column('buyer_id', 'BIGINT', 'Who ordered.'),
        column('net_total', 'DECIMAL(12,2)', 'Price without tax, in EUR.'),
        column('gross_total', 'DECIMAL(12,2)', 'Price with tax, in EUR.'),
        column('status', 'STRING', 'A is active, C is cancelled.'),
      ],
      {
        primaryKey: ['order_id'],
        foreignKeys: [
          { columns: ['buyer_id'], referencedTable: CUSTOMERS, referencedColumns: ['customer_id'] },
        ],
      },
    ),
    table(
      CUSTOMERS,
      [
        column('customer_id', 'BIGINT', 'Number of the customer.'),
        column('region', 'STRING', 'Sales region.'),
      ],
      { primaryKey: ['customer_id'] },
    ),
    table(
      KPIS,
      [column('month', 'DATE', 'First day.'), column('revenue', 'DECIMAL(12,2)', 'Sum of prices.')],
      {
        kind: 'metric_view',
        comment: 'Monthly figures of the whole company.',
      },
    ),
  ],
  functions: [
    {
      name: 'main.shop.top_buyers',
      comment: '- PURPOSE: Ranks customers.\n- BEST FOR: best buyers\n- SYNTAX: SELECT * FROM top_buyers(10)',
      parameters: [{ name: 'n', type: 'INT', defaultValue: null, comment: 'How many.' }],
      returns: [{ name: 'customer_id', type: 'BIGINT' }],
      body: 'SELECT 1',
    },
  ],
};

export const id = (n: number): string => n.toString(16).padStart(32, '0');
export const example = (n: number, question: string, sql: string) => ({
  id: id(n),
  question: [question],
  sql: [sql],
});
export const join = (n: number, left: string, right: string, predicate: string) => ({
  id: id(n),
  left: { identifier: left, alias: left.split('.').at(-1) ?? '' },
  right: { identifier: right, alias: right.split('.').at(-1) ?? '' },
  sql: [predicate, '--rt=FROM_RELATIONSHIP_TYPE_MANY_TO_ONE--'],
});
export const matched = (column_name: string) => ({
  column_name,
  enable_format_assistance: true,
  enable_entity_matching: true,
});

/** A space in which every check finds nothing. */
export const cleanSpace = (): Space =>
  spaceSchema.parse({
    version: 2,
    config: { sample_questions: [{ id: id(1), question: ['How many orders are active?'] }] },
    data_sources: {
      tables: [
        { identifier: CUSTOMERS, column_configs: [matched('region')] },
        { identifier: ORDERS, column_configs: [matched('status')] },
      ],
      metric_views: [{ identifier: KPIS }],
    },
    instructions: {
      text_instructions: [
        {
          id: id(2),
          content: [
            'Amounts are in EUR.\n',
            'For monthly revenue use sales_kpis. Do not use it for single orders.\n',
            '"active" means orders.status = \'A\'.',
          ],
        },
      ],
      example_question_sqls: ['active', 'cancelled', 'large', 'small', 'recent'].map((word, at) =>
        example(10 + at, `How many ${word} orders?`, `SELECT count(order_id) AS ${word} FROM ${ORDERS}`),
      ),
      sql_functions: [{ id: id(20), identifier: 'main.shop.top_buyers' }],
      join_specs: [join(30, ORDERS, CUSTOMERS, '`orders`.`buyer_id` = `customers`.`customer_id`')],
    },
    benchmarks: {
      questions: Array.from({ length: 10 }, (_, at) => ({
        id: id(40 + at),
        question: [`Question ${at}?`],
        answer: [{ format: 'SQL', content: [`SELECT ${at}`] }],
      })),
    },
  });

export type Draft = Space;

/** The clean space with one thing changed. */
export function changed(change: (space: Draft) => unknown): Space {
  const space = cleanSpace();
  change(space);
  return spaceSchema.parse(space);
}

export const tablesOf = (space: Draft) => space.data_sources?.tables ?? [];
export const instructionsOf = (space: Draft) => space.instructions ?? {};
export const addLine = (line: string) => (space: Draft) =>
  instructionsOf(space).text_instructions?.[0]?.content.push(`\n${line}`);
