import type { Objective } from './dominance.ts';
import { bestOf, firstOfEach, readPoints, undominated } from './vectors.ts';

export interface FrontierOptions {
  /** Of points with equal vectors keep the first in input order (default) or all of them. */
  readonly equalPoints?: 'first' | 'all';
}

/**
 * The points that no other point dominates, in input order.
 *
 * An empty list gives an empty frontier. With one objective that may be unknown the frontier of a
 * non-empty list is never empty; with several, points may beat each other in a ring and all fall.
 *
 * @see spec/session-state.md §6.4
 */
export function paretoFrontier<Point>(
  points: readonly Point[],
  objectives: readonly Objective<Point>[],
  options: FrontierOptions = {},
): Point[] {
  const { complete, partial } = readPoints(points, objectives);
  const kept = undominated(bestOf(complete), partial);
  const unique = options.equalPoints === 'all' ? kept : firstOfEach(kept);
  return unique.map(({ index }) => points[index] as Point);
}
