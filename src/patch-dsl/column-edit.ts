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
export function editColumn({ config, name, path }: ColumnPlace, change: ColumnChange): SpaceEdit[] {
  const fields = Object.keys(change) as ColumnField[];
  if (config !== null)
    return fields.map((field) => spaceEdit([...path, field], config[field], unlessEmpty(change[field])));
  const present = fields
    .map((field): [string, unknown] => [field, unlessEmpty(change[field])])
    .filter(([, value]) => value !== undefined);
  return present.length === 0
    ? []
    : [spaceEdit(path, undefined, { column_name: name, ...Object.fromEntries(present) })];
}

const unlessEmpty = <V>(value: V): V | undefined =>
  Array.isArray(value) && value.length === 0 ? undefined : value;
