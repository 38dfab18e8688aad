import type { Objective } from './dominance.ts';
import { entryOf, readPoints } from './vectors.ts';
import { paretoFrontier } from './frontier.ts';

/**
 * The point of the frontier with the best trade: each objective is scaled to 0–1 over the frontier, and
 * the point farthest from the plane through the extremes wins, which is the one of largest sum.
 *
 * An objective that is the same everywhere decides nothing. Points with an unknown value cannot be
 * placed and are chosen only when there are no others; of equal points the first wins.
 *
 * @returns `null` for no points
 */
export function kneePoint<Point>(
  points: readonly Point[],
  objectives: readonly Objective<Point>[],
): Point | null {
  const frontier = paretoFrontier(points, objectives);
  const rows = readPoints(frontier, objectives).complete;
  const complete = rows.indices.map((_, row) => entryOf(rows, row));
  if (complete.length === 0) return frontier[0] ?? null;
  const ranges = objectives.map((_, i) => {
    const values = complete.map(({ vector }) => vector[i] ?? 0);
    const low = values.reduce((a, b) => Math.min(a, b), Infinity);
    const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
    return { low, width: high - low };
  });
  let knee = { index: -1, sum: -Infinity };
  for (const { index, vector } of complete) {
    const sum = vector.reduce<number>((total, value, i) => {
      const { low = 0, width = 0 } = ranges[i] ?? {};
      return width > 0 && Number.isFinite(width) ? total + ((value ?? 0) - low) / width : total;
    }, 0);
    if (sum > knee.sum) knee = { index, sum };
  }
  return frontier[knee.index] ?? null;
}
