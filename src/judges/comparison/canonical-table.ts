import { md5 } from '../../core/index.ts';
import type { StatementResult } from '../../ports/index.ts';
import { canonicalCell, CELL_SEPARATOR, cellKind, declaredScale, NULL_CELL, type CellKind } from './cell.ts';
import { canonicalNumber } from './decimal.ts';
import { hashRows, type RowHashes, type Rows } from './row-hash.ts';

export interface CanonicalColumn {
  /** As the server named it. */
  readonly label: string;
  /** Lower case and trimmed; repeated names get `#2`, `#3`. */
  readonly name: string;
  readonly kind: CellKind;
  /** Digits after the point kept by the type; `null` when open. */
  readonly scale: number | null;
}

/** A result in canonical form, row by row. */
export interface CanonicalTable {
  readonly columns: readonly CanonicalColumn[];
  readonly rows: Rows;
  /** Digest of the rows over some columns whatever their order, worked out once. */
  readonly digest: (columns: readonly number[]) => string;
  /** Hashes of the rows over some columns; those of the last few columns asked for are at hand. */
  readonly hashes: (columns: readonly number[]) => Int32Array;
}

/** Brings both results into canonical form; columns without a type are numbers where all their values are. */
export function canonicalTable(result: StatementResult, floatDigits: number): CanonicalTable {
  const seen = new Map<string, number>();
  const columns = result.columns.map((column, index): CanonicalColumn => {
    const base = column.name.trim().toLowerCase();
    const count = (seen.get(base) ?? 0) + 1;
    seen.set(base, count);
    const kind = cellKind(column);
    const numeric = kind === 'untyped' && allNumbers(result, index);
    return {
      label: column.name,
      name: count === 1 ? base : `${base}#${count}`,
      kind: numeric ? 'float' : kind,
      scale: numeric ? null : declaredScale(column),
    };
  });
  const rows = result.rows.map((row) => canonicalRow(row, columns, floatDigits));
  return { columns, rows, ...hashingOf(rows) };
}

/** Hashing is most of a comparison, and a digest is mostly asked for right before the hashes behind it. */
function hashingOf(rows: Rows): Pick<CanonicalTable, 'digest' | 'hashes'> {
  const digests = new Map<string, string>();
  let last: { readonly key: string; readonly hashes: Int32Array } | undefined;
  const hash = (key: string, over: readonly number[]): RowHashes => {
    const found = hashRows(rows, over);
    digests.set(key, found.digest);
    // Columns are told apart one by one; rows are compared over several.
    if (over.length > 1) last = { key, hashes: found.hashes };
    return found;
  };
  return {
    digest: (over) => digests.get(over.join()) ?? hash(over.join(), over).digest,
    hashes: (over) => (last?.key === over.join() ? last.hashes : hash(over.join(), over).hashes),
  };
}

/** The row itself where it is canonical already, as most are. */
function canonicalRow(
  row: StatementResult['rows'][number],
  columns: readonly CanonicalColumn[],
  floatDigits: number,
): readonly string[] {
  let copy: string[] | undefined;
  for (let index = 0; index < columns.length; index++) {
    const value = row[index] ?? null;
    const cell = canonicalCell(columns[index]?.kind ?? 'untyped', value, floatDigits);
    if (cell === value) continue;
    copy ??= row.map((text) => text ?? NULL_CELL);
    copy[index] = cell;
  }
  // Without a copy no cell is null.
  return copy ?? (row as readonly string[]);
}

function allNumbers(result: StatementResult, index: number): boolean {
  let found = false;
  for (const row of result.rows) {
    const value = row[index] ?? null;
    if (value === null) continue;
    if (canonicalNumber(value, 0) === null) return false;
    found = true;
  }
  return found;
}

/** Text of a row over the chosen columns; equal texts mean equal cells. */
export function rowKey(row: readonly string[], columns: readonly number[]): string {
  let key = '';
  for (const column of columns) key += (row[column] ?? NULL_CELL) + CELL_SEPARATOR;
  return key;
}

/** Whether nothing was found: no rows, or aggregates over nothing (every cell NULL). */
export const isEmptyAnswer = ({ rows }: CanonicalTable): boolean =>
  rows.every((row) => row.every((cell) => cell === NULL_CELL));

/** Columns by name, so that rows of tables with equal names have comparable keys. */
export const nameOrder = (table: CanonicalTable): readonly number[] =>
  table.columns.map((_, index) => index).sort((a, b) => compareNames(table, a, b));

/**
 * Fingerprint of names and rows, independent of the order of rows and columns; 32 hex characters.
 *
 * @param order - the columns in {@link nameOrder}
 */
export function tableDigest(table: CanonicalTable, order: readonly number[]): string {
  const names = order.map((index) => table.columns[index]?.name ?? '');
  return md5(JSON.stringify([names, table.rows.length, table.digest(order)]));
}

const compareNames = (table: CanonicalTable, a: number, b: number): number => {
  const [left, right] = [table.columns[a]?.name ?? '', table.columns[b]?.name ?? ''];
  return left < right ? -1 : left > right ? 1 : 0;
};
