import { nameKey } from '../core/index.ts';
import { assetRole, type AssetRole, type AssetRoleDecision } from '../patch-dsl/index.ts';
import type { CatalogSnapshot } from '../ports/index.ts';
import type { Schema } from './schema.ts';

/** The caller's word per full table name; `plain` says that a table has no role, whatever its name. */
export type AssetRoleOptions = Readonly<Record<string, AssetRole>>;

/**
 * The role of every table, and which rule decided it.
 *
 * @see decisions.md 21
 */
export function assetRoles(
  schema: Schema,
  catalog: CatalogSnapshot,
  options: AssetRoleOptions = {},
): ReadonlyMap<string, AssetRoleDecision> {
  const known = new Map(catalog.tables.map((table) => [nameKey(table.name), table]));
  return new Map(
    [...schema.tables.values()].map((table) => [
      table.key,
      assetRole(table.name, known.get(table.key) ?? null, options),
    ]),
  );
}
