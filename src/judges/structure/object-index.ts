import { nameKey } from '../../core/index.ts';
import { readMetricView, type MetricView } from '../../patch-dsl/index.ts';
import type { CatalogFunction, CatalogSnapshot, CatalogTable } from '../../ports/index.ts';
import { locatedDataSources, sqlFunctions, type Space } from '../../spaces/index.ts';

export type ObjectKind = 'table' | 'metric_view' | 'function';

export interface KnownObject {
  /** Comparison form of the full name. */
  readonly key: string;
  readonly kind: ObjectKind;
  /** `null` when only the space mentions the object. */
  readonly table: CatalogTable | null;
  readonly function: CatalogFunction | null;
  /** Columns by comparison form, with their types; empty when nobody lists them. */
  readonly columns: ReadonlyMap<string, string>;
}

/** What exists, by any unambiguous suffix of its name. */
export interface ObjectIndex {
  /** `null` when nothing of this name is known, or when a short name fits several objects. */
  readonly find: (name: string) => KnownObject | null;
  /** What a metric view says, read once; `null` for other objects and where there is no readable definition. */
  readonly viewOf: (object: KnownObject) => MetricView | null;
}

/** Indexes tables, metric views and functions of a space and its catalog. The catalog decides on kinds. */
export function objectIndex(space: Space, catalog: CatalogSnapshot): ObjectIndex {
  const objects = new Map<string, KnownObject>();
  for (const table of catalog.tables) {
    const columns = new Map(
      table.columns.map((column) => [column.name.toLowerCase(), column.type.toUpperCase()]),
    );
    const kind = table.kind === 'metric_view' ? 'metric_view' : 'table';
    objects.set(nameKey(table.name), { key: nameKey(table.name), kind, table, function: null, columns });
  }
  for (const item of catalog.functions) {
    const key = nameKey(item.name);
    objects.set(key, { key, kind: 'function', table: null, function: item, columns: new Map() });
  }
  for (const { section, source } of locatedDataSources(space)) {
    const key = nameKey(source.identifier);
    if (objects.has(key)) continue;
    const columns = new Map(
      (source.column_configs ?? []).map(({ column_name }) => [column_name.toLowerCase(), '']),
    );
    objects.set(key, {
      key,
      kind: section === 'metric_views' ? 'metric_view' : 'table',
      table: null,
      function: null,
      columns,
    });
  }
  for (const { identifier } of sqlFunctions(space)) {
    const key = nameKey(identifier);
    if (!objects.has(key))
      objects.set(key, { key, kind: 'function', table: null, function: null, columns: new Map() });
  }
  return { find: finder(objects), viewOf: viewReader() };
}

/** Finds the index of a row's space and catalog. */
export type FindIndex = (input: { readonly space: Space; readonly catalog: CatalogSnapshot }) => ObjectIndex;

/** {@link objectIndex} made once for each catalog and space: a large catalog takes longer than a verdict. */
export function objectIndexes(): FindIndex {
  const indexes = new WeakMap<CatalogSnapshot, WeakMap<Space, ObjectIndex>>();
  return ({ space, catalog }) => {
    const bySpace = indexes.get(catalog) ?? new WeakMap<Space, ObjectIndex>();
    indexes.set(catalog, bySpace);
    const index = bySpace.get(space) ?? objectIndex(space, catalog);
    bySpace.set(space, index);
    return index;
  };
}

function viewReader(): ObjectIndex['viewOf'] {
  const views = new Map<string, MetricView | null>();
  return ({ key, kind, table }) => {
    const definition = kind === 'metric_view' ? (table?.definition ?? null) : null;
    if (definition === null) return null;
    let view = views.get(key);
    if (view === undefined) {
      const read = readMetricView(definition);
      view = 'problem' in read ? null : read;
      views.set(key, view);
    }
    return view;
  };
}

function finder(objects: ReadonlyMap<string, KnownObject>): ObjectIndex['find'] {
  const bySuffix = new Map<string, KnownObject | null>();
  for (const object of objects.values()) {
    const parts = object.key.split('.');
    for (let from = 1; from < parts.length; from++) {
      const suffix = parts.slice(from).join('.');
      bySuffix.set(suffix, bySuffix.has(suffix) ? null : object);
    }
  }
  return (name) => {
    const key = nameKey(name);
    return objects.get(key) ?? bySuffix.get(key) ?? null;
  };
}
