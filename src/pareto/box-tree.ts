import { compareRows } from './compare-rows.ts';
import type { Rows } from './vectors.ts';

/** Boxes of so few points are not halved again. */
const LEAF_SIZE = 16;

interface Box {
  /** The rows in the box: a part of the tree's order. */
  readonly from: number;
  readonly until: number;
  /** `null` for a box that was not halved. */
  readonly halves: readonly [Box, Box] | null;
  /** The best value of its points, for each objective. */
  readonly corner: Float64Array;
}

/**
 * Points in boxes, halved by one objective after another.
 *
 * A point is beaten by nothing in a box whose best corner is worse than it in one objective. Where hardly
 * anything is beaten, that leaves a few boxes to look into, instead of all points.
 */
export class BoxTree {
  readonly #rows: Rows;
  readonly #order: Uint32Array;
  readonly #root: Box;

  constructor(rows: Rows) {
    this.#rows = rows;
    this.#order = Uint32Array.from(rows.indices, (_, row) => row);
    this.#root = this.#boxOf(0, this.#order.length, 0);
  }

  /** Whether any point beats that of the given row. */
  beats(row: number): boolean {
    const { width, values } = this.#rows;
    const at = row * width;
    const open = [this.#root];
    for (let box = open.pop(); box !== undefined; box = open.pop()) {
      if (!reaches(box.corner, values, at)) continue;
      if (box.halves !== null) open.push(...box.halves);
      else if (this.#holdsBetter(box, at)) return true;
    }
    return false;
  }

  #holdsBetter({ from, until }: Box, at: number): boolean {
    const { width, values } = this.#rows;
    for (let place = from; place < until; place++) {
      const base = (this.#order[place] as number) * width;
      if (compareRows(values, base, values, at, width) > 0) return true;
    }
    return false;
  }

  #boxOf(from: number, until: number, objective: number): Box {
    const { width, values } = this.#rows;
    const inside = this.#order.subarray(from, until);
    const corner = new Float64Array(width).fill(-Infinity);
    for (const row of inside)
      for (let k = 0; k < width; k++)
        corner[k] = Math.max(corner[k] as number, values[row * width + k] as number);
    if (inside.length <= LEAF_SIZE) return { from, until, halves: null, corner };
    inside.sort(
      (a, b) => (values[a * width + objective] as number) - (values[b * width + objective] as number),
    );
    const middle = (from + until) >> 1;
    const next = (objective + 1) % width;
    return {
      from,
      until,
      halves: [this.#boxOf(from, middle, next), this.#boxOf(middle, until, next)],
      corner,
    };
  }
}

const reaches = (corner: Float64Array, values: Float64Array, at: number): boolean => {
  for (let k = 0; k < corner.length; k++)
    if ((corner[k] as number) < (values[at + k] as number)) return false;
  return true;
};
