import { joinPaths, type JoinStep } from './join-graph.ts';
import type { Knowledge } from './knowledge.ts';
import type { Asset, AssetColumn } from './model.ts';
import { identifier } from './sql-fragment.ts';

/** What can be used when `base` stands first in FROM. */
export interface Scope {
  readonly base: Asset;
  /** How to get to a table: `[]` for the base itself, `null` when no join leads there. */
  path(asset: Asset): readonly JoinStep[] | null;
  /** As `path`, to one role of a table. */
  pathToNode(node: string): readonly JoinStep[] | null;
  /** 1 for the base, less for every join on the way, little when nothing leads there. */
  reach(asset: Asset): number;
  reachNodes(nodes: readonly string[]): number;
  /** Node alias under which a table appears. */
  node(asset: Asset): string;
  ref(column: AssetColumn, asset: Asset): string;
  /** The table that a node alias stands for. */
  assetOf(node: string): Asset | undefined;
}

const PER_JOIN = 0.93;
const GUESSED_JOIN = 0.95;
/** Walking to the many side repeats rows: a base on that side is the better start. */
const REPEATING_JOIN = 0.85;
const OUT_OF_REACH = 0.35;

export function scopeOf(base: Asset, knowledge: Knowledge, questionStems: ReadonlySet<string>): Scope {
  let walks: Map<string, readonly JoinStep[]> | null = null;
  const pathToNode = (goal: string): readonly JoinStep[] | null => {
    walks ??= joinPaths(knowledge.joins, base.alias, questionStems);
    return walks.get(goal) ?? null;
  };
  const paths = new Map<Asset, readonly JoinStep[] | null>();
  const nearest = (asset: Asset): readonly JoinStep[] | null => {
    pathToNode(base.alias);
    for (const [node, steps] of walks ?? []) if (knowledge.schema.nodes.get(node) === asset) return steps;
    return null;
  };
  const path = (asset: Asset): readonly JoinStep[] | null => {
    if (asset === base) return [];
    // A metric view cannot be joined.
    if (base.kind !== 'table' || asset.kind !== 'table') return null;
    const known = paths.get(asset);
    if (known !== undefined) return known;
    const found = nearest(asset);
    paths.set(asset, found);
    return found;
  };
  const reach = (asset: Asset): number => {
    const steps = path(asset);
    if (steps === null) return base.kind === 'table' && asset.kind === 'table' ? OUT_OF_REACH : 0;
    return steps.reduce(
      (value, step) =>
        value *
        PER_JOIN *
        (step.edge.source === 'equal_name' ? GUESSED_JOIN : 1) *
        (step.fansOut ? REPEATING_JOIN : 1),
      1,
    );
  };
  const node = (asset: Asset): string => path(asset)?.at(-1)?.node ?? asset.alias;
  return {
    base,
    path,
    pathToNode,
    reach,
    reachNodes: (nodes) => nodes.reduce((least, name) => Math.min(least, reachOf(knowledge, name, reach)), 1),
    node,
    assetOf: (name) => knowledge.schema.nodes.get(name),
    ref: (column, asset) => `${identifier(node(asset))}.${identifier(column.name)}`,
  };
}

const reachOf = (knowledge: Knowledge, name: string, reach: (asset: Asset) => number): number => {
  const asset = knowledge.schema.nodes.get(name);
  return asset === undefined ? 0 : reach(asset);
};
