import type { ColumnConfig } from '../spaces/index.ts';
import type { ColumnPlace } from './resolve.ts';
import type { SpaceEdit } from './step.ts';
import { spaceEdit } from './step.ts';

type ColumnField =
  'description' | 'synonyms' | 'exclude' | 'enable_format_assistance' | 'enable_entity_matching';
export type ColumnChange = { readonly [F in ColumnField]?: ColumnConfig[F] };

/**
 * Edits of a column's configuration; one edit makes the whole entry when the column has none yet.
 *
 * A field set to `undefined`, or to an empty list, is removed.
 */
export function editColumn(place: ColumnPlace, change: ColumnChange): SpaceEdit[] {
  const fields = Object.entries(change).map(([field, value]): [string, unknown] => [
    field,
    Array.isArray(value) && value.length === 0 ? undefined : value,
  ]);
  const { config } = place;
  if (config !== null) {
    return fields.map(([field, value]) => spaceEdit([...place.path, field], config[field], value));
  }
  const present = fields.filter(([, value]) => value !== undefined);
  return present.length === 0
    ? []
    : [spaceEdit(place.path, undefined, { column_name: place.name, ...Object.fromEntries(present) })];
}
