import type { CatalogColumn, CatalogTable } from '../ports/index.ts';
import * as z from 'zod';
import { columnKey } from './name-resolver.ts';
import type { NameResolver } from './name-resolver.ts';
import { columnName, objectName } from './payload-schemas.ts';
import type { Failed } from './rendering.ts';
import { failed } from './rendering.ts';
import { findCatalogTable, resolveSource } from './resolve.ts';
import type { Snapshot } from './snapshot.ts';

/** Limits of tags: key 255, value 1,000 characters. @see spec/databricks-apis.md §5.3 */
export const tagKey = z.string().min(1).max(255);
export const tagValue = z.string().max(1_000);

export const TAG_TARGET_FIELDS = {
  entity: z.enum(['table', 'column']),
  table: objectName,
  column: columnName.optional(),
} as const;

interface TagTarget {
  readonly entity: 'table' | 'column';
  readonly table: string;
  readonly column?: string | undefined;
}

export const tagTargetProblem = (p: TagTarget): string | null =>
  (p.entity === 'column') === (p.column === undefined) ? "give column exactly when entity is 'column'" : null;

export const tagObjectKey = (p: TagTarget & { readonly tag_key: string }, names: NameResolver): string =>
  `tag:${names.source(p.table)}${p.column === undefined ? '' : `#${columnKey(p.column)}`}#${p.tag_key}`;

export interface TagPlace {
  readonly status: 'found';
  readonly table: CatalogTable;
  readonly column: CatalogColumn | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** What carries the tag, in the catalog snapshot. */
export function resolveTagTarget(p: TagTarget, snapshot: Snapshot): TagPlace | Failed {
  const source = resolveSource(p.table, snapshot);
  if (source.status === 'failed' && source.code === 'TARGET_AMBIGUOUS') return source;
  const table = source.status === 'found' ? source.table : findCatalogTable(p.table, snapshot);
  if (table === null)
    return failed(
      'UNKNOWN_TARGET',
      `The catalog snapshot does not hold '${p.table}'. Correct the name, or read the catalog with it.`,
    );
  if (p.column === undefined) return { status: 'found', table, column: null, tags: table.tags };
  const column = table.columns.find(({ name }) => columnKey(name) === columnKey(p.column ?? ''));
  if (column === undefined)
    return failed('UNKNOWN_TARGET', `'${table.name}' has no column '${p.column}'. Correct the name.`);
  return { status: 'found', table, column, tags: column.tags };
}

export const describeTagTarget = (p: TagTarget): string =>
  p.column === undefined ? p.table : `column ${p.column} of ${p.table}`;
