import { compareCodeUnits, sha256 } from '../core/index.ts';
import { writableJson } from './exact-json.ts';
import { SPACE_SHAPE } from './space-shape.ts';
import type { FieldShape, ListShape, ObjectShape } from './space-shape.ts';
import type { Space } from './space.ts';

type JsonObject = Record<string, unknown>;
type MapUnknown = (value: unknown) => unknown;

/**
 * The space in the order the API demands: lists ascending by code unit, documented keys first and then
 * unknown keys in their order, optional empty sections left out (`data_sources` always stays).
 *
 * Idempotent; parts that are canonical already are shared with the input, which is not changed.
 * @see spec/databricks-apis.md §3.4
 */
export function canonicalSpace(space: Space): Space {
  return orderObject(space, SPACE_SHAPE, (value) => value) as Space;
}

/** The one text of a space: canonical order, no whitespace, numbers with the digits they came with. */
export function serializeSpace(space: Space): string {
  return JSON.stringify(orderObject(space, SPACE_SHAPE, writableJson));
}

/** SHA-256 of the canonical text. */
export const spaceHash = (space: Space): string => sha256(serializeSpace(space));

/** Whether two spaces have the same content: equal canonical texts. */
export const sameSpace = (a: Space, b: Space): boolean => a === b || serializeSpace(a) === serializeSpace(b);

/** Sort keys of an item, compared one after the other; a missing key counts as the empty text. */
export function compareByKeys(keys: readonly string[]): (a: unknown, b: unknown) => number {
  return (a, b) => {
    for (const key of keys) {
      const order = compareCodeUnits(keyText(a, key), keyText(b, key));
      if (order !== 0) return order;
    }
    return 0;
  };
}

const keyText = (item: unknown, key: string): string => {
  const value = (item as JsonObject | null)?.[key];
  return typeof value === 'string' ? value : '';
};

function orderObject(value: JsonObject, shape: ObjectShape, mapUnknown: MapUnknown): JsonObject {
  return isLeaf(shape) && isOrderedLeaf(value, shape, mapUnknown) ? value : rebuild(value, shape, mapUnknown);
}

/** Shapes whose fields hold no documented objects or lists: most objects of a space are of such a shape. */
const isLeaf = (shape: ObjectShape): boolean => LEAF_RANKS.has(shape);

const LEAF_RANKS: ReadonlyMap<ObjectShape, ReadonlyMap<string, number>> = new Map(leafShapes(SPACE_SHAPE));

function leafShapes(shape: ObjectShape): [ObjectShape, ReadonlyMap<string, number>][] {
  const fields = Object.values(shape);
  const inner = fields.flatMap((field) =>
    field.kind === 'object' || field.kind === 'list' ? leafShapes(field.shape) : [],
  );
  const isFlat = fields.every(({ kind }) => kind === 'value' || kind === 'text');
  return isFlat ? [...inner, [shape, new Map(Object.keys(shape).map((key, index) => [key, index]))]] : inner;
}

/** Whether a leaf object is canonical as it stands, found without copying it. */
function isOrderedLeaf(value: JsonObject, shape: ObjectShape, mapUnknown: MapUnknown): boolean {
  const ranks = LEAF_RANKS.get(shape);
  let last = -1;
  for (const key of Object.keys(value)) {
    const item = value[key];
    const rank = ranks?.get(key);
    if (rank === undefined) {
      if (item === undefined || mapUnknown(item) !== item) return false;
      last = Infinity;
      continue;
    }
    if (rank < last || item === undefined || orderField(item, shape[key] as FieldShape, mapUnknown) !== item)
      return false;
    last = rank;
  }
  return true;
}

function rebuild(value: JsonObject, shape: ObjectShape, mapUnknown: MapUnknown): JsonObject {
  const known = Object.keys(shape);
  const ordered: JsonObject = {};
  const present = Object.keys(value);
  let same = true;
  let count = 0;
  for (const key of known) {
    const item = Object.hasOwn(value, key) ? value[key] : undefined;
    const next = orderField(item, shape[key] as FieldShape, mapUnknown);
    if (next === undefined) continue;
    if (next !== item || present[count] !== key) same = false;
    count += 1;
    ordered[key] = next;
  }
  for (const key of present) {
    if (Object.hasOwn(shape, key) || value[key] === undefined) continue;
    const next = mapUnknown(value[key]);
    if (next !== value[key] || present[count] !== key) same = false;
    count += 1;
    define(ordered, key, next);
  }
  return same && count === present.length ? value : ordered;
}

/** Plain assignment, except for the one key where assignment would change the prototype. */
function define(target: JsonObject, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

function orderField(value: unknown, field: FieldShape, mapUnknown: MapUnknown): unknown {
  switch (field.kind) {
    case 'value':
      return typeof value === 'object' ? mapUnknown(value) : value;
    case 'text':
      return field.required !== true && Array.isArray(value) && value.length === 0 ? undefined : value;
    case 'object': {
      if (value === undefined) return field.shape === DATA_SOURCES ? {} : undefined;
      const ordered = orderObject(value as JsonObject, field.shape, mapUnknown);
      return field.required !== true && Object.keys(ordered).length === 0 ? undefined : ordered;
    }
    case 'list':
      return orderList(value as readonly unknown[] | undefined, field, mapUnknown);
    default:
      return field satisfies never;
  }
}

const DATA_SOURCES = (SPACE_SHAPE['data_sources'] as { shape: ObjectShape }).shape;

function orderList(items: readonly unknown[] | undefined, field: ListShape, mapUnknown: MapUnknown): unknown {
  if (items === undefined) return undefined;
  if (items.length === 0) return field.required === true ? items : undefined;
  const compare = compareByKeys(field.sortKeys);
  let same = true;
  let sorted = true;
  const ordered = items.map((item, index) => {
    const next = orderObject(item as JsonObject, field.shape, mapUnknown);
    if (next !== item) same = false;
    if (index > 0 && compare(items[index - 1], item) > 0) sorted = false;
    return next;
  });
  if (!sorted) return ordered.sort(compare);
  return same ? items : ordered;
}
