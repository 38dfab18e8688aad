import { OWNER, CREATED, tableId, typeColumns, words } from './information-schema-shape.ts';
import type { InformationSchemaTable } from './information-schema-shape.ts';

const tableType = { table: 'MANAGED', view: 'VIEW', metric_view: 'METRIC_VIEW' } as const;

/** Catalogs, schemas, tables, columns, views and tags. */
export const RELATION_TABLES: Readonly<Record<string, InformationSchemaTable>> = {
  catalogs: {
    columns: words('catalog_name catalog_owner comment created created_by last_altered last_altered_by'),
    catalogColumn: 'catalog_name',
    rows: (model) =>
      [...model.catalogs.values()].map((catalog) => ({
        catalog_name: catalog.name,
        catalog_owner: OWNER,
        comment: catalog.comment,
        created: CREATED,
      })),
  },
  schemata: {
    columns: words(
      'catalog_name schema_name schema_owner comment created created_by last_altered last_altered_by',
    ),
    catalogColumn: 'catalog_name',
    rows: (model) =>
      [...model.catalogs.values()].flatMap((catalog) => [
        ...[...catalog.schemas.values()].map((schema) => ({
          catalog_name: catalog.name,
          schema_name: schema.name,
          schema_owner: OWNER,
          comment: schema.comment,
          created: CREATED,
        })),
        {
          catalog_name: catalog.name,
          schema_name: 'information_schema',
          schema_owner: 'System user',
          comment: null,
          created: CREATED,
        },
      ]),
  },
  tables: {
    columns: words(
      'table_catalog table_schema table_name table_type is_insertable_into commit_action table_owner comment created created_by last_altered last_altered_by data_source_format storage_path storage_sub_directory',
    ),
    catalogColumn: 'table_catalog',
    rows: (model) =>
      model.relations().map((entry) => ({
        ...tableId(entry),
        table_type: tableType[entry.kind],
        is_insertable_into: entry.kind === 'table' ? 'YES' : 'NO',
        commit_action: 'PRESERVE',
        table_owner: OWNER,
        comment: entry.comment,
        created: CREATED,
        created_by: OWNER,
        last_altered: CREATED,
        last_altered_by: OWNER,
        data_source_format: entry.kind === 'table' ? 'DELTA' : 'UNKNOWN_DATA_SOURCE_FORMAT',
      })),
  },
  columns: {
    columns: words(
      'table_catalog table_schema table_name column_name ordinal_position column_default is_nullable full_data_type data_type character_maximum_length character_octet_length numeric_precision numeric_precision_radix numeric_scale datetime_precision interval_type interval_precision maximum_cardinality is_identity identity_generation identity_start identity_increment identity_maximum identity_minimum identity_cycle is_generated generation_expression is_system_time_period_start is_system_time_period_end system_time_period_timestamp_generation is_updatable partition_ordinal_position comment',
    ),
    catalogColumn: 'table_catalog',
    rows: (model) =>
      model.relations().flatMap((entry) =>
        entry.columns.map((column, index) => ({
          ...tableId(entry),
          column_name: column.name,
          ordinal_position: index,
          is_nullable: column.nullable ? 'YES' : 'NO',
          ...typeColumns(column.type),
          is_identity: 'NO',
          is_generated: 'NO',
          is_updatable: entry.kind === 'table' ? 'YES' : 'NO',
          comment: column.comment,
        })),
      ),
  },
  views: {
    columns: words(
      'table_catalog table_schema table_name view_definition check_option is_updatable is_insertable_into sql_path is_materialized',
    ),
    catalogColumn: 'table_catalog',
    rows: (model) =>
      model
        .relations()
        .filter((entry) => entry.kind !== 'table')
        .map((entry) => ({
          ...tableId(entry),
          view_definition: entry.definition,
          check_option: 'NONE',
          is_updatable: 'NO',
          is_insertable_into: 'NO',
          is_materialized: 'NO',
        })),
  },
  table_tags: {
    columns: words('catalog_name schema_name table_name tag_name tag_value'),
    catalogColumn: 'catalog_name',
    rows: (model) =>
      model.relations().flatMap((entry) =>
        [...entry.tags].map(([name, value]) => ({
          catalog_name: entry.catalog,
          schema_name: entry.schema,
          table_name: entry.name,
          tag_name: name,
          tag_value: value,
        })),
      ),
  },
  column_tags: {
    columns: words('catalog_name schema_name table_name column_name tag_name tag_value'),
    catalogColumn: 'catalog_name',
    rows: (model) =>
      model.relations().flatMap((entry) =>
        entry.columns.flatMap((column) =>
          [...column.tags].map(([name, value]) => ({
            catalog_name: entry.catalog,
            schema_name: entry.schema,
            table_name: entry.name,
            column_name: column.name,
            tag_name: name,
            tag_value: value,
          })),
        ),
      ),
  },
};
