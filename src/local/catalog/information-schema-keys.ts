import type { CatalogModel, RelationEntry } from './catalog-model.ts';
import { tableId, words } from './information-schema-shape.ts';
import type { InformationSchemaTable, Row } from './information-schema-shape.ts';

const constraintRows = (entry: RelationEntry) => [
  ...(entry.primaryKey === null
    ? []
    : [
        {
          name: entry.primaryKey.name,
          type: 'PRIMARY KEY',
          columns: entry.primaryKey.columns,
          foreign: null,
        },
      ]),
  ...entry.foreignKeys.map((key) => ({
    name: key.name,
    type: 'FOREIGN KEY',
    columns: key.columns,
    foreign: key,
  })),
];

const constraintId = (entry: RelationEntry, name: string): Row => ({
  constraint_catalog: entry.catalog,
  constraint_schema: entry.schema,
  constraint_name: name,
});

const referenced = (model: CatalogModel, name: string): RelationEntry | null => {
  const [catalog = '', schema = '', table = ''] = name.split('.');
  return model.relation({ catalog, schema, name: table });
};

/** Primary and foreign keys. */
export const KEY_TABLES: Readonly<Record<string, InformationSchemaTable>> = {
  table_constraints: {
    columns: words(
      'constraint_catalog constraint_schema constraint_name table_catalog table_schema table_name constraint_type is_deferrable initially_deferred enforced comment',
    ),
    catalogColumn: 'constraint_catalog',
    rows: (model) =>
      model.relations().flatMap((entry) =>
        constraintRows(entry).map((constraint) => ({
          ...constraintId(entry, constraint.name),
          ...tableId(entry),
          constraint_type: constraint.type,
          is_deferrable: 'NO',
          initially_deferred: 'NO',
          enforced: 'NO',
        })),
      ),
  },
  key_column_usage: {
    columns: words(
      'constraint_catalog constraint_schema constraint_name table_catalog table_schema table_name column_name ordinal_position position_in_unique_constraint',
    ),
    catalogColumn: 'constraint_catalog',
    rows: (model) =>
      model.relations().flatMap((entry) =>
        constraintRows(entry).flatMap((constraint) =>
          constraint.columns.map((column, index) => ({
            ...constraintId(entry, constraint.name),
            ...tableId(entry),
            column_name: column,
            ordinal_position: index + 1,
            position_in_unique_constraint: constraint.foreign === null ? null : index + 1,
          })),
        ),
      ),
  },
  referential_constraints: {
    columns: words(
      'constraint_catalog constraint_schema constraint_name unique_constraint_catalog unique_constraint_schema unique_constraint_name match_option update_rule delete_rule',
    ),
    catalogColumn: 'constraint_catalog',
    rows: (model) =>
      model.relations().flatMap((entry) =>
        entry.foreignKeys.map((key) => {
          const target = referenced(model, key.referencedTable);
          return {
            ...constraintId(entry, key.name),
            unique_constraint_catalog: target?.catalog ?? null,
            unique_constraint_schema: target?.schema ?? null,
            unique_constraint_name: target?.primaryKey?.name ?? null,
            match_option: 'FULL',
            update_rule: 'NO ACTION',
            delete_rule: 'NO ACTION',
          };
        }),
      ),
  },
  constraint_column_usage: {
    columns: words(
      'table_catalog table_schema table_name column_name constraint_catalog constraint_schema constraint_name',
    ),
    catalogColumn: 'constraint_catalog',
    rows: (model) =>
      model.relations().flatMap((entry) =>
        constraintRows(entry).flatMap((constraint) => {
          // A foreign key is listed with the columns it refers to, a primary key with its own.
          const target =
            constraint.foreign === null ? entry : referenced(model, constraint.foreign.referencedTable);
          const columns =
            constraint.foreign === null ? constraint.columns : constraint.foreign.referencedColumns;
          return target === null
            ? []
            : columns.map((column) => ({
                ...tableId(target),
                column_name: column,
                ...constraintId(entry, constraint.name),
              }));
        }),
      ),
  },
};
