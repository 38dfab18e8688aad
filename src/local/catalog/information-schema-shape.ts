import { readType, wireType } from '../engine/types.ts';
import type { CatalogModel, RelationEntry } from './catalog-model.ts';

export type Cell = string | number | null;
export type Row = Readonly<Record<string, Cell>>;

/** A table of information_schema: its columns in order, and its rows made from the catalog. */
export interface InformationSchemaTable {
  readonly columns: readonly string[];
  /** The column that `catalog.information_schema` is filtered by. */
  readonly catalogColumn: string;
  readonly rows: (model: CatalogModel) => Row[];
}

/** Column names written as one text. */
export const words = (text: string): string[] => text.trim().split(/\s+/);
/** Owner and creation time of every object. */
export const OWNER = 'local.user@example.com';
export const CREATED = '2026-01-01T00:00:00.000Z';

/** What a type says in the columns of information_schema. */
export const typeColumns = (type: string): Row => {
  const wire = wireType(readType(type));
  return {
    full_data_type: wire.typeText.toLowerCase(),
    data_type: wire.typeName,
    numeric_precision: wire.precision ?? null,
    numeric_scale: wire.scale ?? null,
    numeric_precision_radix: wire.precision === undefined ? null : 10,
  };
};

export const tableId = (entry: RelationEntry): Row => ({
  table_catalog: entry.catalog,
  table_schema: entry.schema,
  table_name: entry.name,
});
