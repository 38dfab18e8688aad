import { InvalidOptionError } from '../core/index.ts';
import type { Objective } from './dominance.ts';
import { bestOf, entryOf, readPoints } from './vectors.ts';

type Vector = readonly number[];

/**
 * Volume of the space that the points dominate down to a reference point: one number for how good a
 * frontier is, in the product of the objectives' units. Exact, for any number of objectives.
 *
 * Points with an unknown value, and points no better than the reference in some objective, add nothing;
 * no points give 0. The cost grows steeply with points on the frontier times objectives: meant for
 * frontiers of up to some hundred points.
 *
 * @param reference - one value per objective, in the objectives' own direction and unit
 * @throws {InvalidOptionError} the reference has another length, or holds no finite number
 * @see While, Bradstreet, Barone: A fast way of calculating exact hypervolumes.
 * IEEE Trans. Evol. Comput. 16 (2012), doi:10.1109/TEVC.2010.2077298
 */
export function hypervolume<Point>(
  points: readonly Point[],
  objectives: readonly Objective<Point>[],
  reference: readonly number[],
): number {
  if (reference.length !== objectives.length || !reference.every(Number.isFinite)) {
    throw new InvalidOptionError(
      'reference',
      `must hold one finite number for each of the ${objectives.length} objectives, got [${reference.join(', ')}]`,
    );
  }
  const { complete } = readPoints(points, objectives);
  const gains = complete.indices
    .map((_, row) =>
      entryOf(complete, row).vector.map(
        (value, i) => (value ?? 0) - turned(reference[i] ?? 0, objectives[i]?.direction),
      ),
    )
    .filter((vector) => vector.every((gain) => gain > 0));
  return volume(bestVectors(gains, objectives.length));
}

const turned = (value: number, direction: string | undefined): number =>
  direction === 'minimise' ? -value : value;

/** Volume of the union of boxes from the origin to each point: each adds what those after it do not cover. */
function volume(points: readonly Vector[]): number {
  if (points.length === 0) return 0;
  if (points[0]?.length === 2) return area(points);
  // Points poor in the first objective first: what they have in common with the others shrinks fast.
  const sorted = [...points].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  return sorted.reduce((sum, point, i) => {
    const box = point.reduce((product, side) => product * side, 1);
    const common = sorted.slice(i + 1).map((other) => point.map((side, k) => Math.min(side, other[k] ?? 0)));
    return sum + box - volume(bestVectors(common, point.length));
  }, 0);
}

/** Two objectives: stairs. */
function area(points: readonly Vector[]): number {
  const sorted = [...points].sort((a, b) => (b[0] ?? 0) - (a[0] ?? 0));
  let [sum, height] = [0, 0];
  for (const [x = 0, y = 0] of sorted) {
    if (y <= height) continue;
    sum += x * (y - height);
    height = y;
  }
  return sum;
}

/** Those that no other beats, each once. */
function bestVectors(vectors: readonly Vector[], width: number): Vector[] {
  const best = bestOf({
    width,
    values: Float64Array.from(vectors.flat()),
    indices: vectors.map((_, i) => i),
  });
  const found = best.indices.map((index) => vectors[index] ?? []);
  return [...new Map(found.map((vector) => [vector.join(), vector])).values()];
}
