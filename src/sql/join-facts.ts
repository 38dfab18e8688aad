import { compareCodeUnits } from '../core/index.ts';
import type { ColumnRef, JoinFact } from './facts.ts';
import { emptyScope, type JoinModel, type QueryModel, type Scope, type Source } from './model.ts';
import { namePartsOf, NO_ALIASES, resolveName } from './resolve.ts';
import { textOf, type RenderContext } from './render-context.ts';
import { plainColumn } from './walk.ts';
import { asFields, fieldsOf, flatten, kindOf, node, unwrap, isAbsent } from './tree.ts';

/** The joins of a SELECT, and the conditions of WHERE that they used up. */
export interface JoinAnalysis {
  readonly joins: readonly JoinFact[];
  /** Nodes of WHERE that only connect sources; they are no predicates. */
  readonly used: ReadonlySet<unknown>;
}

/** Reads joins with their equality pairs; those of joins without a condition come from WHERE. */
export function analyzeJoins(model: QueryModel, context: RenderContext): JoinAnalysis {
  const where = asFields(fieldsOf(model.node)['where_clause'])['this'];
  const parts = isAbsent(where) ? [] : flatten(where, 'and');
  const links = parts.map((part) => linkOf(part, model.scope)).filter((link) => link !== null);
  const used = new Set<unknown>();
  const own = new Map<JoinModel, Placed[]>();
  for (const join of model.joins.filter(isBare)) {
    own.set(
      join,
      links.filter((link) => !used.has(link.node) && connects(link, join)),
    );
    for (const link of own.get(join) ?? []) used.add(link.node);
  }
  // A bare name that no schema places still joins something: the one source left without a pair.
  const [lonely, ...others] = [...own].filter(([, placed]) => placed.length === 0).map(([join]) => join);
  if (lonely !== undefined && others.length === 0 && lonely.kind === 'Implicit') {
    const loose = parts
      .filter((part) => !used.has(part))
      .map((part) => loosePair(part, model.scope, links, lonely));
    own.set(
      lonely,
      loose.filter((link) => link !== null),
    );
    for (const link of own.get(lonely) ?? []) used.add(link.node);
  }
  const joins = model.joins.map((join) => {
    const placed = own.get(join);
    if (placed === undefined) return statedJoin(join, model.scope, context);
    const condition = placed
      .map((link) => textOf(link.node, context))
      .sort()
      .join(' and ');
    return joinFact(join, placed, join.kind.startsWith('Natural') ? 'natural' : condition);
  });
  return { joins, used };
}

const isBare = (join: JoinModel): boolean => join.on === null && join.using.length === 0;

/** A pair with the sources it joins, as far as they are known. */
interface Placed {
  readonly node: unknown;
  readonly pair: readonly [ColumnRef, ColumnRef];
  readonly sources: readonly Source[];
}

/** `a.x = b.y` between two sources of the same SELECT. */
interface Link extends Placed {
  readonly sources: readonly [Source, Source];
}

function linkOf(value: unknown, scope: Scope): Link | null {
  const inner = unwrap(value);
  const fields = fieldsOf(inner);
  if (kindOf(inner) !== 'eq' && kindOf(inner) !== 'null_safe_eq') return null;
  const [left, right] = [sideOf(fields['left'], scope), sideOf(fields['right'], scope)];
  if (left === null || right === null || left.source === right.source) return null;
  return { node: inner, pair: orderedPair(left.column, right.column), sources: [left.source, right.source] };
}

function sideOf(
  value: unknown,
  scope: Scope,
): { readonly column: ColumnRef; readonly source: Source } | null {
  const side = unwrap(value);
  const parts = namePartsOf(side);
  const resolution = parts === null ? null : resolveName(parts, scope, NO_ALIASES);
  const column = plainColumn(side, scope);
  if (resolution?.kind !== 'column' || resolution.levels > 0 || resolution.path.length > 0 || column === null)
    return null;
  return { column, source: resolution.source };
}

const connects = (link: Link, join: JoinModel): boolean =>
  link.sources.includes(join.right) && link.sources.some((source) => join.earlier.includes(source));

function statedJoin(join: JoinModel, scope: Scope, context: RenderContext): JoinFact {
  if (join.on === null) {
    const pairs = join.using.map((column) => usingLink(column, join));
    const text = pairs
      .map((link) => link.text)
      .sort()
      .join(' and ');
    return joinFact(join, pairs, text);
  }
  const parts = flatten(join.on, 'and');
  const links = parts.map((part) => linkOf(part, scope)).filter((link) => link !== null);
  const loose = parts.map((part) => loosePair(part, scope, links, join)).filter((link) => link !== null);
  const constant = kindOf(unwrap(join.on)) === 'boolean';
  return joinFact(join, [...links, ...loose], constant ? '' : textOf(join.on, context));
}

