import { nameKey } from '../../core/index.ts';
import { joinCondition, joinSpecs, textOf, type Space } from '../../spaces/index.ts';
import { predicateIn } from './predicate-in-text.ts';
import type { Asset, AssetColumn } from './model.ts';
import type { Schema } from './schema.ts';
import { identifier, readFragment } from './sql-fragment.ts';
import { contentStems } from './tokens.ts';

/** A way to join two nodes. `many` names the side with several rows per row of the other (`both` is no node name); `null` when nobody says. */
export interface JoinEdge {
  readonly left: string;
  readonly right: string;
  readonly on: string;
  readonly source: 'spec' | 'foreign_key' | 'equal_name';
  readonly cost: number;
  readonly many: string | null;
  /** Words of its comment and instruction: they choose between parallel joins. */
  readonly words: readonly string[];
}

/** One step of a path, in walking direction. */
export interface JoinStep {
  readonly node: string;
  readonly edge: JoinEdge;
  /** Walking this way can repeat rows. */
  readonly fansOut: boolean;
}

/** Join specs first, then foreign keys of the catalog, then equal column names; a better source hides the others. */
export function joinEdges(space: Space, schema: Schema): JoinEdge[] {
  const edges: JoinEdge[] = [];
  const linked = new Set<string>();
  const pair = (a: Asset, b: Asset): string => [nameKey(a.name), nameKey(b.name)].sort().join('|');
  for (const spec of joinSpecs(space)) {
    const left = schema.asset(spec.left.identifier);
    const right = schema.asset(spec.right.identifier);
    if (left === undefined || right === undefined) continue;
    const { predicate, relationship } = joinCondition(spec);
    const extra = predicateIn(textOf(spec.instruction), schema)?.fragment;
    const [leftNode, rightNode] = [
      nodeFor(spec.left.alias, left, schema),
      nodeFor(spec.right.alias, right, schema),
    ];
    const on = readFragment(predicate, schema).sql;
    edges.push({
      left: leftNode,
      right: rightNode,
      on:
        extra === undefined || !extra.nodes.every((node) => node === leftNode || node === rightNode)
          ? on
          : `${on} AND ${extra.sql}`,
      source: 'spec',
      cost: 1,
      many: manySide(relationship, leftNode, rightNode),
      words: contentStems(`${textOf(spec.comment)} ${textOf(spec.instruction)} ${leftNode} ${rightNode}`),
    });
    linked.add(pair(left, right));
  }
  const tables = schema.assets.filter((asset) => asset.kind === 'table');
  for (const asset of tables) {
    for (const key of asset.foreignKeys) {
      const other = schema.asset(key.referencedTable);
      if (other === undefined || joinSpecsCover(edges, asset, other, schema)) continue;
      const on = key.columns
        .map(
          (column, at) =>
            `${identifier(asset.alias)}.${identifier(column)} = ${identifier(other.alias)}.${identifier(key.referencedColumns[at] ?? column)}`,
        )
        .join(' AND ');
      edges.push({
        left: asset.alias,
        right: other.alias,
        on,
        source: 'foreign_key',
        cost: 1,
        many: asset.alias,
        words: contentStems(key.columns.join(' ')),
      });
      linked.add(pair(asset, other));
    }
  }
  for (const [position, asset] of tables.entries()) {
    for (const other of tables.slice(position + 1)) {
      if (!linked.has(pair(asset, other))) edges.push(...equalNameEdge(asset, other));
    }
  }
  return edges;
}

const joinSpecsCover = (edges: readonly JoinEdge[], a: Asset, b: Asset, schema: Schema): boolean =>
  edges.some((edge) => {
    if (edge.source !== 'spec') return false;
    const ends = [schema.nodes.get(edge.left), schema.nodes.get(edge.right)];
    return ends.includes(a) && ends.includes(b);
  });

const nodeFor = (alias: string | undefined, asset: Asset, schema: Schema): string =>
  alias !== undefined && schema.nodes.get(alias.toLowerCase()) === asset ? alias.toLowerCase() : asset.alias;

function manySide(relationship: string | null, left: string, right: string): JoinEdge['many'] {
  if (relationship === 'MANY_TO_ONE') return left;
  if (relationship === 'ONE_TO_MANY') return right;
  return relationship === 'MANY_TO_MANY' ? 'both' : null;
}

/** Both are foreign keys, to tables of their own: rows that share one are no pair. */
const bothPointElsewhere = (a: Asset, left: AssetColumn, b: Asset, right: AssetColumn): boolean => {
  const points = (asset: Asset, column: AssetColumn): boolean =>
    asset.foreignKeys.some((key) =>
      key.columns.some((name) => name.toLowerCase() === column.name.toLowerCase()),
    );
  return points(a, left) && points(b, right);
};

/** Columns of one name: keys before others; a date or a measure that happens to share its name joins nothing. */
function equalNameEdge(a: Asset, b: Asset): JoinEdge[] {
  const shared = a.columns.flatMap((left) => {
    const right = b.columns.find(
      (column) => column.name.toLowerCase() === left.name.toLowerCase() && column.kind === left.kind,
    );
    return right === undefined || left.kind === 'date' || bothPointElsewhere(a, left, b, right)
      ? []
      : [{ left, right, key: left.isKey || right.isKey }];
  });
  const best = shared.find((match) => match.key) ?? shared.find((match) => match.left.kind === 'text');
  if (best === undefined) return [];
  const isPrimary = (asset: Asset, column: AssetColumn): boolean =>
    asset.primaryKey.length === 1 && asset.primaryKey[0]?.toLowerCase() === column.name.toLowerCase();
  const many = isPrimary(b, best.right) ? a.alias : isPrimary(a, best.left) ? b.alias : null;
  const on = `${identifier(a.alias)}.${identifier(best.left.name)} = ${identifier(b.alias)}.${identifier(best.right.name)}`;
  return [
    { left: a.alias, right: b.alias, on, source: 'equal_name', cost: best.key ? 1.3 : 3, many, words: [] },
  ];
}

/**
 * Cheapest walks from a node to every other, the nearest first; between parallel joins the words of the question decide.
 *
 * A node that nothing leads to is missing.
 */
export function joinPaths(
  edges: readonly JoinEdge[],
  from: string,
  questionStems: ReadonlySet<string>,
): Map<string, readonly JoinStep[]> {
  const best = new Map<string, { cost: number; steps: JoinStep[] }>([[from, { cost: 0, steps: [] }]]);
  const open = new Set([from]);
  const done = new Map<string, readonly JoinStep[]>();
  while (open.size > 0) {
    const node = [...open].reduce((a, b) => ((best.get(b)?.cost ?? 0) < (best.get(a)?.cost ?? 0) ? b : a));
    open.delete(node);
    const here = best.get(node) ?? { cost: 0, steps: [] };
    done.set(node, here.steps);
    for (const edge of edges) {
      const next = edge.left === node ? edge.right : edge.right === node ? edge.left : null;
      if (next === null || done.has(next)) continue;
      const said = edge.words.filter((word) => questionStems.has(word)).length;
      const cost = here.cost + Math.max(LEAST_COST, edge.cost - COST_PER_WORD * said);
      if (cost >= (best.get(next)?.cost ?? Infinity)) continue;
      const fansOut = edge.many === next || edge.many === 'both';
      best.set(next, { cost, steps: [...here.steps, { node: next, edge, fansOut }] });
      open.add(next);
    }
  }
  return done;
}

const LEAST_COST = 0.3;
const COST_PER_WORD = 0.25;
