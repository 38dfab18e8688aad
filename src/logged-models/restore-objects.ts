import { messageOf, sameObject } from '../core/index.ts';
import type {
  CallOptions,
  CatalogEditorPort,
  CatalogFunction,
  CatalogPort,
  CatalogSnapshot,
  CatalogTable,
} from '../ports/index.ts';

export interface RestoredObjects {
  readonly restored: readonly string[];
  readonly failed: readonly { readonly object: string; readonly reason: string }[];
}

/**
 * Gives objects of Unity Catalog their recorded comments, tags and definitions back; each for itself.
 *
 * @param recorded - `null`: the version recorded no definitions
 */
export async function restoreObjects(
  names: readonly string[],
  recorded: CatalogSnapshot | null,
  {
    catalog,
    editor,
  }: { readonly catalog?: CatalogPort | undefined; readonly editor?: CatalogEditorPort | undefined },
  options: CallOptions,
): Promise<RestoredObjects> {
  const restored: string[] = [];
  const failed: { object: string; reason: string }[] = [];
  for (const object of new Set(names)) {
    const table = recorded?.tables.find(({ name }) => sameObject(name, object));
    const fn = recorded?.functions.find(({ name }) => sameObject(name, object));
    if (table === undefined && fn === undefined) {
      failed.push({ object, reason: 'The version holds no definition of it.' });
      continue;
    }
    if (catalog === undefined || editor === undefined) {
      failed.push({ object, reason: 'Nothing to write to Unity Catalog with was given.' });
      continue;
    }
    try {
      const live = await catalog.snapshot(
        { tables: table ? [table.name] : [], functions: fn ? [fn.name] : [] },
        options,
      );
      if (table) await restoreTable(table, live.tables[0], editor, options);
      if (fn) await restoreFunction(fn, live.functions[0], editor, options);
      restored.push(object);
    } catch (error) {
      if (options.signal?.aborted === true) throw error;
      failed.push({ object, reason: messageOf(error) });
    }
  }
  return { restored, failed };
}

async function restoreTable(
  then: CatalogTable,
  now: CatalogTable | undefined,
  editor: CatalogEditorPort,
  options: CallOptions,
): Promise<void> {
  if (then.kind === 'metric_view' && then.definition !== null && then.definition !== now?.definition)
    await editor.replaceMetricView(then.name, then.definition, options);
  if (then.comment !== (now?.comment ?? null))
    await editor.setComment({ table: then }, then.comment, options);
  const tags = tagChanges(then.tags, now?.tags ?? {});
  if (Object.keys(tags).length > 0) await editor.setTags({ table: then }, tags, options);
  for (const column of then.columns) {
    const live = now?.columns.find(({ name }) => name.toLowerCase() === column.name.toLowerCase());
    const target = { table: then, column: column.name };
    // Comments on columns of a metric view stand in its definition, which is restored above.
    if (then.kind !== 'metric_view' && column.comment !== (live?.comment ?? null))
      await editor.setComment(target, column.comment, options);
    const columnTags = tagChanges(column.tags, live?.tags ?? {});
    if (Object.keys(columnTags).length > 0) await editor.setTags(target, columnTags, options);
  }
}

/** Tags to set, and those to take away as `null`. */
function tagChanges(
  then: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): Record<string, string | null> {
  return {
    ...Object.fromEntries(Object.keys(now).flatMap((key) => (key in then ? [] : [[key, null]]))),
    ...Object.fromEntries(Object.entries(then).filter(([key, value]) => now[key] !== value)),
  };
}

async function restoreFunction(
  then: CatalogFunction,
  now: CatalogFunction | undefined,
  editor: CatalogEditorPort,
  options: CallOptions,
): Promise<void> {
  if (now !== undefined && JSON.stringify(then) === JSON.stringify(now)) return;
  await editor.replaceTableFunction(then, options);
}
