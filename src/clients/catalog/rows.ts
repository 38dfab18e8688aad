import type { StatementResult } from '../../ports/index.ts';

/** A row addressed by column name; absent columns read as `null`. */
export type Row = (column: string) => string | null;

/** Rows of a result by lower-case column name. */
export function namedRows(result: StatementResult): Row[] {
  const positions = new Map(result.columns.map((column, index) => [column.name.toLowerCase(), index]));
  return result.rows.map((row) => (column) => {
    const position = positions.get(column);
    return position === undefined ? null : (row[position] ?? null);
  });
}

/** Groups rows by the lower-case text of some columns. */
export function groupRows(rows: readonly Row[], ...columns: readonly string[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = rowKey(...columns.map((column) => row(column) ?? ''));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** Comparison key of several texts. */
export const rowKey = (...parts: readonly string[]): string =>
  parts.map((part) => part.toLowerCase()).join('\u0000');

/** Tags of rows that have `tag_name` and `tag_value`. */
export const tagsOf = (rows: readonly Row[] | undefined): Record<string, string> =>
  Object.fromEntries((rows ?? []).map((row) => [row('tag_name') ?? '', row('tag_value') ?? '']));
