import { assetRole } from './asset-role.ts';
import type { PatchLever } from './envelope.ts';
import { findCatalogTable, resolveSource } from './resolve.ts';
import type { Snapshot } from './snapshot.ts';

/** The lever of a patch on a table: 2 for metric views, 4 monitoring, 5 ML, else 1. */
export function assetLever(payload: { readonly table: string }, snapshot: Snapshot): PatchLever {
  return leverOfAsset(payload.table, snapshot);
}

/**
 * The lever that a data source belongs to.
 *
 * Unity Catalog decides what is a metric view; only when it says nothing, the list of the space does.
 * @see spec/control-levers.md §1, decision 3
 */
export function leverOfAsset(name: string, snapshot: Snapshot): PatchLever {
  const source = resolveSource(name, snapshot);
  const table = source.status === 'found' ? source.table : findCatalogTable(name, snapshot);
  const isMetricView =
    table === null
      ? source.status === 'found' && source.section === 'metric_views'
      : table.kind === 'metric_view';
  if (isMetricView) return 2;
  const { role } = assetRole(
    source.status === 'found' ? source.source.identifier : name,
    table,
    snapshot.roles,
  );
  return role === 'monitoring' ? 4 : role === 'ml' ? 5 : 1;
}
