import type { CannedResult } from './fake-workspace.ts';

type Rows = readonly Readonly<Record<string, string | null>>[];

/** Views of one information schema, as rows by column name. */
export type InformationSchema = Readonly<Record<string, Rows>>;

const orders = { table_catalog: 'main', table_schema: 'sales', table_name: 'orders' };
const customers = { table_catalog: 'main', table_schema: 'sales', table_name: 'customers' };

/** Two tables with keys and tags, a metric view and a table-valued function. */
export const SALES: InformationSchema = {
  tables: [
    { ...orders, table_type: 'MANAGED', comment: 'One row per order' },
    { ...customers, table_type: 'EXTERNAL', comment: '' },
    { ...orders, table_name: 'sales_metrics', table_type: 'METRIC_VIEW', comment: null },
  ],
  columns: [
    { ...orders, column_name: 'id', ordinal_position: '0', full_data_type: 'bigint', comment: null },
    {
      ...orders,
      column_name: 'customer_id',
      ordinal_position: '1',
      full_data_type: 'bigint',
      comment: 'Who bought',
    },
    { ...orders, column_name: 'total', ordinal_position: '2', full_data_type: 'decimal(12,2)', comment: '' },
    { ...customers, column_name: 'id', ordinal_position: '0', full_data_type: 'bigint', comment: null },
  ],
  table_tags: [
    {
      catalog_name: 'main',
      schema_name: 'sales',
      table_name: 'orders',
      tag_name: 'genie_role',
      tag_value: 'monitoring',
    },
  ],
  column_tags: [
    {
      catalog_name: 'main',
      schema_name: 'sales',
      table_name: 'orders',
      column_name: 'total',
      tag_name: 'unit',
      tag_value: 'EUR',
    },
  ],
  table_constraints: [
    { ...orders, constraint_schema: 'sales', constraint_name: 'orders_pk', constraint_type: 'PRIMARY KEY' },
    { ...orders, constraint_schema: 'sales', constraint_name: 'orders_fk', constraint_type: 'FOREIGN KEY' },
    {
      ...customers,
      constraint_schema: 'sales',
      constraint_name: 'customers_pk',
      constraint_type: 'PRIMARY KEY',
    },
  ],
  key_column_usage: [
    {
      ...orders,
      constraint_schema: 'sales',
      constraint_name: 'orders_pk',
      column_name: 'id',
      ordinal_position: '1',
      position_in_unique_constraint: null,
    },
    {
      ...orders,
      constraint_schema: 'sales',
      constraint_name: 'orders_fk',
      column_name: 'customer_id',
      ordinal_position: '1',
      position_in_unique_constraint: '1',
    },
    {
      ...customers,
      constraint_schema: 'sales',
      constraint_name: 'customers_pk',
      column_name: 'id',
      ordinal_position: '1',
      position_in_unique_constraint: null,
    },
  ],
  referential_constraints: [
    {
      constraint_schema: 'sales',
      constraint_name: 'orders_fk',
      unique_constraint_catalog: 'main',
      unique_constraint_schema: 'sales',
      unique_constraint_name: 'customers_pk',
    },
  ],
  views: [{ ...orders, table_name: 'sales_metrics', view_definition: 'version: "1.1"' }],
  routines: [
    {
      specific_schema: 'sales',
      specific_name: 'top_customers',
      routine_catalog: 'main',
      routine_schema: 'sales',
      routine_name: 'top_customers',
      routine_definition: 'SELECT id FROM customers LIMIT n',
      comment: 'Best customers',
    },
  ],
  parameters: [
    {
      specific_schema: 'sales',
      specific_name: 'top_customers',
      ordinal_position: '1',
      parameter_name: 'since',
      full_data_type: 'date',
      parameter_default: null,
      comment: null,
    },
    {
      specific_schema: 'sales',
      specific_name: 'top_customers',
      ordinal_position: '2',
      parameter_name: 'n',
      full_data_type: 'int',
      parameter_default: '10',
      comment: 'How many',
    },
  ],
  routine_columns: [
    {
      specific_schema: 'sales',
      specific_name: 'top_customers',
      ordinal_position: '1',
      column_name: 'id',
      full_data_type: 'bigint',
      comment: 'Who bought',
    },
  ],
};

const QUERY = /^SELECT (.+) FROM `main`\.information_schema\.(\w+) WHERE (.+) ORDER BY (.+)$/;

/** Rows that a condition of the form `(lower(a) = 'x' AND lower(b) IN ('y', 'z')) OR (…)` selects. */
function select(rows: Rows, condition: string): Rows {
  const groups = [
    ...condition.matchAll(/\(lower\((\w+)\) = '([^']*)' AND lower\((\w+)\) IN \(([^)]*)\)\)/g),
  ].map(([, schemaColumn = '', schema, nameColumn = '', names = '']) => ({
    schemaColumn,
    schema,
    nameColumn,
    names: [...names.matchAll(/'([^']*)'/g)].map(([, name]) => name),
  }));
  return rows.filter((row) =>
    groups.some(
      (group) =>
        row[group.schemaColumn] === group.schema && group.names.includes(row[group.nameColumn] ?? ''),
    ),
  );
}

/** Answers the queries that the catalog client sends, from rows; keeps the queries for inspection. */
export function informationSchema(content: InformationSchema = SALES) {
  const queries: string[] = [];
  const answer = (statement: string): CannedResult | null => {
    const [, columns, view, condition] = QUERY.exec(statement) ?? [];
    if (columns === undefined || view === undefined || condition === undefined) return null;
    queries.push(statement);
    const names = columns.split(', ');
    return {
      columns: names.map((name) => [name, 'STRING', 'STRING'] as const),
      rows: select(content[view] ?? [], condition).map((row) => names.map((name) => row[name] ?? null)),
    };
  };
  return {
    queries,
    answer,
    table: {
      name: 'main.sales.orders',
      comment: 'One row per order',
      primaryKey: ['id'],
      columns: [
        { name: 'id', type: 'BIGINT' },
        { name: 'customer_id', type: 'BIGINT' },
        { name: 'total', type: 'DECIMAL(12,2)' },
      ],
    },
    function: {
      name: 'main.sales.top_customers',
      parameters: [
        { name: 'since', type: 'DATE', defaultValue: null, comment: null },
        { name: 'n', type: 'INT', defaultValue: '10', comment: 'How many' },
      ],
    },
  };
}
