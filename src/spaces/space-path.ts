import { indexOfKey } from './keyed-list.ts';

/**
 * A place in a space or a catalog snapshot, by key instead of by index, so that it stays valid when
 * neighbours come and go: `['data_sources', 'tables', { by: 'identifier', is: 'c.s.t' }, 'description']`.
 */
export type PathSegment = string | KeyedSegment;

/** The item of a list whose member `by` equals `is`, exactly and with case. */
export interface KeyedSegment {
  readonly by: string;
  readonly is: string;
}

export type SpacePath = readonly PathSegment[];

type JsonObject = Record<string, unknown>;

/** A path as people read it: `data_sources.tables[c.s.t].column_configs[o_status].synonyms`. */
export function formatPath(path: SpacePath): string {
  let text = '';
  for (const segment of path) {
    if (typeof segment !== 'string') text += `[${segment.is}]`;
    else text += text === '' ? segment : `.${segment}`;
  }
  return text;
}

/** The value at a path; `undefined` when any part of it is absent. */
export function readAt(root: unknown, path: SpacePath): unknown {
  let value: unknown = root;
  for (const segment of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (typeof segment !== 'string') {
      if (!Array.isArray(value)) return undefined;
      value = value[indexOfKey(value, segment.by, segment.is)];
    } else {
      value = Object.hasOwn(value, segment) ? (value as JsonObject)[segment] : undefined;
    }
  }
  return value;
}

/**
 * A copy with the value at the path set, or removed when `next` is `undefined`.
 *
 * Everything off the path is shared with the input. Missing objects and lists on the way are made;
 * removing what is absent returns the input itself.
 */
export function writeAt<T>(root: T, path: SpacePath, next: unknown): T {
  return write(root, path, 0, next) as T;
}

function write(value: unknown, path: SpacePath, at: number, next: unknown): unknown {
  const segment = path[at];
  if (segment === undefined) return next;
  return typeof segment === 'string'
    ? writeMember(value, segment, path, at, next)
    : writeItem(value, segment, path, at, next);
}

function writeMember(value: unknown, key: string, path: SpacePath, at: number, next: unknown): unknown {
  if (value === undefined && next === undefined) return undefined;
  const object = (value ?? {}) as JsonObject;
  const before = Object.hasOwn(object, key) ? object[key] : undefined;
  const after = write(before, path, at + 1, next);
  if (after === before) return value;
  if (after !== undefined) return { ...object, [key]: after };
  const { [key]: _removed, ...rest } = object;
  return rest;
}

function writeItem(
  value: unknown,
  segment: KeyedSegment,
  path: SpacePath,
  at: number,
  next: unknown,
): unknown {
  const list = (value ?? []) as readonly unknown[];
  const index = indexOfKey(list, segment.by, segment.is);
  const before = index < 0 ? undefined : list[index];
  const after = write(before, path, at + 1, next);
  if (after === before) return value;
  if (after === undefined) return list.toSpliced(index, 1);
  return index < 0 ? [...list, after] : list.with(index, after);
}
