import type { AssetKind } from '../benchmarks/index.ts';
import { shortName } from '../core/index.ts';
import { EMPTY_CATALOG, type CatalogSnapshot } from '../ports/index.ts';
import type { Space } from '../spaces/index.ts';
import type { SqlFacts, TableUse } from '../sql/index.ts';
import { objectIndex, type ObjectIndex } from './structure/object-index.ts';

/**
 * Which kind of asset a statement reads: metric view before function before table; `NONE` without a statement.
 *
 * Names are resolved against the space and the catalog; `get_` inside `budget_amount` or `mv_`
 * inside `rmv_x` mean nothing. Prefixes count only for objects that nobody knows.
 *
 * @see spec/judges.md §3.2
 */
export function detectAsset(
  facts: SqlFacts | null,
  space: Space,
  catalog: CatalogSnapshot = EMPTY_CATALOG,
): AssetKind | 'NONE' {
  return assetOf(facts, objectIndex(space, catalog));
}

/** {@link detectAsset} on an index that is already there. */
export function assetOf(facts: SqlFacts | null, index: ObjectIndex): AssetKind | 'NONE' {
  if (facts === null || facts.sql.trim() === '') return 'NONE';
  if (facts.measures.length > 0 || facts.tables.some((use) => kindOf(use, index) === 'MV')) return 'MV';
  return facts.tables.some((use) => kindOf(use, index) === 'TVF') ? 'TVF' : 'TABLE';
}

/** Objects of a statement that are of this kind, by full name where it is known. */
export function objectsOfKind(facts: SqlFacts, kind: AssetKind, index: ObjectIndex): string[] {
  const names = facts.tables
    .filter((use) => kindOf(use, index) === kind)
    .map((use) => index.find(use.name)?.key ?? use.name);
  return [...new Set(names)];
}

function kindOf(use: TableUse, index: ObjectIndex): AssetKind {
  const known = index.find(use.name);
  if (known !== null)
    return known.kind === 'metric_view' ? 'MV' : known.kind === 'function' ? 'TVF' : 'TABLE';
  if (use.kind === 'table') return shortName(use.name).startsWith('mv_') ? 'MV' : 'TABLE';
  // A generator such as explode or range is not an asset; functions of a schema are.
  return use.name.includes('.') || shortName(use.name).startsWith('get_') ? 'TVF' : 'TABLE';
}
