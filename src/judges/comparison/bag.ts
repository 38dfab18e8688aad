import { rowKey } from './canonical-table.ts';

type Rows = readonly (readonly string[])[];

/** Rows that one side has and the other lacks, as indexes, counted with their multiplicity. */
export interface BagDifference {
  readonly onlyLeft: readonly number[];
  readonly onlyRight: readonly number[];
}

/** Compares rows without regard to order over pairs of columns (`leftColumns[i]` with `rightColumns[i]`). */
export function bagDifference(
  left: Rows,
  leftColumns: readonly number[],
  right: Rows,
  rightColumns: readonly number[],
): BagDifference {
  const waiting = new Map<string, number[]>();
  left.forEach((row, index) => {
    const key = rowKey(row, leftColumns);
    const bucket = waiting.get(key);
    if (bucket === undefined) waiting.set(key, [index]);
    else bucket.push(index);
  });
  const onlyRight: number[] = [];
  right.forEach((row, index) => {
    if (waiting.get(rowKey(row, rightColumns))?.pop() === undefined) onlyRight.push(index);
  });
  return { onlyLeft: [...waiting.values()].flat().sort((a, b) => a - b), onlyRight };
}

/** Whether both sides hold the same rows, each as often. Cheaper than the difference when they do not. */
export function sameBag(
  left: Rows,
  leftColumns: readonly number[],
  right: Rows,
  rightColumns: readonly number[],
): boolean {
  if (left.length !== right.length) return false;
  return sameKeys(
    left.map((row) => rowKey(row, leftColumns)),
    right.map((row) => rowKey(row, rightColumns)),
  );
}

/** Whether two lists hold the same texts, each as often, in any order. */
export function sameKeys(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false;
  const counts = new Map<string, number>();
  for (const key of left) counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const key of right) {
    const count = counts.get(key);
    if (count === undefined || count === 0) return false;
    counts.set(key, count - 1);
  }
  return true;
}
