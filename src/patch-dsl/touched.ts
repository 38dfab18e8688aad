import type { NameResolver } from './name-resolver.ts';
import { columnKey } from './name-resolver.ts';

/** A column and its table, as the slice gate compares them. */
export const touchedColumn = (
  p: { readonly table: string; readonly column: string },
  names: NameResolver,
): string[] => [names.source(p.table), `${names.source(p.table)}.${columnKey(p.column)}`];
