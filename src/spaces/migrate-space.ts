import { isRecord } from '../core/index.ts';
import { SPACE_SHAPE } from './space-shape.ts';
import type { FieldShape, ObjectShape } from './space-shape.ts';

type JsonObject = Record<string, unknown>;

/** Column flags of version 1 and their names in version 2. @see spec/databricks-apis.md §3.2 */
export const V1_COLUMN_FLAGS = {
  get_example_values: 'enable_format_assistance',
  build_value_dictionary: 'enable_entity_matching',
} as const;

/**
 * Version 2 with lists of strings where the format wants them; keys keep their places.
 *
 * A version-1 flag beside its version-2 name is dropped: the API refuses both together.
 */
export function migrateSpace(value: JsonObject): JsonObject {
  return migrateObject({ ...value, version: 2 }, SPACE_SHAPE);
}

function migrateObject(value: JsonObject, shape: ObjectShape): JsonObject {
  const isColumn = 'enable_format_assistance' in shape;
  const entries: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    const renamed =
      isColumn && Object.hasOwn(V1_COLUMN_FLAGS, key)
        ? V1_COLUMN_FLAGS[key as keyof typeof V1_COLUMN_FLAGS]
        : key;
    if (renamed !== key && Object.hasOwn(value, renamed)) continue;
    const field = Object.hasOwn(shape, renamed) ? shape[renamed] : undefined;
    entries.push([renamed, field === undefined ? item : migrateField(item, field)]);
  }
  return Object.fromEntries(entries);
}

function migrateField(value: unknown, field: FieldShape): unknown {
  if (field.kind === 'text') return typeof value === 'string' ? [value] : value;
  if (field.kind === 'object') return isRecord(value) ? migrateObject(value, field.shape) : value;
  if (field.kind === 'list') {
    return Array.isArray(value)
      ? value.map((item) => (isRecord(item) ? migrateObject(item, field.shape) : item))
      : value;
  }
  return value;
}
