/** One thing to be good at. */
export interface Objective<Point> {
  readonly name: string;
  readonly direction: 'maximise' | 'minimise';
  /** `null`: unknown; the objective is then left out of every comparison with this point. Never a stand-in zero. */
  readonly value: (point: Point) => number | null;
}

/** Values turned so that more is better; `null` where unknown. */
export type ObjectiveVector = readonly (number | null)[];

/** Reads a point's objectives. A value that is no number counts as unknown. */
export const vectorOf = <Point>(point: Point, objectives: readonly Objective<Point>[]): ObjectiveVector =>
  objectives.map((objective) => turnedValue(point, objective));

/** One value turned so that more is better. Adding zero turns -0 into 0, so that equal values are equal. */
export function turnedValue<Point>(point: Point, { direction, value }: Objective<Point>): number | null {
  const raw = value(point);
  if (raw === null || Number.isNaN(raw)) return null;
  return (direction === 'maximise' ? raw : -raw) + 0;
}

/**
 * Whether `a` is no worse than `b` on every objective known on both sides, and better on at least one.
 *
 * With unknown values this relation is not transitive: A may beat B and B may beat C while A and C
 * are not comparable.
 *
 * @see spec/session-state.md §6.4
 */
export function dominates(a: ObjectiveVector, b: ObjectiveVector): boolean {
  let better = false;
  for (let index = 0; index < a.length; index++) {
    const [left, right] = [a[index] ?? null, b[index] ?? null];
    if (left === null || right === null) continue;
    if (left < right) return false;
    if (left > right) better = true;
  }
  return better;
}
