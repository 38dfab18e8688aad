import { NULL_CELL } from './cell.ts';
import { hashRows, type Rows } from './row-hash.ts';

/** Rows of one side with the columns that count; `hashes` where they are known already. */
export interface Side {
  readonly rows: Rows;
  readonly columns: readonly number[];
  readonly hashes?: Int32Array | undefined;
}

/** Rows that one side has and the other lacks, as indexes, counted with their multiplicity. */
export interface BagDifference {
  readonly onlyLeft: readonly number[];
  readonly onlyRight: readonly number[];
}

/** Compares rows without regard to order over pairs of columns (`left.columns[i]` with `right.columns[i]`). */
export function bagDifference(left: Side, right: Side): BagDifference {
  const bag = new RowBag(left);
  const hashes = hashesOf(right);
  const onlyRight: number[] = [];
  right.rows.forEach((row, index) => {
    if (!bag.take(row, right.columns, hashes[index] ?? 0)) onlyRight.push(index);
  });
  return { onlyLeft: bag.rest(), onlyRight };
}

/** Whether both sides hold the same rows, each as often. Cheaper than the difference when they do not. */
export function sameBag(left: Side, right: Side): boolean {
  if (left.rows.length !== right.rows.length) return false;
  const bag = new RowBag(left);
  const hashes = hashesOf(right);
  return right.rows.every((row, index) => bag.take(row, right.columns, hashes[index] ?? 0));
}

const hashesOf = ({ rows, columns, hashes }: Side): Int32Array => hashes ?? hashRows(rows, columns).hashes;

const NONE = -1;

/**
 * Rows to take out one by one, each as often as it is there.
 *
 * An open hash table of row numbers: no text is made and no object is kept per row. Hashes only find
 * candidates, cells decide.
 */
class RowBag {
  readonly #rows: Rows;
  readonly #columns: readonly number[];
  readonly #hashes: Int32Array;
  readonly #mask: number;
  /** Per place in the table: any row of the group, kept after the group is used up. */
  readonly #sample: Int32Array;
  /** Per place: the row to take next. */
  readonly #head: Int32Array;
  /** Per row: the one to take after it. */
  readonly #next: Int32Array;

  constructor(side: Side) {
    this.#rows = side.rows;
    this.#columns = side.columns;
    this.#hashes = hashesOf(side);
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, side.rows.length * 2)));
    this.#mask = size - 1;
    this.#sample = new Int32Array(size).fill(NONE);
    this.#head = new Int32Array(size).fill(NONE);
    this.#next = new Int32Array(side.rows.length).fill(NONE);
    side.rows.forEach((row, index) => {
      const place = this.#placeOf(row, side.columns, this.#hashes[index] ?? 0);
      if (this.#sample[place] === NONE) this.#sample[place] = index;
      this.#next[index] = this.#head[place] ?? NONE;
      this.#head[place] = index;
    });
  }

  /** Takes an equal row out; `false` when there is none left. */
  take(row: readonly string[], columns: readonly number[], hash: number): boolean {
    const place = this.#placeOf(row, columns, hash);
    const index = this.#head[place] ?? NONE;
    if (index === NONE) return false;
    this.#head[place] = this.#next[index] ?? NONE;
    return true;
  }

  /** What was never taken, ascending. */
  rest(): number[] {
    const left: number[] = [];
    for (const head of this.#head)
      for (let index = head; index !== NONE; index = this.#next[index] ?? NONE) left.push(index);
    return left.sort((a, b) => a - b);
  }

  /** Where rows equal to this one are, or belong. */
  #placeOf(row: readonly string[], columns: readonly number[], hash: number): number {
    let place = hash & this.#mask;
    for (;;) {
      const index = this.#sample[place] ?? NONE;
      if (index === NONE) return place;
      if (this.#hashes[index] === hash && this.#equals(this.#rows[index] ?? [], row, columns)) return place;
      place = (place + 1) & this.#mask;
    }
  }

  #equals(own: readonly string[], row: readonly string[], columns: readonly number[]): boolean {
    for (let at = 0; at < columns.length; at++)
      if ((own[this.#columns[at] ?? NONE] ?? NULL_CELL) !== (row[columns[at] ?? NONE] ?? NULL_CELL))
        return false;
    return true;
  }
}
