import { isRecord } from '../../core/index.ts';
import { sameJson, type SpacePath } from '../../spaces/index.ts';
import type { Layout } from './document-editor.ts';
import type { PlaceEdit } from './edit-step.ts';

type JsonRecord = Readonly<Record<string, unknown>>;

/** An edit of a structure, with what tells where a new part belongs. */
export interface StructureEdit extends PlaceEdit {
  /** Members of the object around the place, in the order of the side that has the place. */
  readonly order: readonly string[];
  /** Name of the item in front of a new one; `null` for the first. */
  readonly behind: string | null;
}

/**
 * What leads from one structure to another, at the smallest places; items of lists are told apart by `name`.
 *
 * An item that changes its name in its place is renamed, not taken away and added.
 */
export function structureEdits(from: unknown, to: unknown, path: SpacePath = []): StructureEdit[] {
  if (sameJson(from, to)) return [];
  if (isRecord(from) && isRecord(to)) {
    const keys = new Set([...Object.keys(to), ...Object.keys(from)]);
    return [...keys].flatMap((key) => {
      const [a, b] = [ownMember(from, key), ownMember(to, key)];
      if (a !== undefined && b !== undefined) return structureEdits(a, b, [...path, key]);
      const order = Object.keys(b === undefined ? from : to);
      return [{ path: [...path, key], from: a, to: b, order, behind: null }];
    });
  }
  const [left, right] = [named(from), named(to)];
  if (left === null || right === null || !keepsOrder(left, right))
    return [{ path, from, to, order: [], behind: null }];
  return itemEdits(left, right, path);
}

type Named = ReadonlyMap<string, JsonRecord>;

function itemEdits(left: Named, right: Named, path: SpacePath): StructureEdit[] {
  const [before, after] = [[...left.keys()], [...right.keys()]];
  const renamed = new Map(
    before.length === after.length
      ? before.flatMap((name, index): [string, string][] => {
          const next = after[index];
          return next !== undefined && !right.has(name) && !left.has(next) ? [[name, next]] : [];
        })
      : [],
  );
  const newNames = new Set(renamed.values());
  const at = (is: string): SpacePath => [...path, { by: 'name', is }];
  const changed = before.flatMap((name): StructureEdit[] => {
    const item = left.get(name);
    const next = right.get(renamed.get(name) ?? name);
    if (next === undefined) return [{ path: at(name), from: item, to: undefined, order: [], behind: null }];
    const edits = structureEdits(item, next, at(name));
    // The name goes last: until then it is how the item is found.
    return [
      ...edits.filter(({ path: [...steps] }) => steps.at(-1) !== 'name'),
      ...edits.filter(({ path: [...steps] }) => steps.at(-1) === 'name'),
    ];
  });
  const added = after.flatMap((name, index): StructureEdit[] =>
    left.has(name) || newNames.has(name)
      ? []
      : [
          {
            path: at(name),
            from: undefined,
            to: right.get(name),
            order: [],
            behind: after[index - 1] ?? null,
          },
        ],
  );
  return [...changed, ...added];
}

/** Items by name; `null` when they are not told apart by name. */
function named(value: unknown): Named | null {
  if (!Array.isArray(value)) return null;
  const map = new Map<string, JsonRecord>();
  for (const item of value as readonly unknown[]) {
    if (!isRecord(item) || typeof item['name'] !== 'string') return null;
    map.set(item['name'], item);
  }
  return map.size === value.length ? map : null;
}

/** Whether the items that both sides have stand in one order. */
function keepsOrder(left: Named, right: Named): boolean {
  const common = [...left.keys()].filter((name) => right.has(name));
  const other = [...right.keys()].filter((name) => left.has(name));
  return common.every((name, index) => name === other[index]);
}

/** Where a structure edit puts new parts. */
export const layoutFor = (
  { order, behind }: Pick<StructureEdit, 'order' | 'behind'>,
  sameKey: Layout['sameKey'] = (found, wanted) => found === wanted,
): Layout => ({
  memberIndex(_map, present, key) {
    const rank = order.indexOf(key);
    const before = present.findLastIndex((other) => order.includes(other) && order.indexOf(other) < rank);
    if (before >= 0) return before + 1;
    const next = present.findIndex((other) => order.indexOf(other) > rank);
    return rank < 0 || next < 0 ? present.length : next;
  },
  itemIndex(_list, present) {
    if (behind === null) return 0;
    const before = present.findIndex((item) => isRecord(item) && item['name'] === behind);
    return before < 0 ? present.length : before + 1;
  },
  dropsEmpty: () => false,
  sameKey,
});

const ownMember = (record: JsonRecord, key: string): unknown =>
  Object.hasOwn(record, key) ? record[key] : undefined;
