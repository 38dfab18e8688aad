import { quoteIdentifier, quoteLiteral, quoteName } from '../core/index.ts';
import type { CatalogColumn, CatalogTable } from '../ports/index.ts';
import type { CatalogEdit } from './step.ts';
import { catalogEdit } from './step.ts';
import type { SpacePath } from '../spaces/index.ts';

/**
 * Statements for Unity Catalog, each with its exact inverse.
 *
 * @see spec/databricks-apis.md §5.3, spec/patch-dsl.md §6.2
 */
export const tablePath = (table: CatalogTable): SpacePath => ['tables', { by: 'name', is: table.name }];
export const catalogColumnPath = (table: CatalogTable, column: CatalogColumn): SpacePath => [
  ...tablePath(table),
  'columns',
  { by: 'name', is: column.name },
];

const literalOrNull = (text: string | null): string => (text === null ? 'NULL' : quoteLiteral(text));

/** `COMMENT ON TABLE`, which also serves views. */
export function tableCommentEdit(table: CatalogTable, comment: string): CatalogEdit {
  const sql = (text: string | null): string =>
    `COMMENT ON TABLE ${quoteName(table.name)} IS ${literalOrNull(text)}`;
  return catalogEdit(
    { object: table.name, sql: sql(comment), inverse_sql: sql(table.comment) },
    [...tablePath(table), 'comment'],
    table.comment,
    comment,
  );
}

/** A column comment of a table (`ALTER TABLE`) or of a plain view (`COMMENT ON COLUMN`); metric views need their YAML. */
export function columnCommentEdit(table: CatalogTable, column: CatalogColumn, comment: string): CatalogEdit {
  const name = quoteName(table.name);
  const part = quoteIdentifier(column.name);
  const sql = (text: string | null): string =>
    table.kind === 'table'
      ? `ALTER TABLE ${name} ALTER COLUMN ${part} COMMENT ${quoteLiteral(text ?? '')}`
      : `COMMENT ON COLUMN ${name}.${part} IS ${literalOrNull(text)}`;
  return catalogEdit(
    { object: table.name, sql: sql(comment), inverse_sql: sql(column.comment) },
    [...catalogColumnPath(table, column), 'comment'],
    column.comment,
    comment,
  );
}

/**
 * Sets a tag, or removes it when `value` is `undefined`; on the table itself or on one column.
 *
 * @param column - `null` for the table
 */
export function tagEdit(
  table: CatalogTable,
  column: CatalogColumn | null,
  key: string,
  value: string | undefined,
): CatalogEdit {
  const verb = table.kind === 'table' ? 'ALTER TABLE' : 'ALTER VIEW';
  const target =
    column === null
      ? `${verb} ${quoteName(table.name)}`
      : `ALTER TABLE ${quoteName(table.name)} ALTER COLUMN ${quoteIdentifier(column.name)}`;
  const sql = (next: string | undefined): string =>
    next === undefined
      ? `${target} UNSET TAGS (${quoteLiteral(key)})`
      : `${target} SET TAGS (${quoteLiteral(key)} = ${quoteLiteral(next)})`;
  const tags = (column ?? table).tags;
  const before = Object.hasOwn(tags, key) ? tags[key] : undefined;
  return catalogEdit(
    { object: table.name, sql: sql(value), inverse_sql: sql(before) },
    [...(column === null ? tablePath(table) : catalogColumnPath(table, column)), 'tags', key],
    before,
    value,
  );
}

/** `ALTER VIEW … AS $$yaml$$`, which keeps the grants that DROP and CREATE would lose. */
export function metricViewEdit(view: CatalogTable, yaml: string): CatalogEdit {
  const sql = (text: string): string =>
    `ALTER VIEW ${quoteName(view.name)} AS $$\n${text.endsWith('\n') ? text : `${text}\n`}$$`;
  return catalogEdit(
    { object: view.name, sql: sql(yaml), inverse_sql: sql(view.definition ?? '') },
    [...tablePath(view), 'definition'],
    view.definition,
    yaml,
  );
}
