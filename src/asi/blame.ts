import { nameKey, nameParts } from '../core/index.ts';
import type { CatalogSnapshot } from '../ports/index.ts';
import type { Space } from '../spaces/index.ts';

export const BLAME_KINDS = [
  'table',
  'metric_view',
  'column',
  'mv_member',
  'function',
  'parameter',
  'asset_routing',
] as const;
export type BlameKind = (typeof BLAME_KINDS)[number];

/** A blamed thing that exists in the space or the catalog, or a routing token. */
export interface BlameRef {
  readonly kind: BlameKind;
  /** `asset:c.s.t`, `column:c.s.t#col`, `function:c.s.f`, `function:c.s.f#param`, `asset_routing:mv`. */
  readonly key: string;
  /** Comparison form of the table, metric view or function; the asset class of a routing token. */
  readonly object: string;
  /** Column, member or parameter, lower case. */
  readonly member: string | null;
  /** Upper-case type text of a column or parameter, when the catalog knows it. */
  readonly dataType: string | null;
}

/** Finds the real object behind what a judge blames. */
export interface BlameIndex {
  /** `null` when nothing, or more than one thing, is meant. */
  readonly resolve: (raw: string) => BlameRef | null;
}

interface Container {
  readonly name: string;
  readonly kind: 'table' | 'metric_view' | 'function';
  readonly members: Map<string, string | null>;
}

/**
 * Indexes everything that can be blamed: tables, metric views and functions by any suffix of their
 * name, and their columns and parameters, qualified or bare.
 *
 * The catalog is the authority; objects that only the space mentions are indexed too.
 */
export function buildBlameIndex(space: Space, catalog: CatalogSnapshot): BlameIndex {
  const containers = collectContainers(space, catalog);
  const bySuffix = new Map<string, Container[]>();
  const byMember = new Map<string, Container[]>();
  for (const container of containers.values()) {
    const parts = container.name.split('.');
    for (let from = 0; from < parts.length; from++) push(bySuffix, parts.slice(from).join('.'), container);
    if (container.kind === 'function') continue;
    for (const member of container.members.keys()) push(byMember, member, container);
  }
  const seen = new Map<string, BlameRef | null>();
  const resolve = (raw: string): BlameRef | null => {
    const known = seen.get(raw);
    if (known !== undefined) return known;
    const found = find(raw, bySuffix, byMember);
    seen.set(raw, found);
    return found;
  };
  return { resolve };
}

function push(map: Map<string, Container[]>, key: string, container: Container): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [container]);
  else list.push(container);
}

function collectContainers(space: Space, catalog: CatalogSnapshot): Map<string, Container> {
  const containers = new Map<string, Container>();
  const ensure = (name: string, kind: Container['kind']): Container => {
    const key = nameKey(name);
    const container = containers.get(key) ?? { name: key, kind, members: new Map() };
    containers.set(key, container);
    return container;
  };
  for (const table of catalog.tables) {
    const container = ensure(table.name, table.kind === 'metric_view' ? 'metric_view' : 'table');
    for (const column of table.columns)
      container.members.set(column.name.toLowerCase(), column.type.toUpperCase());
  }
  for (const item of catalog.functions) {
    const container = ensure(item.name, 'function');
    for (const parameter of item.parameters) {
      container.members.set(parameter.name.toLowerCase(), parameter.type.toUpperCase());
    }
  }
  const sources = space.data_sources;
  for (const [list, kind] of [
    [sources?.tables, 'table'],
    [sources?.metric_views, 'metric_view'],
  ] as const) {
    for (const source of list ?? []) {
      const container = ensure(source.identifier, kind);
      for (const column of source.column_configs ?? []) {
        const name = column.column_name.toLowerCase();
        if (!container.members.has(name)) container.members.set(name, null);
      }
    }
  }
  for (const item of space.instructions?.sql_functions ?? []) ensure(item.identifier, 'function');
  return containers;
}

function find(
  raw: string,
  bySuffix: ReadonlyMap<string, readonly Container[]>,
  byMember: ReadonlyMap<string, readonly Container[]>,
): BlameRef | null {
  const routing = /^asset_routing:\s*(\w+)$/i.exec(raw.trim());
  if (routing?.[1] !== undefined) {
    const asset = routing[1].toLowerCase();
    return {
      kind: 'asset_routing',
      key: `asset_routing:${asset}`,
      object: asset,
      member: null,
      dataType: null,
    };
  }
  const parts = nameParts(raw.replace('#', '.').replace(/\(.*\)\s*$/, '')).map((part) => part.toLowerCase());
  if (parts.length === 0) return null;
  const whole = bySuffix.get(parts.join('.'));
  if (whole?.length === 1 && whole[0] !== undefined) return containerRef(whole[0]);
  const member = parts.at(-1) ?? '';
  const owners =
    parts.length === 1
      ? byMember.get(member)
      : bySuffix.get(parts.slice(0, -1).join('.'))?.filter((container) => container.members.has(member));
  return owners?.length === 1 && owners[0] !== undefined ? memberRef(owners[0], member) : null;
}

function containerRef(container: Container): BlameRef {
  const prefix = container.kind === 'function' ? 'function' : 'asset';
  return {
    kind: container.kind,
    key: `${prefix}:${container.name}`,
    object: container.name,
    member: null,
    dataType: null,
  };
}

function memberRef(container: Container, member: string): BlameRef {
  const kinds = { table: 'column', metric_view: 'mv_member', function: 'parameter' } as const;
  const prefix = container.kind === 'function' ? 'function' : 'column';
  return {
    kind: kinds[container.kind],
    key: `${prefix}:${container.name}#${member}`,
    object: container.name,
    member,
    dataType: container.members.get(member) ?? null,
  };
}
