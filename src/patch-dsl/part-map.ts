import type { PartAccess } from './access.ts';

/** Values by part and item. */
export class PartMap<T> {
  readonly #parts = new Map<string, T>();
  #items: Map<string, Map<string, T>> | undefined;
  /** The list of items that was asked for last; it mostly is asked for again. */
  #lastPart: string | undefined;
  #lastItems: Map<string, T> | undefined;

  get({ part, item }: PartAccess): T | undefined {
    return item === undefined ? this.#parts.get(part) : this.#itemsOf(part).get(item);
  }

  set({ part, item }: PartAccess, value: T): void {
    if (item === undefined) this.#parts.set(part, value);
    else this.#itemsOf(part).set(item, value);
  }

  *entries(): Iterable<[string, T]> {
    yield* this.#parts;
    for (const [part, items] of this.#items ?? []) {
      for (const [item, value] of items) yield [`${part}=${item}`, value];
    }
  }

  #itemsOf(part: string): Map<string, T> {
    if (this.#lastItems !== undefined && this.#lastPart === part) return this.#lastItems;
    this.#items ??= new Map();
    let items = this.#items.get(part);
    if (items === undefined) this.#items.set(part, (items = new Map()));
    this.#lastPart = part;
    return (this.#lastItems = items);
  }
}
