import { dominates, type Objective } from './dominance.ts';
import { bestFirst, entryOf, Front, readPoints, type Entry, type Rows } from './vectors.ts';

/**
 * Sorts points into fronts: the first holds those that nothing dominates, the next those that only the
 * first dominates, and so on. Works for any number of objectives.
 *
 * Points of a front keep their input order, and equal points share a front. With unknown values points
 * may beat each other in a ring: those that never come free make up the last front.
 */
export function nonDominatedSort<Point>(
  points: readonly Point[],
  objectives: readonly Objective<Point>[],
): Point[][] {
  const { complete, partial } = readPoints(points, objectives);
  const fronts =
    partial.length === 0
      ? completeFronts(complete)
      : peeledFronts([...complete.indices.map((_, row) => entryOf(complete, row)), ...partial]);
  return fronts.map((front) => [...front].sort((a, b) => a - b).map((index) => points[index] as Point));
}

/**
 * Each point, best first, goes to the first front that holds nothing that beats it. Found by bisection:
 * a front that beats it has one before it that does too.
 *
 * @see Zhang, Tian, Cheng, Jin: An efficient approach to nondominated sorting for evolutionary
 * multiobjective optimization. IEEE Trans. Evol. Comput. 19 (2015), doi:10.1109/TEVC.2014.2308305
 */
function completeFronts(rows: Rows): (readonly number[])[] {
  const { width, values, indices } = rows;
  const fronts: Front[] = [];
  for (const row of bestFirst(rows)) {
    const at = row * width;
    let [low, high] = [0, fronts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (fronts[middle]?.beats(values, at)) low = middle + 1;
      else high = middle;
    }
    if (low === fronts.length) fronts.push(new Front(width));
    fronts[low]?.push(values, at, indices[row] as number);
  }
  return fronts.map((front) => front.rows.indices);
}

/** The definition, front by front: unknown values leave no order to rely on. */
function peeledFronts(entries: readonly Entry[]): (readonly number[])[] {
  const fronts: (readonly number[])[] = [];
  let rest = entries;
  while (rest.length > 0) {
    const free = rest.filter(({ vector }) => !rest.some((other) => dominates(other.vector, vector)));
    if (free.length === 0) return [...fronts, rest.map(({ index }) => index)];
    fronts.push(free.map(({ index }) => index));
    const gone = new Set(free);
    rest = rest.filter((entry) => !gone.has(entry));
  }
  return fronts;
}
