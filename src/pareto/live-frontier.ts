import { vectorOf, type Objective } from './dominance.ts';
import type { FrontierOptions } from './frontier.ts';
import { firstOfEach, Front, readInto, undominated, type Entry, type Rows } from './vectors.ts';

/** A frontier that points are added to one by one. */
export interface LiveFrontier<Point> {
  /** Adds a point. @returns whether it is on the frontier now; an equal of an earlier point is only with `equalPoints: 'all'` */
  add(point: Point): boolean;
  /** The same as {@link paretoFrontier} of all points added so far, in the order of adding. */
  points(): Point[];
  /** Points added so far. */
  readonly size: number;
}

/**
 * A frontier kept up to date: adding costs a comparison with the frontier, not with all points.
 *
 * Complete points that are beaten are forgotten. Points with an unknown value are all kept, since with
 * them dominance is not transitive: what was beaten by one may be free again beside another.
 */
export function liveFrontier<Point>(
  objectives: readonly Objective<Point>[],
  options: FrontierOptions = {},
): LiveFrontier<Point> {
  const kept = new Map<number, Point>();
  const best = new Front(objectives.length);
  const partial: Entry[] = [];
  const values = new Float64Array(objectives.length);
  let size = 0;

  const current = () => {
    const free = undominated(best.rows, partial);
    return options.equalPoints === 'all' ? free : firstOfEach(free);
  };
  return {
    add(point) {
      const index = size++;
      if (!readInto(values, 0, point, objectives)) {
        partial.push({ index, vector: vectorOf(point, objectives) });
      } else {
        const dropped = best.place(values, 0, index);
        if (dropped === null) return false;
        for (const place of dropped) kept.delete(place);
      }
      kept.set(index, point);
      if (partial.length === 0) return options.equalPoints === 'all' || !hasTwin(best.rows, values);
      return current().some((entry) => entry.index === index);
    },
    points: () => current().map(({ index }) => kept.get(index) as Point),
    get size() {
      return size;
    },
  };
}

/** Whether a row before the last one is equal to it. */
function hasTwin({ width, values, indices }: Rows, last: Float64Array): boolean {
  for (let row = 0; row < indices.length - 1; row++) {
    let k = 0;
    while (k < width && last[k] === values[row * width + k]) k++;
    if (k === width) return true;
  }
  return false;
}
