import type { CatalogSnapshot } from '../ports/index.ts';
import { dataSources, type Space } from '../spaces/index.ts';
import type { KnownTable } from '../sql/index.ts';

/** Columns that decide to which table a bare name belongs: those of the catalog, then those the space describes. */
export function knownTables(catalog: CatalogSnapshot, space: Space): KnownTable[] {
  const known = catalog.tables.map(({ name, columns }) => ({
    name,
    columns: columns.map((column) => column.name),
  }));
  const names = new Set(known.map(({ name }) => name.toLowerCase()));
  const described = dataSources(space)
    .filter(
      ({ identifier, column_configs }) =>
        !names.has(identifier.toLowerCase()) && (column_configs?.length ?? 0) > 0,
    )
    .map(({ identifier, column_configs }) => ({
      name: identifier,
      columns: (column_configs ?? []).map(({ column_name }) => column_name),
    }));
  return [...known, ...described];
}
