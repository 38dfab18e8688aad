import { nameKey, shortName } from '../core/index.ts';
import type { CatalogTable } from '../ports/index.ts';

export type AssetRole = 'monitoring' | 'ml' | 'plain';

export interface AssetRoleDecision {
  readonly role: AssetRole;
  /** Which rule decided; `none` when none did. */
  readonly rule: 'option' | 'tag' | 'name' | 'columns' | 'none';
}

const MONITORING_NAME = /_(?:profile|drift)_metrics$/;
const ML_NAME = /(?:^|_)(?:features|feature_table|predictions?|inference)(?:_|$)/;
/** Columns that Lakehouse Monitoring writes into its output tables. */
const MONITORING_COLUMNS = ['window', 'granularity', 'slice_key', 'log_type'];
const ML_COLUMNS = ['prediction', 'model_id', 'model_version', 'model_name'];

/**
 * Whether a table holds monitoring results or ML features and predictions, and by which rule.
 *
 * @param roles - the caller's word per full name; it wins
 * @see decision 21
 */
export function assetRole(
  name: string,
  table: CatalogTable | null,
  roles: Readonly<Record<string, AssetRole>> = {},
): AssetRoleDecision {
  const option = Object.entries(roles).find(([key]) => nameKey(key) === nameKey(name));
  if (option !== undefined) return { role: option[1], rule: 'option' };
  const tag = table?.tags['genie_role']?.toLowerCase();
  if (tag === 'monitoring' || tag === 'ml') return { role: tag, rule: 'tag' };
  const short = shortName(name);
  if (MONITORING_NAME.test(short)) return { role: 'monitoring', rule: 'name' };
  if (ML_NAME.test(short)) return { role: 'ml', rule: 'name' };
  const columns = new Set(table?.columns.map((column) => column.name.toLowerCase()));
  if (MONITORING_COLUMNS.every((column) => columns.has(column)))
    return { role: 'monitoring', rule: 'columns' };
  if (ML_COLUMNS.filter((column) => columns.has(column)).length >= 2) return { role: 'ml', rule: 'columns' };
  return { role: 'plain', rule: 'none' };
}