/** An equality of two columns that could not both be placed still joins: most likely it was meant to. */
function loosePair(value: unknown, scope: Scope, links: readonly Link[], join: JoinModel): Placed | null {
  const inner = unwrap(value);
  const fields = fieldsOf(inner);
  if (kindOf(inner) !== 'eq' || links.some((link) => link.node === inner)) return null;
  const sides = [fields['left'], fields['right']].map((side) => unwrap(side));
  const [left, right] = sides.map((side) => plainColumn(side, scope));
  if (isAbsent(left) || isAbsent(right) || (left.table !== null && right.table !== null)) return null;
  const sources = sides.map((side) => sideOf(side, scope)?.source).filter((source) => source !== undefined);
  return { node: inner, pair: orderedPair(left, right), sources: [...sources, join.right] };
}

/** USING names a column of the joined source and of the nearest earlier one that may have it. */
function usingLink(column: string, join: JoinModel): Placed & { readonly text: string } {
  const known = join.earlier.find((source) => source.columns?.has(column));
  const open = join.earlier.filter((source) => source.columns === null);
  const left = known ?? (open.length === 1 ? open[0] : undefined);
  const sides = [left, join.right].map((source): ColumnRef => columnOf(source, column));
  const [first, second] = sides;
  const texts = [left, join.right].map((source) => `${source?.label ?? '?'}.${column}`).sort();
  return {
    node: null,
    pair: orderedPair(first ?? { table: null, column }, second ?? { table: null, column }),
    sources: [left ?? join.right, join.right],
    text: texts.join(' = '),
  };
}

function columnOf(source: Source | undefined, column: string): ColumnRef {
  if (source === undefined) return { table: null, column };
  const scope: Scope = { ...emptyScope(null, 0, new Map()), sources: [source] };
  return plainColumn(node('column', { name: { name: column } }), scope) ?? { table: null, column };
}

const joinText = (ref: ColumnRef): string => `${ref.table ?? ''}.${ref.column}`;

const orderedPair = (a: ColumnRef, b: ColumnRef): [ColumnRef, ColumnRef] =>
  compareCodeUnits(joinText(a), joinText(b)) <= 0 ? [a, b] : [b, a];

function joinFact(join: JoinModel, links: readonly Placed[], condition: string): JoinFact {
  const partner = links.flatMap((link) => link.sources).find((source) => source !== join.right);
  const nearest = partner ?? (links.length === 0 ? join.earlier.at(-1) : undefined);
  const pairs = links.map((link) => link.pair);
  return {
    type: joinType(join.kind),
    left: baseTable(nearest, pairs),
    right: baseTable(join.right, pairs),
    pairs: pairs.toSorted((a, b) => compareCodeUnits(a.map(joinText).join('='), b.map(joinText).join('='))),
    condition,
  };
}

/** The table behind a source: its own name, or the only table of a subquery that is part of a pair. */
function baseTable(source: Source | undefined, pairs: JoinFact['pairs']): string | null {
  if (source === undefined) return null;
  if (source.name !== null) return source.name;
  const query = source.cte?.query ?? source.query;
  const tables = query === null ? new Set<string>() : tablesBelow(query);
  const [lone] = tables;
  if (tables.size === 1 && lone !== undefined) return lone;
  return pairs.flat().find((ref) => ref.table !== null && tables.has(ref.table))?.table ?? null;
}

function tablesBelow(query: QueryModel, seen: Set<QueryModel> = new Set()): Set<string> {
  const names = new Set<string>();
  if (seen.has(query)) return names;
  seen.add(query);
  for (const inner of query.inner) for (const name of tablesBelow(inner, seen)) names.add(name);
  for (const source of query.scope.sources) {
    if (source.name !== null) names.add(source.name);
    const below = source.cte?.query ?? source.query;
    if (below !== null) for (const name of tablesBelow(below, seen)) names.add(name);
  }
  return names;
}

function joinType(kind: string): JoinFact['type'] {
  const words = kind.toLowerCase();
  if (words === 'implicit') return 'implicit';
  if (words.includes('semi')) return 'semi';
  if (words.includes('anti')) return 'anti';
  if (words.includes('cross')) return 'cross';
  if (words.includes('left')) return 'left';
  if (words.includes('right')) return 'right';
  if (words.includes('full') || words === 'outer') return 'full';
  return 'inner';
}
