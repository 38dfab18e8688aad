import type { CatalogFunction, CatalogTable } from '../../ports/index.ts';
import { functionStatement } from './catalog-editor.ts';
import type { TableKeys } from './constraints.ts';
import { type Row, rowKey, tagsOf } from './rows.ts';

/** Rows that belong to tables, by schema and name. */
export interface RelatedRows {
  readonly columns: ReadonlyMap<string, readonly Row[]>;
  readonly tableTags: ReadonlyMap<string, readonly Row[]>;
  readonly columnTags: ReadonlyMap<string, readonly Row[]>;
  readonly keys: ReadonlyMap<string, TableKeys>;
}

/** A table of the information schema as the port shows it; its definition is read elsewhere. */
export function toTable(row: Row, related: RelatedRows): CatalogTable {
  const [schema, table] = [row('table_schema') ?? '', row('table_name') ?? ''];
  const key = rowKey(schema, table);
  return {
    name: [row('table_catalog'), schema, table].join('.'),
    kind: kindOf(row('table_type')),
    comment: emptyToNull(row('comment')),
    tags: tagsOf(related.tableTags.get(key)),
    columns: (related.columns.get(key) ?? []).map((column) => ({
      name: column('column_name') ?? '',
      type: (column('full_data_type') ?? '').toUpperCase(),
      comment: emptyToNull(column('comment')),
      tags: tagsOf(related.columnTags.get(rowKey(schema, table, column('column_name') ?? ''))),
    })),
    primaryKey: related.keys.get(key)?.primaryKey ?? [],
    foreignKeys: related.keys.get(key)?.foreignKeys ?? [],
    definition: null,
  };
}

/** A function of the information schema as the port shows it. */
export function toFunction(
  row: Row,
  parametersOf: ReadonlyMap<string, readonly Row[]>,
  returnsOf: ReadonlyMap<string, readonly Row[]>,
): CatalogFunction {
  const key = rowKey(row('specific_schema') ?? '', row('specific_name') ?? '');
  const shown = {
    name: [row('routine_catalog'), row('routine_schema'), row('routine_name')].join('.'),
    comment: emptyToNull(row('comment')),
    parameters: (parametersOf.get(key) ?? []).map((parameter) => ({
      name: parameter('parameter_name') ?? '',
      type: (parameter('full_data_type') ?? '').toUpperCase(),
      defaultValue: parameter('parameter_default'),
      comment: emptyToNull(parameter('comment')),
    })),
    returns: (returnsOf.get(key) ?? []).map((column) => ({
      name: column('column_name') ?? '',
      type: (column('full_data_type') ?? '').toUpperCase(),
      ...(emptyToNull(column('comment')) === null ? {} : { comment: column('comment') }),
    })),
    body: emptyToNull(row('routine_definition')),
  };
  const definition = functionDefinition(shown, row);
  return definition === null ? shown : { ...shown, definition };
}

/**
 * The statement of a SQL function as far as the information schema tells it, with the clauses that stand in no
 * member of their own; `null` for a function whose text it does not tell.
 */
function functionDefinition(shown: CatalogFunction, row: Row): string | null {
  const isTable = shown.body !== null && shown.returns.length > 0;
  if (!isTable || row('routine_body')?.toUpperCase() !== 'SQL') return null;
  const deterministic = { YES: 'DETERMINISTIC', NO: 'NOT DETERMINISTIC' }[row('is_deterministic') ?? ''];
  const access = { READS_SQL_DATA: 'READS SQL DATA', CONTAINS_SQL: 'CONTAINS SQL' }[
    row('sql_data_access')?.replaceAll(' ', '_') ?? ''
  ];
  const clauses = ['LANGUAGE SQL', deterministic, access].filter((clause) => clause !== undefined);
  return functionStatement(shown, clauses);
}

/** The kind follows the type that Unity Catalog states, never the name or the place in a space. */
function kindOf(tableType: string | null): CatalogTable['kind'] {
  const type = tableType?.toUpperCase().replaceAll(' ', '_') ?? '';
  if (type === 'METRIC_VIEW') return 'metric_view';
  return type === 'VIEW' || type === 'MATERIALIZED_VIEW' ? 'view' : 'table';
}

/** The information schema shows a removed comment as an empty text. */
const emptyToNull = (value: string | null): string | null => (value === '' ? null : value);
