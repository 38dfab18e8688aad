/**
 * Speed of the patch language on a space of 200 tables × 100 columns: `npx node bench/patch-dsl.ts`.
 *
 * Ratios within one run; exit code 1 when a bar is missed. Each part first checks that the answers agree.
 */
import assert from 'node:assert/strict';
import { create } from 'mutative';
import {
  applyPlan,
  createPatchRegistry,
  findConflicts,
  foldPatches,
  invertPlan,
  invertStep,
  nameResolver,
  planPatchSet,
} from '../src/patch-dsl/index.ts';
import type { AnyPatch, Patch, Step } from '../src/patch-dsl/index.ts';
import { canonicalSpace, serializeSpace, writeAt } from '../src/spaces/index.ts';
import type { Space } from '../src/spaces/index.ts';
import { columnEdits, largeSnapshot, largeSpace, patchesFor, shuffledSpace } from './large-space.ts';
import type { ColumnEdit } from './large-space.ts';
import { CONFLICT_SETS } from './conflict-sets.ts';
import { bestTimes, report } from './measure.ts';
import type { Row } from './measure.ts';

const space = largeSpace();
const rows: Row[] = [];

// (a) A set of m patches and its inverse.

const apply = (patches: readonly Patch[]): { readonly space: Space; readonly inverse: readonly Step[] } => {
  const folded = foldPatches(largeSnapshot(space), patches);
  return {
    space: folded.space,
    inverse: folded.applied
      .flatMap(({ steps }) => steps)
      .toReversed()
      .map(invertStep),
  };
};

type Column = NonNullable<
  NonNullable<NonNullable<Space['data_sources']>['tables']>[number]['column_configs']
>[number];

function editColumn(column: Column, { kind, text }: ColumnEdit): void {
  if (kind === 'describe') column.description = [text];
  else if (kind === 'synonym') column.synonyms?.push(text);
  else {
    column.exclude = true;
    column.enable_format_assistance = false;
  }
}

const columnsOf = (root: Space, table: number): Column[] =>
  root.data_sources?.tables?.[table]?.column_configs ?? [];

/** Each edit goes straight to its index: no names to look up, which is less than our patches ask for. */
const applyByIndex = (edits: readonly ColumnEdit[]) =>
  create(
    space,
    (draft) => {
      for (const edit of edits) {
        const column = columnsOf(draft, edit.table)[edit.column];
        if (column !== undefined) editColumn(column, edit);
      }
    },
    { enablePatches: true },
  );

/** Table and column are given by name, as in our patches, and looked up in the draft: the way the peer is mostly used. */
const applyInDraft = (edits: readonly ColumnEdit[]) =>
  create(
    space,
    (draft) => {
      for (const edit of edits) {
        const table = draft.data_sources?.tables?.find(({ identifier }) => identifier === edit.tableName);
        const column = table?.column_configs?.find(({ column_name }) => column_name === edit.columnName);
        if (column !== undefined) editColumn(column, edit);
      }
    },
    { enablePatches: true },
  );

/** As before, but looked up in the plain space, never through proxies: the fastest way we know to use the peer. */
const applyByName = (edits: readonly ColumnEdit[]) =>
  create(
    space,
    (draft) => {
      for (const edit of edits) {
        const table =
          space.data_sources?.tables?.findIndex(({ identifier }) => identifier === edit.tableName) ?? -1;
        const at = columnsOf(space, table).findIndex(({ column_name }) => column_name === edit.columnName);
        const column = columnsOf(draft, table)[at];
        if (column !== undefined) editColumn(column, edit);
      }
    },
    { enablePatches: true },
  );

/** Most that so many patches may cost, as a share of copying the whole space. */
const CLONE_BARS = { 10: 0.01, 100: 0.03, 1_000: 0.15 } as const;

