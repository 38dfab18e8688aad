import { md5 } from '../../core/index.ts';
import type { StatementResult } from '../../ports/index.ts';
import { canonicalCell, CELL_SEPARATOR, cellKind, declaredScale, NULL_CELL, type CellKind } from './cell.ts';
import { canonicalNumber } from './decimal.ts';

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
  readonly rows: readonly (readonly string[])[];
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
  const rows = result.rows.map((row) =>
    columns.map(({ kind }, index) => canonicalCell(kind, row[index] ?? null, floatDigits)),
  );
  return { columns, rows };
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
 * Adds up one hash per row instead of sorting, so its cost is linear.
 * @param keys - of all rows over the columns in {@link nameOrder}
 */
export function tableDigest(
  table: CanonicalTable,
  order: readonly number[],
  keys: readonly string[],
): string {
  const names = order.map((index) => table.columns[index]?.name ?? '');
  return md5(JSON.stringify([names, keys.length, digestOf(keys)]));
}

const compareNames = (table: CanonicalTable, a: number, b: number): number => {
  const [left, right] = [table.columns[a]?.name ?? '', table.columns[b]?.name ?? ''];
  return left < right ? -1 : left > right ? 1 : 0;
};

/** Order-independent digest of the rows over the chosen columns: 64 bits, for pruning and fingerprints. */
export const bagDigest = (rows: readonly (readonly string[])[], columns: readonly number[]): string =>
  digestOf(rows.map((row) => rowKey(row, columns)));

function digestOf(keys: readonly string[]): string {
  let [high, low] = [0, 0];
  for (const key of keys) {
    let h1 = 0xde_ad_be_ef;
    let h2 = 0x41_c6_ce_57;
    for (let at = 0; at < key.length; at++) {
      const code = key.charCodeAt(at);
      h1 = Math.imul(h1 ^ code, 2_654_435_761);
      h2 = Math.imul(h2 ^ code, 1_597_334_677);
    }
    // Without the final mixing, sums of similar rows collide.
    h1 = Math.imul(h1 ^ (h1 >>> 16), 2_246_822_507) ^ Math.imul(h2 ^ (h2 >>> 13), 3_266_489_909);
    h2 = Math.imul(h2 ^ (h2 >>> 16), 2_246_822_507) ^ Math.imul(h1 ^ (h1 >>> 13), 3_266_489_909);
    high = (high + h1) | 0;
    low = (low + h2) | 0;
  }
  return (high >>> 0).toString(16).padStart(8, '0') + (low >>> 0).toString(16).padStart(8, '0');
}
