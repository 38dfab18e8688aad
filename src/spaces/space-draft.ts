import type { KeyedSegment, SpacePath } from './space-path.ts';

type JsonObject = Record<string, unknown>;

/** A list that is searched so often gets an index; it costs about as much as some searches. */
const INDEXED_SEARCHES = 32;

/**
 * Many writes to one value at keyed paths, as {@link writeAt} makes them one by one.
 *
 * Each object and list on a written path is copied once and then changed in place, so the cost grows with the
 * writes and what they touch; the value that the draft was made from is never changed.
 */
export class Draft<T> {
  #root: T;
  /** What this draft has copied, and may change. */
  readonly #owned = new Set<unknown>();
  /** Where the last search ended: a value is mostly read before it is written. */
  #lastList: readonly unknown[] | undefined;
  #lastIndex = -1;
  /** The index of a list, or how often it was searched without one. */
  readonly #places = new Map<readonly unknown[], Map<unknown, number> | number>();

  constructor(root: T) {
    this.#root = root;
  }

  /** The present state; it changes with later writes. */
  get current(): T {
    return this.#root;
  }

  /** The item of a list of the present state whose member `by` equals `is`; `undefined` when there is none. */
  find<I>(list: readonly I[] | undefined, by: string, is: string): I | undefined {
    return list?.[this.#indexOf(list, { by, is })];
  }

  /** The value at a path; `undefined` when any part of it is absent. */
  read(path: SpacePath): unknown {
    let value: unknown = this.#root;
    for (const segment of path) {
      if (typeof value !== 'object' || value === null) return undefined;
      if (typeof segment === 'string')
        value = Object.hasOwn(value, segment) ? (value as JsonObject)[segment] : undefined;
      else value = Array.isArray(value) ? this.find(value, segment.by, segment.is) : undefined;
    }
    return value;
  }

  /** Sets the value at the path, or removes it when `next` is `undefined`; `previous` is the value that leaves. */
  write(path: SpacePath, next: unknown, previous: unknown): void {
    this.#disown(previous);
    this.#disown(next);
    this.#root = this.#write(this.#root, path, 0, next) as T;
  }

  /** What a caller holds must not change under its hands. */
  #disown(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    this.#owned.delete(value);
    const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
    for (const item of items) if (typeof item === 'object') this.#disown(item);
  }

  #write(value: unknown, path: SpacePath, at: number, next: unknown): unknown {
    const segment = path[at];
    if (segment === undefined) return next;
    if (typeof segment !== 'string') return this.#writeItem(value, segment, path, at, next);
    if (value === undefined && next === undefined) return undefined;
    const object = (value ?? {}) as JsonObject;
    const before = Object.hasOwn(object, segment) ? object[segment] : undefined;
    const after = this.#write(before, path, at + 1, next);
    if (after === before) return value;
    if (after === undefined) {
      const { [segment]: _removed, ...rest } = object;
      return this.#own(rest);
    }
    if (segment === '__proto__') return this.#own({ ...object, [segment]: after });
    if (this.#owned.has(value)) {
      object[segment] = after;
      return object;
    }
    const copy = { ...object };
    copy[segment] = after;
    return this.#own(copy);
  }

  #writeItem(value: unknown, segment: KeyedSegment, path: SpacePath, at: number, next: unknown): unknown {
    const list = (value ?? []) as unknown[];
    const index = this.#indexOf(list, segment);
    const before = index < 0 ? undefined : list[index];
    const after = this.#write(before, path, at + 1, next);
    if (after === before) return value;
    if (after === undefined) return this.#own(list.toSpliced(index, 1));
    if (index < 0) return this.#own([...list, after]);
    if (this.#owned.has(list)) {
      list[index] = after;
      return list;
    }
    const copy = list.slice();
    copy[index] = after;
    const places = this.#places.get(list);
    if (places !== undefined) this.#places.set(copy, places);
    return this.#own(copy);
  }

  /** The position of an item; a remembered one is believed only when the item there is the wanted one. */
  #indexOf(list: readonly unknown[], { by, is }: KeyedSegment): number {
    if (this.#lastList === list && (list[this.#lastIndex] as JsonObject | null)?.[by] === is)
      return this.#lastIndex;
    this.#lastList = list;
    return (this.#lastIndex = this.#search(list, by, is));
  }

  #search(list: readonly unknown[], by: string, is: string): number {
    let places = this.#places.get(list) ?? 0;
    if (typeof places === 'number') {
      if (places < INDEXED_SEARCHES) {
        this.#places.set(list, places + 1);
        return indexOfItem(list, by, is);
      }
      places = new Map();
      for (let at = list.length - 1; at >= 0; at -= 1) places.set((list[at] as JsonObject | null)?.[by], at);
      this.#places.set(list, places);
    }
    const at = places.get(is);
    return at !== undefined && (list[at] as JsonObject | null)?.[by] === is ? at : indexOfItem(list, by, is);
  }

  #own<V>(value: V): V {
    this.#owned.add(value);
    return value;
  }
}

function indexOfItem(list: readonly unknown[], by: string, is: string): number {
  for (let at = 0; at < list.length; at += 1) if ((list[at] as JsonObject | null)?.[by] === is) return at;
  return -1;
}
