import { BoxTree } from './box-tree.ts';
import { compareRows } from './compare-rows.ts';
import { dominates, vectorOf, type Objective, type ObjectiveVector } from './dominance.ts';

/** A point by its place in the input, with its values turned so that more is better. */
export interface Entry {
  readonly index: number;
  readonly vector: ObjectiveVector;
}

/** Points as rows of one array of numbers: comparing millions of pairs spends its time on fetching values. */
export interface Rows {
  readonly width: number;
  readonly values: Float64Array;
  /** Places in the input, by row. */
  readonly indices: readonly number[];
}

/** Reads the points and parts those with an unknown value from the others. */
export function readPoints<Point>(
  points: readonly Point[],
  objectives: readonly Objective<Point>[],
): { readonly complete: Rows; readonly partial: Entry[] } {
  const width = objectives.length;
  const values = new Float64Array(points.length * width);
  const indices: number[] = [];
  const partial: Entry[] = [];
  points.forEach((point, index) => {
    const at = indices.length * width;
    if (readInto(values, at, point, objectives)) indices.push(index);
    else partial.push({ index, vector: vectorOf(point, objectives) });
  });
  return { complete: { width, values, indices }, partial };
}

/** Writes a point's values; `false`: one is unknown. */
export function readInto<Point>(
  values: Float64Array,
  at: number,
  point: Point,
  objectives: readonly Objective<Point>[],
): boolean {
  for (let k = 0; k < objectives.length; k++) {
    // The same as `turnedValue`, written out: reading is most of the work when points come one by one.
    const objective = objectives[k] as Objective<Point>;
    const raw = objective.value(point);
    if (raw === null || Number.isNaN(raw)) return false;
    values[at + k] = (objective.direction === 'maximise' ? raw : -raw) + 0;
  }
  return true;
}

/** The row as an entry. */
export const entryOf = ({ width, values, indices }: Rows, row: number): Entry => ({
  index: indices[row] ?? -1,
  vector: Array.from(values.subarray(row * width, (row + 1) * width)),
});

/**
 * Rows in an order in which whoever beats another stands before it: by sum, and level sums (rounding)
 * by the first value that differs.
 */
export function bestFirst({ width, values, indices }: Rows): Uint32Array {
  const sums = indices.map((_, row) => {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += values[row * width + k] as number;
    return sum;
  });
  // Infinities of both signs have no sum.
  const hasSums = sums.every(Number.isFinite);
  const lexicographic = (a: number, b: number): number => {
    for (let k = 0; k < width; k++) {
      const [left, right] = [values[a * width + k] as number, values[b * width + k] as number];
      if (left !== right) return left > right ? -1 : 1;
    }
    return a - b;
  };
  const order = Uint32Array.from(indices, (_, row) => row);
  return order.sort(
    (a, b) => (hasSums ? (sums[b] as number) - (sums[a] as number) : 0) || lexicographic(a, b),
  );
}

const FIRST_CAPACITY = 64;
const NOTHING: readonly number[] = [];

/** Points of which none beats another, packed row by row. */
export class Front {
  readonly #width: number;
  #values: Float64Array;
  #indices: number[] = [];

  constructor(width: number) {
    this.#width = width;
    this.#values = new Float64Array(FIRST_CAPACITY * width);
  }

  get size(): number {
    return this.#indices.length;
  }

