import { editColumn, type ColumnChange } from './column-edit.ts';
import { changes, failed, type Rendering } from './rendering.ts';
import { resolveColumn } from './resolve.ts';
import type { Snapshot } from './snapshot.ts';

/** Switches on what lets Genie see values of a column; of a hidden one it may see none. */
export function enableOnColumn(
  target: { readonly table: string; readonly column: string },
  switched: ColumnChange,
  snapshot: Snapshot,
): Rendering {
  const place = resolveColumn(target, snapshot);
  if (place.status === 'failed') return place;
  return place.config?.exclude === true
    ? failed('UNKNOWN_TARGET', `Column '${place.name}' is hidden. Show it first with unhide_column.`)
    : changes(editColumn(place, switched), 'already enabled');
}
