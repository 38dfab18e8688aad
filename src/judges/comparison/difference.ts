import { bagDifference } from './bag.ts';
import { nameOrder, type CanonicalColumn, type CanonicalTable } from './canonical-table.ts';
import { NULL_CELL } from './cell.ts';
import type { ResultDiff } from './comparison.ts';

const MAX_TEXT = 300;
/** Rows looked at when columns of different names are paired by their values. */
const SAMPLE_ROWS = 1000;

/**
 * What differs between two results that do not match, for blame.
 *
 * Columns are paired by name, then by shared values, then by kind: a column counts as missing only
 * when nothing in the answer can stand for it.
 */
export function describeDifference(expected: CanonicalTable, actual: CanonicalTable): ResultDiff {
  const pairs = pairColumns(expected, actual);
  const paired = new Set(pairs.values());
  const extra = actual.columns.flatMap(({ label }, index) => (paired.has(index) ? [] : [label]));
  const missing = expected.columns.flatMap(({ label }, index) => (pairs.has(index) ? [] : [label]));
  return {
    missingColumns: missing,
    extraColumns: extra,
    rowDelta: actual.rows.length - expected.rows.length,
    firstDifference: firstDifference(expected, actual, pairs),
  };
}

function pairColumns(expected: CanonicalTable, actual: CanonicalTable): Map<number, number> {
  const pairs = new Map<number, number>();
  const taken = new Set<number>();
  const take = (from: number, to: number): void => {
    pairs.set(from, to);
    taken.add(to);
  };
  const pass = (fits: (from: number, to: number) => boolean): void => {
    for (const from of expected.columns.keys()) {
      if (pairs.has(from)) continue;
      const to = [...actual.columns.keys()].find(
        (candidate) => !taken.has(candidate) && fits(from, candidate),
      );
      if (to !== undefined) take(from, to);
    }
  };
  const values = [sampleOf(expected), sampleOf(actual)] as const;
  pass((from, to) => expected.columns[from]?.name === actual.columns[to]?.name);
  pass((from, to) => overlaps(values[0][from], values[1][to]));
  pass((from, to) => isMeasure(expected.columns[from]) && isMeasure(actual.columns[to]));
  return pairs;
}

const isMeasure = (column: CanonicalColumn | undefined): boolean =>
  column !== undefined && ['integer', 'decimal', 'float'].includes(column.kind);

const sampleOf = (table: CanonicalTable): Set<string>[] =>
  table.columns.map(
    (_, column) =>
      new Set(
        table.rows
          .slice(0, SAMPLE_ROWS)
          .flatMap((row) => (row[column] === NULL_CELL ? [] : [row[column] ?? ''])),
      ),
  );

/** At least half of the smaller set of values occurs in the other. */
function overlaps(a: Set<string> | undefined, b: Set<string> | undefined): boolean {
  const [small, large] = (a?.size ?? 0) <= (b?.size ?? 0) ? [a, b] : [b, a];
  if (small === undefined || large === undefined || small.size === 0) return false;
  return [...small].filter((value) => large.has(value)).length * 2 >= small.size;
}

function firstDifference(
  expected: CanonicalTable,
  actual: CanonicalTable,
  pairs: ReadonlyMap<number, number>,
): string | null {
  // In the order in which the rows were hashed already.
  const from = nameOrder(expected).filter((column) => pairs.has(column));
  const to = from.map((column) => pairs.get(column) ?? -1);
  const { onlyLeft, onlyRight } = bagDifference(
    { rows: expected.rows, columns: from, hashes: expected.hashes(from) },
    { rows: actual.rows, columns: to, hashes: actual.hashes(to) },
  );
  const parts = [
    ...onlyLeft.slice(0, 1).map((row) => `only in the answer key: ${rowText(expected, row)}`),
    ...onlyRight.slice(0, 1).map((row) => `only in the answer: ${rowText(actual, row)}`),
  ];
  return parts.length === 0 ? null : parts.join('; ').slice(0, MAX_TEXT);
}

const rowText = (table: CanonicalTable, row: number): string =>
  `(${table.columns.map(({ name }, column) => `${name}=${cellText(table.rows[row]?.[column] ?? NULL_CELL)}`).join(', ')})`;

const cellText = (cell: string): string => (cell === NULL_CELL ? 'NULL' : cell);
