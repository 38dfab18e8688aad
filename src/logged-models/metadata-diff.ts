import { compareCodeUnits } from '../core/index.ts';
import {
  METADATA_RELATION_NAMES,
  METADATA_RELATIONS,
  rowKey,
  type MetadataRelation,
  type MetadataRow,
  type UcMetadata,
} from './metadata.ts';

/** One field of one object that says something else than before. */
export interface FieldChange {
  readonly key: string;
  readonly field: string;
  readonly old: string | null;
  readonly new: string | null;
}

export interface RelationDiff {
  readonly added: readonly MetadataRow[];
  readonly removed: readonly MetadataRow[];
  readonly modified: readonly FieldChange[];
}

/** What changed in Unity Catalog between two versions of a space. @see spec/logged-model-lifecycle.md §5 */
export type MetadataDiff = { readonly [R in MetadataRelation]: RelationDiff } & {
  readonly parent_model_id: string;
  readonly summary: {
    /** Rows added and removed, and fields changed. */
    readonly columns_changed: number;
    readonly tags_changed: number;
    readonly routines_changed: number;
    /** Objects behind all changes, whatever their kind: each counts once, however many of its fields changed. */
    readonly objects_changed: number;
  };
};

/** Differences from `before` to `after`; a missing comment equals an empty one. */
export function diffMetadata(before: UcMetadata, after: UcMetadata, parentModelId: string): MetadataDiff {
  const relations = Object.fromEntries(
    METADATA_RELATION_NAMES.map((relation) => [
      relation,
      diffRelation(relation, before[relation], after[relation]),
    ]),
  ) as unknown as { readonly [R in MetadataRelation]: RelationDiff };
  const count = ({ added, removed, modified }: RelationDiff) =>
    added.length + removed.length + modified.length;
  const objects = new Set(
    METADATA_RELATION_NAMES.flatMap((relation) => {
      const { added, removed, modified } = relations[relation];
      const keys = [
        ...[...added, ...removed].map((row) => rowKey(relation, row)),
        ...modified.map(({ key }) => key),
      ];
      return keys.map((key) => `${relation}:${key}`);
    }),
  );
  return {
    parent_model_id: parentModelId,
    ...relations,
    summary: {
      columns_changed: count(relations.columns),
      tags_changed: count(relations.tags) + count(relations.column_tags),
      routines_changed: count(relations.routines),
      objects_changed: objects.size,
    },
  };
}

function diffRelation(
  relation: MetadataRelation,
  before: readonly MetadataRow[],
  after: readonly MetadataRow[],
): RelationDiff {
  const byKey = (rows: readonly MetadataRow[]) =>
    new Map(rows.map((row) => [rowKey(relation, row), row] as const));
  const [old, current] = [byKey(before), byKey(after)];
  const ordered = (rows: ReadonlyMap<string, MetadataRow>) =>
    [...rows].sort(([a], [b]) => compareCodeUnits(a, b));
  const modified = ordered(current).flatMap(([key, row]) => {
    const previous = old.get(key);
    if (previous === undefined) return [];
    return METADATA_RELATIONS[relation].compared.flatMap((field): FieldChange[] =>
      (previous[field] ?? '') === (row[field] ?? '')
        ? []
        : [{ key, field, old: previous[field] ?? null, new: row[field] ?? null }],
    );
  });
  return {
    added: ordered(current).flatMap(([key, row]) => (old.has(key) ? [] : [row])),
    removed: ordered(old).flatMap(([key, row]) => (current.has(key) ? [] : [row])),
    modified,
  };
}
