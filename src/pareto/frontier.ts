import { dominates, vectorOf, type Objective, type ObjectiveVector } from './dominance.ts';

export interface FrontierOptions {
  /** Of points with equal vectors keep the first in input order (default) or all of them. */
  readonly equalPoints?: 'first' | 'all';
}

interface Entry {
  readonly index: number;
  readonly vector: ObjectiveVector;
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
  const entries = points.map((point, index): Entry => ({ index, vector: vectorOf(point, objectives) }));
  const complete: Entry[] = [];
  const partial: Entry[] = [];
  for (const entry of entries) (entry.vector.includes(null) ? partial : complete).push(entry);

  // Among complete points dominance is transitive: whoever beats a point is itself beaten only by
  // a point of the frontier, so comparing with the frontier found so far is enough.
  const best = completeFrontier(complete);
  const kept = [
    ...best.filter((entry) => !partial.some((other) => dominates(other.vector, entry.vector))),
    ...partial.filter(
      (entry) =>
        !best.some((other) => dominates(other.vector, entry.vector)) &&
        !partial.some((other) => dominates(other.vector, entry.vector)),
    ),
  ].sort((a, b) => a.index - b.index);
  const unique = options.equalPoints === 'all' ? kept : firstOfEach(kept);
  return unique.flatMap(({ index }) => points.slice(index, index + 1));
}

function completeFrontier(entries: Entry[]): Entry[] {
  // In descending order a point can only be beaten by one that stands before it.
  entries.sort((a, b) => descending(a.vector, b.vector) || a.index - b.index);
  const frontier: Entry[] = [];
  for (const entry of entries) {
    const beaten = frontier.findIndex((other) => dominates(other.vector, entry.vector));
    if (beaten === -1) {
      frontier.push(entry);
      continue;
    }
    // A point that has just beaten one is likely to beat the next: look at it first.
    const [strong] = frontier.splice(beaten, 1);
    if (strong !== undefined) frontier.unshift(strong);
  }
  return frontier;
}

function descending(a: ObjectiveVector, b: ObjectiveVector): number {
  for (let index = 0; index < a.length; index++) {
    const difference = (b[index] ?? 0) - (a[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function firstOfEach(entries: readonly Entry[]): Entry[] {
  const seen = new Set<string>();
  return entries.filter(({ vector }) => {
    const key = vector.join('|');
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
