import { nameKey } from '../core/index.ts';
import { assetRole, type AssetRole, type AssetRoleDecision, type Snapshot } from '../patch-dsl/index.ts';

/** The caller's word per full table name; `plain` says that a table has no role, whatever its name. */
export type AssetRoleOptions = Readonly<Record<string, AssetRole>>;

/**
 * The role of each table named, in their order, and which rule decided it.
 *
 * @see decisions.md 21
 */
export function assetRoles(
  { catalog, roles }: Snapshot,
  tables: readonly string[],
): readonly (AssetRoleDecision & { readonly table: string })[] {
  const known = new Map(catalog.tables.map((table) => [nameKey(table.name), table]));
  return tables.map((table) => ({ table, ...assetRole(table, known.get(nameKey(table)) ?? null, roles) }));
}
