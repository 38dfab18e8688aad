import { nameKey, nameParts } from '../../core/index.ts';
import type { CatalogSnapshot } from '../../ports/index.ts';
import type { Space } from '../../spaces/index.ts';
import { assetsOf, type Asset, type AssetColumn } from './model.ts';

/** Assets of a space with the ways to find them. */
export interface Schema {
  readonly assets: readonly Asset[];
  /** Alias in FROM → asset; holds an entry per role when a join gives one table several names. */
  readonly nodes: ReadonlyMap<string, Asset>;
  asset(name: string): Asset | undefined;
  column(asset: Asset, name: string): AssetColumn | undefined;
  /** Tables and metric views with a column of this name, in canonical order. */
  owners(column: string): readonly Asset[];
}

export function schemaOf(space: Space, catalog: CatalogSnapshot): Schema {
  const assets = assetsOf(space, catalog);
  const byName = new Map<string, Asset>();
  const owners = new Map<string, Asset[]>();
  const columns = new Map<string, AssetColumn>();
  for (const asset of assets) {
    for (const name of suffixesOf(asset.name)) if (!byName.has(name)) byName.set(name, asset);
    byName.set(nameKey(asset.name), asset);
    for (const column of asset.columns) {
      columns.set(`${nameKey(asset.name)}#${column.name.toLowerCase()}`, column);
      if (asset.kind !== 'function') pushTo(owners, column.name.toLowerCase(), asset);
    }
  }
  const nodes = new Map(assets.map((asset) => [asset.alias, asset]));
  for (const side of (space.instructions?.join_specs ?? []).flatMap((join) => [join.left, join.right])) {
    const asset = byName.get(nameKey(side.identifier));
    const alias = side.alias?.toLowerCase();
    if (asset !== undefined && alias !== undefined && !nodes.has(alias)) nodes.set(alias, asset);
  }
  return {
    assets,
    nodes,
    asset: (name) => byName.get(nameKey(name)),
    column: (asset, name) => columns.get(`${nameKey(asset.name)}#${name.toLowerCase()}`),
    owners: (column) => owners.get(column.toLowerCase()) ?? [],
  };
}

const suffixesOf = (name: string): string[] => {
  const parts = nameParts(name.toLowerCase());
  return parts.map((_, from) => parts.slice(from).join('.'));
};

export function pushTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
