import { bagDifference } from './bag.ts';
import { rowKey, type CanonicalTable } from './canonical-table.ts';
import { scaledInteger } from './decimal.ts';
import { toleranceOf, withinTolerance, type NumberPolicy, type Tolerance } from './tolerance.ts';

/** Rows with the same exact cells are matched one by one up to this many; beyond, in sorted order. */
const MAX_MATCHING = 400;

interface Pairing {
  readonly left: CanonicalTable;
  readonly right: CanonicalTable;
  /** Pairs of columns that must be equal. */
  readonly exactLeft: readonly number[];
  readonly exactRight: readonly number[];
  /** Pairs of columns with room. */
  readonly near: readonly { readonly left: number; readonly right: number; readonly tolerance: Tolerance }[];
  readonly floatDigits: number;
}

/**
 * Whether rows agree one to one when floats and decimals of different scale may differ slightly.
 *
 * Equal rows are taken out first; only what remains is matched again, so the usual cost is one pass.
 *
 * @param mapping - for each left column to compare, the right column
 */
export function sameRowsWithin(
  left: CanonicalTable,
  right: CanonicalTable,
  mapping: ReadonlyMap<number, number>,
  policy: NumberPolicy,
): boolean {
  if (left.rows.length !== right.rows.length) return false;
  const pairing = pair(left, right, mapping, policy);
  if (pairing.near.length === 0) return false;
  const rest = bagDifference(
    { rows: left.rows, columns: [...mapping.keys()] },
    { rows: right.rows, columns: [...mapping.values()] },
  );
  const leftGroups = groupBy(left, rest.onlyLeft, pairing.exactLeft);
  const rightGroups = groupBy(right, rest.onlyRight, pairing.exactRight);
  if (leftGroups.size !== rightGroups.size) return false;
  for (const [key, leftRows] of leftGroups) {
    const rightRows = rightGroups.get(key);
    if (rightRows === undefined || rightRows.length !== leftRows.length) return false;
    if (matchGroup(pairing, leftRows, rightRows)) continue;
    // An equal row taken out before may be needed as a partner of a near one.
    const wholeLeft = rowsWithKey(left, pairing.exactLeft, key);
    const wholeRight = rowsWithKey(right, pairing.exactRight, key);
    if (wholeLeft.length === leftRows.length || !matchGroup(pairing, wholeLeft, wholeRight)) return false;
  }
  return true;
}

function pair(
  left: CanonicalTable,
  right: CanonicalTable,
  mapping: ReadonlyMap<number, number>,
  policy: NumberPolicy,
): Pairing {
  const exactLeft: number[] = [];
  const exactRight: number[] = [];
  const near: { left: number; right: number; tolerance: Tolerance }[] = [];
  for (const [from, to] of mapping) {
    const [a, b] = [left.columns[from], right.columns[to]];
    const tolerance = a === undefined || b === undefined ? null : toleranceOf(a, b, policy);
    if (tolerance === null) {
      exactLeft.push(from);
      exactRight.push(to);
    } else near.push({ left: from, right: to, tolerance });
  }
  return { left, right, exactLeft, exactRight, near, floatDigits: policy.floatDigits };
}

function groupBy(
  table: CanonicalTable,
  rows: readonly number[],
  columns: readonly number[],
): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const index of rows) {
    const key = rowKey(table.rows[index] ?? [], columns);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [index]);
    else group.push(index);
  }
  return groups;
}

const rowsWithKey = (table: CanonicalTable, columns: readonly number[], key: string): number[] =>
  table.rows.flatMap((row, index) => (rowKey(row, columns) === key ? [index] : []));

function matchGroup(pairing: Pairing, leftRows: readonly number[], rightRows: readonly number[]): boolean {
  if (pairing.near.length > 1 && leftRows.length <= MAX_MATCHING)
    return matchOneByOne(pairing, leftRows, rightRows);
  // In one dimension the sorted pairing is the best there is.
  const sortedLeft = sortedRows(
    pairing.left,
    leftRows,
    pairing.near.map(({ left }) => left),
    pairing.floatDigits,
  );
  const sortedRight = sortedRows(
    pairing.right,
    rightRows,
    pairing.near.map(({ right }) => right),
    pairing.floatDigits,
  );
  return sortedLeft.every((row, at) => rowsAgree(pairing, row, sortedRight[at] ?? -1));
}

function rowsAgree({ left, right, near, floatDigits }: Pairing, leftRow: number, rightRow: number): boolean {
  const [a, b] = [left.rows[leftRow], right.rows[rightRow]];
  if (a === undefined || b === undefined) return false;
  return near.every((columns) =>
    withinTolerance(a[columns.left] ?? '', b[columns.right] ?? '', columns.tolerance, floatDigits),
  );
}

/** Finds a perfect matching by augmenting paths. */
function matchOneByOne(pairing: Pairing, leftRows: readonly number[], rightRows: readonly number[]): boolean {
  const partnerOf = new Map<number, number>();
  const assign = (row: number, visited: Set<number>): boolean => {
    for (const candidate of rightRows) {
      if (visited.has(candidate) || !rowsAgree(pairing, row, candidate)) continue;
      visited.add(candidate);
      const holder = partnerOf.get(candidate);
      if (holder === undefined || assign(holder, visited)) {
        partnerOf.set(candidate, row);
        return true;
      }
    }
    return false;
  };
  return leftRows.every((row) => assign(row, new Set()));
}

function sortedRows(
  table: CanonicalTable,
  rows: readonly number[],
  columns: readonly number[],
  floatDigits: number,
): number[] {
  const keys = new Map(
    rows.map((index) => [
      index,
      columns.map((column) => sortable(table.rows[index]?.[column] ?? '', floatDigits)),
    ]),
  );
  return [...rows].sort((a, b) => compareKeys(keys.get(a) ?? [], keys.get(b) ?? []));
}

type SortKey = bigint | string;
const sortable = (cell: string, floatDigits: number): SortKey => scaledInteger(cell, floatDigits) ?? cell;

function compareKeys(a: readonly SortKey[], b: readonly SortKey[]): number {
  for (let index = 0; index < a.length; index++) {
    const [left, right] = [a[index] ?? '', b[index] ?? ''];
    // Texts (NULL, NaN) stand behind all numbers.
    if (typeof left !== typeof right) return typeof left === 'bigint' ? -1 : 1;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

/** Whether two whole columns could be the same values within tolerance: their sorted values agree pairwise. */
export function columnsAgreeWithin(
  left: CanonicalTable,
  leftColumn: number,
  right: CanonicalTable,
  rightColumn: number,
  policy: NumberPolicy,
): boolean {
  const [a, b] = [left.columns[leftColumn], right.columns[rightColumn]];
  const tolerance = a === undefined || b === undefined ? null : toleranceOf(a, b, policy);
  if (tolerance === null || left.rows.length !== right.rows.length) return false;
  const every = (table: CanonicalTable) => table.rows.map((_, index) => index);
  const sortedRight = sortedRows(right, every(right), [rightColumn], policy.floatDigits);
  return sortedRows(left, every(left), [leftColumn], policy.floatDigits).every((row, at) =>
    withinTolerance(
      left.rows[row]?.[leftColumn] ?? '',
      right.rows[sortedRight[at] ?? -1]?.[rightColumn] ?? '',
      tolerance,
      policy.floatDigits,
    ),
  );
}
