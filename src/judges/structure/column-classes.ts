/** Columns that joins make equal: each class has one spokesman. */
export class ColumnClasses {
  readonly #parent = new Map<string, string>();

  /** The column that stands for all columns known to be equal to `key`. */
  representative(key: string): string {
    const parent = this.#parent.get(key);
    if (parent === undefined || parent === key) return key;
    const top = this.representative(parent);
    this.#parent.set(key, top);
    return top;
  }

  same(a: string, b: string): boolean {
    return this.representative(a) === this.representative(b);
  }

  unite(a: string, b: string): void {
    const [first, second] = [this.representative(a), this.representative(b)];
    if (first === second) return;
    // The smaller name speaks, so the outcome does not depend on the order of joins.
    const [spokesman, other] = first < second ? [first, second] : [second, first];
    this.#parent.set(spokesman, spokesman);
    this.#parent.set(other, spokesman);
  }
}