  get rows(): Rows {
    return { width: this.#width, values: this.#values, indices: this.#indices };
  }

  /** Whether one of the points beats the given one; it moves forward. */
  beats(source: Float64Array, at: number): boolean {
    const width = this.#width;
    const values = this.#values;
    const count = this.#indices.length;
    for (let row = 0, base = 0; row < count; row++, base += width) {
      let k = 0;
      while (k < width && (values[base + k] as number) >= (source[at + k] as number)) k++;
      // Equal points do not beat each other.
      if (k < width || compareRows(values, base, source, at, width) === 0) continue;
      if (row > 0) this.#swap(row, row >> 1);
      return true;
    }
    return false;
  }

  /** Adds a point that nothing here beats, without looking for those it beats. */
  push(source: Float64Array, at: number, index: number): void {
    const width = this.#width;
    const end = this.#indices.length * width;
    if (end + width > this.#values.length) {
      const larger = new Float64Array(2 * this.#values.length + width);
      larger.set(this.#values);
      this.#values = larger;
    }
    for (let k = 0; k < width; k++) this.#values[end + k] = source[at + k] as number;
    this.#indices.push(index);
  }

  /**
   * Adds a point and drops those it beats.
   *
   * @returns places in the input of what was dropped; `null` when the point is beaten itself
   */
  place(source: Float64Array, at: number, index: number): readonly number[] | null {
    const width = this.#width;
    const values = this.#values;
    const indices = this.#indices;
    let dropped = NOTHING;
    for (let row = 0; row < indices.length;) {
      const relation = compareRows(values, row * width, source, at, width);
      if (relation === 0) row += 1;
      else if (relation > 0) {
        // Likely to beat the next too.
        if (row > 0) this.#swap(row, row >> 1);
        return null;
      } else {
        dropped = [...dropped, indices[row] as number];
        this.#remove(row);
      }
    }
    this.push(source, at, index);
    return dropped;
  }

  /** The last row fills the gap: the order in here means nothing. */
  #remove(row: number): void {
    const width = this.#width;
    const values = this.#values;
    const last = this.#indices.pop() as number;
    const end = this.#indices.length;
    if (row === end) return;
    for (let k = 0; k < width; k++) values[row * width + k] = values[end * width + k] as number;
    this.#indices[row] = last;
  }

  #swap(a: number, b: number): void {
    const width = this.#width;
    const values = this.#values;
    for (let k = 0; k < width; k++) {
      const value = values[a * width + k] as number;
      values[a * width + k] = values[b * width + k] as number;
      values[b * width + k] = value;
    }
    const index = this.#indices[a] as number;
    this.#indices[a] = this.#indices[b] as number;
    this.#indices[b] = index;
  }
}

/** A front of more points than this is searched in boxes; below, its best points beat most others at once. */
const LARGE_FRONT = 512;

/** The rows that no other row beats. */
export function bestOf(rows: Rows): Rows {
  const front = new Front(rows.width);
  const { values, indices, width } = rows;
  for (let row = 0; row < indices.length; row++) {
    front.place(values, row * width, indices[row] as number);
    if (front.size > LARGE_FRONT) return bestByBoxes(rows);
  }
  return front.rows;
}

function bestByBoxes(rows: Rows): Rows {
  const tree = new BoxTree(rows);
  const front = new Front(rows.width);
  rows.indices.forEach((index, row) => {
    if (!tree.beats(row)) front.push(rows.values, row * rows.width, index);
  });
  return front.rows;
}

/**
 * The points of both kinds that no point of either kind dominates, in input order.
 *
 * Of the complete points the best suffice: whoever is worse than one of them is worse than them too.
 */
export function undominated(best: Rows, partial: readonly Entry[]): Entry[] {
  const complete = best.indices.map((_, row) => entryOf(best, row));
  const isFree = ({ vector }: Entry, others: readonly Entry[]) =>
    !others.some((other) => dominates(other.vector, vector));
  const free =
    partial.length === 0
      ? complete
      : [
          ...complete.filter((entry) => isFree(entry, partial)),
          ...partial.filter((entry) => isFree(entry, complete) && isFree(entry, partial)),
        ];
  return free.sort((a, b) => a.index - b.index);
}

/** Of equal vectors the first. */
export function firstOfEach(entries: readonly Entry[]): Entry[] {
  const seen = new Map<number, ObjectiveVector[]>();
  return entries.filter(({ vector }) => {
    const key = keyOf(vector);
    const alike = seen.get(key);
    if (alike === undefined) {
      seen.set(key, [vector]);
      return true;
    }
    if (alike.some((other) => other.every((value, k) => value === vector[k]))) return false;
    alike.push(vector);
    return true;
  });
}

/** Equal for equal vectors, hardly ever for others. */
function keyOf(vector: ObjectiveVector): number {
  let key = 0;
  for (const value of vector) key = 31.7 * key + (value ?? 0.1);
  return key;
}
