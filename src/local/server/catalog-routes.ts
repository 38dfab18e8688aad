import { nameParts } from '../../core/index.ts';
import { fullNameText } from '../catalog/catalog-model.ts';
import type { CatalogModel, FunctionEntry, RelationEntry } from '../catalog/catalog-model.ts';
import { readType, wireType } from '../engine/types.ts';
import { notFound } from './api-error.ts';
import { requiredText } from './read-fields.ts';
import type { Route } from './router.ts';

const OWNER = 'local.user@example.com';
const TABLE_TYPES = { table: 'MANAGED', view: 'VIEW', metric_view: 'METRIC_VIEW' } as const;

/** `/api/2.1/unity-catalog`: tables and functions, read only. @see spec/databricks-apis.md §5.1 */
export function catalogRoutes(model: CatalogModel): Route[] {
  const inSchema = (query: URLSearchParams) => {
    const fields = Object.fromEntries(query);
    return {
      catalog: requiredText(fields, 'catalog_name').toLowerCase(),
      schema: requiredText(fields, 'schema_name').toLowerCase(),
    };
  };
  const isIn =
    (place: { readonly catalog: string; readonly schema: string }) =>
    (entry: RelationEntry | FunctionEntry) =>
      entry.catalog === place.catalog && entry.schema === place.schema;
  return [
    {
      method: 'GET',
      path: '/api/2.1/unity-catalog/tables',
      handle: ({ query }) => ({
        tables: model
          .relations()
          .filter(isIn(inSchema(query)))
          .map(tableInfo),
      }),
    },
    {
      method: 'GET',
      path: '/api/2.1/unity-catalog/tables/:full_name',
      handle: ({ params }) => {
        const [catalog = '', schema = '', name = ''] = nameParts(params['full_name'] ?? '');
        const entry = model.relation({ catalog, schema, name });
        if (entry === null) throw notFound(`Table '${params['full_name'] ?? ''}' does not exist.`);
        return tableInfo(entry);
      },
    },
    {
      method: 'GET',
      path: '/api/2.1/unity-catalog/functions',
      handle: ({ query }) => ({
        functions: model
          .functions()
          .filter(isIn(inSchema(query)))
          .map(functionInfo),
      }),
    },
    {
      method: 'GET',
      path: '/api/2.1/unity-catalog/functions/:full_name',
      handle: ({ params }) => {
        const [catalog = '', schema = '', name = ''] = nameParts(params['full_name'] ?? '');
        const entry = model.function({ catalog, schema, name });
        if (entry === null) throw notFound(`Routine or Model '${params['full_name'] ?? ''}' does not exist.`);
        return functionInfo(entry);
      },
    },
  ];
}

const typeInfo = (type: string) => {
  const wire = wireType(readType(type));
  return {
    type_name: wire.typeName,
    type_text: wire.typeText.toLowerCase(),
    ...(wire.precision === undefined ? {} : { type_precision: wire.precision, type_scale: wire.scale }),
  };
};

const optional = (key: string, value: unknown) => (value === null ? {} : { [key]: value });

const tableInfo = (entry: RelationEntry) => ({
  catalog_name: entry.catalog,
  schema_name: entry.schema,
  name: entry.name,
  full_name: fullNameText(entry),
  table_type: TABLE_TYPES[entry.kind],
  ...(entry.kind === 'table' ? { data_source_format: 'DELTA' } : {}),
  ...optional('comment', entry.comment),
  owner: OWNER,
  properties: Object.fromEntries(entry.properties),
  columns: entry.columns.map((column, position) => ({
    name: column.name,
    position,
    ...typeInfo(column.type),
    ...optional('comment', column.comment),
    nullable: column.nullable,
  })),
  ...optional('view_definition', entry.definition),
  table_constraints: [
    ...(entry.primaryKey === null
      ? []
      : [
          {
            primary_key_constraint: { name: entry.primaryKey.name, child_columns: entry.primaryKey.columns },
          },
        ]),
    ...entry.foreignKeys.map((key) => ({
      foreign_key_constraint: {
        name: key.name,
        child_columns: key.columns,
        parent_table: key.referencedTable,
        parent_columns: key.referencedColumns,
      },
    })),
  ],
});

const functionInfo = (entry: FunctionEntry) => ({
  catalog_name: entry.catalog,
  schema_name: entry.schema,
  name: entry.name,
  full_name: fullNameText(entry),
  ...optional('comment', entry.comment),
  owner: OWNER,
  routine_body: 'SQL',
  routine_definition: entry.body,
  input_params: {
    parameters: entry.parameters.map((parameter, position) => ({
      name: parameter.name,
      position,
      ...typeInfo(parameter.type),
      ...optional('comment', parameter.comment),
      ...optional('parameter_default', parameter.defaultValue),
    })),
  },
  ...(entry.returns === null
    ? {
        data_type: wireType(readType(entry.returnType ?? 'STRING')).typeName,
        full_data_type: entry.returnType ?? 'STRING',
      }
    : {
        data_type: 'TABLE_TYPE',
        full_data_type: `(${entry.returns.map((column) => `${column.name} ${column.type}`).join(', ')})`,
        return_params: {
          parameters: entry.returns.map((column, position) => ({
            name: column.name,
            position,
            ...typeInfo(column.type),
            ...optional('comment', column.comment),
          })),
        },
      }),
  is_deterministic: true,
  sql_data_access: 'READS_SQL_DATA',
});
