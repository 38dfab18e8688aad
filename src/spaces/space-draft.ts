import { indexOfKey } from './keyed-list.ts';
import type { KeyedSegment, SpacePath } from './space-path.ts';

type JsonObject = Record<string, unknown>;

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
  /** The object that the last write changed, with its path and one more segment: the next write is often beside it. */
  #lastObject: JsonObject | undefined;
  #lastPath: SpacePath = [];

  constructor(root: T) {
    this.#root = root;
  }

  /** The present state; it changes with later writes. */
  get current(): T {
    return this.#root;
  }

  /** The value at a path; `undefined` when any part of it is absent. */
  read(path: SpacePath): unknown {
    let value: unknown = this.#root;
    for (const segment of path) {
      if (typeof value !== 'object' || value === null) return undefined;
      if (typeof segment === 'string')
        value = Object.hasOwn(value, segment) ? (value as JsonObject)[segment] : undefined;
      else value = Array.isArray(value) ? value[indexOfKey(value, segment.by, segment.is)] : undefined;
    }
    return value;
  }

  /** Sets the value at the path, or removes it when `next` is `undefined`; `previous` is the value that leaves. */
  write(path: SpacePath, next: unknown, previous: unknown): void {
    this.#disown(previous);
    this.#disown(next);
    if (this.#writeBeside(path, next)) return;
    this.#lastObject = undefined;
    this.#root = this.#write(this.#root, path, 0, next) as T;
    this.#lastPath = path;
  }

  /** Sets another member of the object that was written last; `false` when the path leads elsewhere. */
  #writeBeside(path: SpacePath, next: unknown): boolean {
    const object = this.#lastObject;
    const end = path.length - 1;
    const member = path[end];
    if (object === undefined || next === undefined || typeof member !== 'string' || member === '__proto__')
      return false;
    if (path.length !== this.#lastPath.length || !this.#owned.has(object)) return false;
    for (let at = 0; at < end; at += 1) if (path[at] !== this.#lastPath[at]) return false;
    object[member] = next;
    return true;
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
    const target = this.#owned.has(value) ? object : this.#own({ ...object });
    target[segment] = after;
    if (at === path.length - 1) this.#lastObject = target;
    return target;
  }

  #writeItem(value: unknown, segment: KeyedSegment, path: SpacePath, at: number, next: unknown): unknown {
    const list = (value ?? []) as unknown[];
    const index = indexOfKey(list, segment.by, segment.is);
    const before = index < 0 ? undefined : list[index];
    const after = this.#write(before, path, at + 1, next);
    if (after === before) return value;
    if (after === undefined) return this.#own(list.toSpliced(index, 1));
    if (index < 0) {
      // Its path need not find it again: the new item has the key only if that was written too.
      this.#lastObject = undefined;
      return this.#own([...list, after]);
    }
    if (this.#owned.has(list)) {
      list[index] = after;
      return list;
    }
    const copy = list.slice();
    copy[index] = after;
    return this.#own(copy);
  }

  #own<V>(value: V): V {
    this.#owned.add(value);
    return value;
  }
}
