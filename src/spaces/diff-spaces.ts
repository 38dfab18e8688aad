import { sameJson } from './json-value.ts';
import { formatPath } from './space-path.ts';
import { SPACE_SHAPE } from './space-shape.ts';
import { textOf } from './space-readers.ts';
import type { SpacePath } from './space-path.ts';
import type { FieldShape, ListShape, ObjectShape } from './space-shape.ts';
import type { Space } from './space.ts';

/** One difference between two spaces, at the smallest documented place that holds it. */
export interface SpaceChange {
  readonly kind: 'added' | 'removed' | 'changed';
  readonly path: SpacePath;
  /** What the place holds, for people: `table`, `column`, `filter`, `description`, … */
  readonly what: string;
  /** Left out when added. */
  readonly before?: unknown;
  /** Left out when removed. */
  readonly after?: unknown;
}

type JsonObject = Record<string, unknown>;

/**
 * What changed from one space to the other, told apart by identifier, id or column name, never by index.
 *
 * Order of lists that the API sorts does not count, nor the difference between an empty and a missing section.
 * Items of which several have the same key, and lists without one, are compared as a whole.
 */
export function diffSpaces(before: Space, after: Space): SpaceChange[] {
  const changes: SpaceChange[] = [];
  diffObject(before, after, SPACE_SHAPE, [], changes);
  return changes;
}

function diffObject(
  before: JsonObject,
  after: JsonObject,
  shape: ObjectShape,
  path: SpacePath,
  changes: SpaceChange[],
): void {
  if (before === after) return;
  const keys = new Set([...Object.keys(shape), ...Object.keys(before), ...Object.keys(after)]);
  for (const key of keys) {
    const a = Object.hasOwn(before, key) ? before[key] : undefined;
    const b = Object.hasOwn(after, key) ? after[key] : undefined;
    if (a === b) continue;
    const field = Object.hasOwn(shape, key) ? shape[key] : undefined;
    diffField(a, b, field, key, [...path, key], changes);
  }
}

function diffField(
  a: unknown,
  b: unknown,
  field: FieldShape | undefined,
  key: string,
  path: SpacePath,
  changes: SpaceChange[],
): void {
  if (field?.kind === 'object')
    diffObject((a ?? {}) as JsonObject, (b ?? {}) as JsonObject, field.shape, path, changes);
  else if (field?.kind === 'list') diffList(asList(a), asList(b), field, key, path, changes);
  else if (field?.kind === 'text' && isEmptyList(a) && isEmptyList(b)) return;
  else push(changes, path, key, a, b);
}

const asList = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? (value as JsonObject[]) : [];
const isEmptyList = (value: unknown): boolean =>
  value === undefined || (Array.isArray(value) && value.length === 0);

function diffList(
  a: readonly JsonObject[],
  b: readonly JsonObject[],
  field: ListShape,
  key: string,
  path: SpacePath,
  changes: SpaceChange[],
): void {
  const { identity } = field;
  const [left, right] = identity === null ? [null, null] : [index(a, identity), index(b, identity)];
  if (identity === null || left === null || right === null) {
    if (a.length > 0 || b.length > 0) push(changes, path, key, a, b);
    return;
  }
  for (const [is, item] of left) {
    const other = right.get(is);
    const at = [...path, { by: identity, is }];
    if (other === undefined) changes.push({ kind: 'removed', path: at, what: field.label, before: item });
    else diffObject(item, other, field.shape, at, changes);
  }
  for (const [is, item] of right) {
    if (!left.has(is))
      changes.push({ kind: 'added', path: [...path, { by: identity, is }], what: field.label, after: item });
  }
}

function index(items: readonly JsonObject[], identity: string): Map<string, JsonObject> | null {
  const map = new Map(items.map((item) => [String(item[identity]), item]));
  return map.size === items.length ? map : null;
}

function push(changes: SpaceChange[], path: SpacePath, what: string, before: unknown, after: unknown): void {
  if (sameJson(before, after)) return;
  if (before === undefined) changes.push({ kind: 'added', path, what, after });
  else if (after === undefined) changes.push({ kind: 'removed', path, what, before });
  else changes.push({ kind: 'changed', path, what, before, after });
}

/** One line for people: `added column synonyms at data_sources.tables[c.s.t]…: "revenue"`. Long texts are cut. */
export function describeChange(change: SpaceChange): string {
  const what = change.what.replaceAll('_', ' ');
  const place = formatPath(change.path);
  switch (change.kind) {
    case 'added':
      return `+ ${what} at ${place}: ${show(change.after)}`;
    case 'removed':
      return `- ${what} at ${place}: ${show(change.before)}`;
    case 'changed':
      return `~ ${what} at ${place}: ${show(change.before)} → ${show(change.after)}`;
    default:
      return change.kind satisfies never;
  }
}

const SHOWN_CHARS = 160;

function show(value: unknown): string {
  const isLines =
    Array.isArray(value) && value.some((line) => typeof line === 'string' && line.endsWith('\n'));
  const text = isLines ? JSON.stringify(textOf(value as string[])) : (JSON.stringify(value) ?? 'nothing');
  return text.length <= SHOWN_CHARS ? text : `${text.slice(0, SHOWN_CHARS)}…`;
}