for (const count of [10, 100, 1_000] as const) {
  const edits = columnEdits(count);
  const patches = patchesFor(edits);
  const ours = apply(patches);
  const [theirs] = applyByName(edits);
  assert.ok(serializeSpace(ours.space) === serializeSpace(theirs), 'both make the same edits');
  assert.ok(serializeSpace(applyByIndex(edits)[0]) === serializeSpace(theirs), 'both ways of the peer agree');
  const restored = ours.inverse.reduce((state, { path, to }) => writeAt(state, path, to), ours.space);
  assert.ok(serializeSpace(restored) === serializeSpace(space), 'the inverse restores the space');
  const result = planPatchSet(largeSnapshot(space), patches, { maxObjects: null, maxPatches: null });
  assert.ok(result.ok);
  const { plan } = result;
  assert.ok(
    serializeSpace(applyPlan(space, plan)) === serializeSpace(theirs),
    'the plan makes the same edits',
  );
  const times = await bestTimes({
    ours: () => apply(patches),
    planned: () => ({ space: applyPlan(space, plan), inverse: invertPlan(plan) }),
    byName: () => applyByName(edits),
    inDraft: () => applyInDraft(edits),
    byIndex: () => applyByIndex(edits),
    clone: () => structuredClone(space),
  });
  rows.push({
    what: `${count} patches and inverse ÷ mutative, names looked up in the draft`,
    ratio: times.ours / times.inDraft,
    bar: 1,
  });
  rows.push({
    what: `${count} patches and inverse ÷ mutative, names looked up outside`,
    ratio: times.ours / times.byName,
    bar: 1,
  });
  rows.push({
    what: `${count} patches and inverse ÷ mutative, indexes given`,
    ratio: times.ours / times.byIndex,
    bar: null,
  });
  rows.push({
    what: `${count} patches planned before, applyPlan and invertPlan ÷ mutative, names looked up outside`,
    ratio: times.planned / times.byName,
    bar: 1,
  });
  rows.push({
    what: `${count} patches and inverse ÷ structuredClone`,
    ratio: times.ours / times.clone,
    bar: CLONE_BARS[count],
  });
}

// What the result keeps of its own: everything else is shared with the space before.

function objectsIn(value: unknown, found = new Set<object>()): ReadonlySet<object> {
  if (typeof value !== 'object' || value === null || found.has(value)) return found;
  found.add(value);
  for (const item of Object.values(value)) objectsIn(item, found);
  return found;
}

for (const count of [10, 100, 1_000]) {
  const own = objectsIn(apply(patchesFor(columnEdits(count))).space);
  const shared = objectsIn(space);
  const kept = [...own].filter((object) => !shared.has(object)).length;
  rows.push({
    what: `${count} patches: objects and lists that the result does not share, per patch`,
    ratio: kept / count,
    bar: 5,
  });
}

// (b) Canonical text. Nothing is remembered between calls, so every figure is a cold one.

const shuffled = shuffledSpace(space);
assert.ok(serializeSpace(space) === JSON.stringify(canonicalSpace(space)));
assert.ok(serializeSpace(shuffled) === serializeSpace(space), 'order does not matter');
assert.ok(JSON.stringify(shuffled) !== JSON.stringify(space));
const text = await bestTimes({
  canonical: () => serializeSpace(space),
  plain: () => JSON.stringify(space),
  canonicalShuffled: () => serializeSpace(shuffled),
  plainShuffled: () => JSON.stringify(shuffled),
});
rows.push({ what: 'canonical text ÷ JSON.stringify', ratio: text.canonical / text.plain, bar: 2.2 });
rows.push({
  what: 'canonical text ÷ JSON.stringify, every list and key out of order',
  ratio: text.canonicalShuffled / text.plainShuffled,
  bar: null,
});

// (c) Conflicts among 100,000 patches. The limit counts the patches of each object in a Map: it asks the
// definition of each patch for its object key, as the search must, and does nothing else.

const registry = createPatchRegistry();
function countPerObject(patches: readonly AnyPatch[]): ReadonlyMap<string, number> {
  const names = nameResolver();
  const counts = new Map<string, number>();
  for (const patch of patches) {
    const key = registry.definitionOf(patch.type)?.objectKey(patch, names) ?? '';
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

for (const { what, patches, objects, errors } of CONFLICT_SETS) {
  assert.equal(countPerObject(patches).size, objects);
  assert.equal(findConflicts(patches).filter(({ severity }) => severity === 'error').length, errors);
  const times = await bestTimes({ ours: () => findConflicts(patches), limit: () => countPerObject(patches) });
  rows.push({
    what: `conflicts of 100,000 patches ÷ counting, ${what}`,
    ratio: times.ours / times.limit,
    bar: 3,
  });
}

if (!report(rows)) process.exitCode = 1;
