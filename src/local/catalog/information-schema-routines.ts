import type { FunctionEntry } from './catalog-model.ts';
import { OWNER, CREATED, typeColumns, words } from './information-schema-shape.ts';
import type { InformationSchemaTable, Row } from './information-schema-shape.ts';

const specificId = (entry: FunctionEntry): Row => ({
  specific_catalog: entry.catalog,
  specific_schema: entry.schema,
  specific_name: entry.name,
});

/** Functions, their parameters and their columns. */
export const ROUTINE_TABLES: Readonly<Record<string, InformationSchemaTable>> = {
  routines: {
    columns: words(
      'specific_catalog specific_schema specific_name routine_catalog routine_schema routine_name routine_type data_type full_data_type numeric_precision numeric_precision_radix numeric_scale routine_body routine_definition external_name external_language parameter_style is_deterministic sql_data_access is_null_call security_type sql_path comment created created_by last_altered last_altered_by routine_owner',
    ),
    catalogColumn: 'routine_catalog',
    rows: (model) =>
      model.functions().map((entry) => ({
        ...specificId(entry),
        routine_catalog: entry.catalog,
        routine_schema: entry.schema,
        routine_name: entry.name,
        routine_type: 'FUNCTION',
        ...(entry.returns === null
          ? typeColumns(entry.returnType ?? 'STRING')
          : { data_type: 'TABLE', full_data_type: 'TABLE' }),
        routine_body: 'SQL',
        routine_definition: entry.body,
        parameter_style: 'S',
        is_deterministic: 'YES',
        sql_data_access: 'READS_SQL_DATA',
        is_null_call: 'YES',
        security_type: 'DEFINER',
        comment: entry.comment,
        created: CREATED,
        created_by: OWNER,
        last_altered: CREATED,
        last_altered_by: OWNER,
        routine_owner: OWNER,
      })),
  },
  parameters: {
    columns: words(
      'specific_catalog specific_schema specific_name ordinal_position parameter_mode is_result as_locator parameter_name data_type full_data_type numeric_precision numeric_precision_radix numeric_scale comment parameter_default',
    ),
    catalogColumn: 'specific_catalog',
    rows: (model) =>
      model.functions().flatMap((entry) =>
        entry.parameters.map((parameter, index) => ({
          ...specificId(entry),
          ordinal_position: index,
          parameter_mode: 'IN',
          is_result: 'NO',
          parameter_name: parameter.name,
          ...typeColumns(parameter.type),
          comment: parameter.comment,
          parameter_default: parameter.defaultValue,
        })),
      ),
  },
  routine_columns: {
    columns: words(
      'specific_catalog specific_schema specific_name column_name ordinal_position data_type full_data_type numeric_precision numeric_precision_radix numeric_scale comment',
    ),
    catalogColumn: 'specific_catalog',
    rows: (model) =>
      model.functions().flatMap((entry) =>
        (entry.returns ?? []).map((column, index) => ({
          ...specificId(entry),
          column_name: column.name,
          ordinal_position: index,
          ...typeColumns(column.type),
          comment: column.comment,
        })),
      ),
  },
};
