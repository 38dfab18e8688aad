import { fullNameText } from '../catalog/catalog-model.ts';
import type { RelationEntry } from '../catalog/catalog-model.ts';
import type { MetricView } from '../catalog/metric-view.ts';
import { InvariantError } from '../../core/index.ts';
import type { Expansion } from './expansion.ts';
import { guardCycle, subquery } from './query-nodes.ts';
import { EMPTY_SCOPE } from './relation-scope.ts';
import type { ExpandedMetricView, QueryScope } from './relation-scope.ts';
import { columnNotFound, DatabricksSqlError } from './sql-error.ts';
import {
  aliased,
  column,
  copyTree,
  dottedParts,
  isNode,
  kindOf,
  listOf,
  mapTree,
  nameOf,
  parenthesised,
  partsOf,
  walkTree,
} from './tree.ts';
import type { Node } from './tree.ts';

/** Puts a subquery in place of a metric view: its dimensions, and later the columns its measures need. */
export function expandMetricView(
  entry: RelationEntry,
  alias: string,
  scope: QueryScope,
  expansion: Expansion,
): { readonly relation: Node; readonly view: ExpandedMetricView } {
  const view = metricViewOf(entry);
  const base = copyTree(view.base);
  const select = partsOf(base, 'select');
  if (select === null) throw new InvariantError('The base of a metric view is no SELECT.');
  const expressions: unknown[] = view.dimensions.map((dimension) =>
    aliased(resolveNames(copyTree(dimension.tree), view, [dimension.name]), dimension.name),
  );
  select['expressions'] = expressions;
  qualifyFilter(select, view);
  expansion.expand(
    base,
    { ...EMPTY_SCOPE, expanding: guardCycle(fullNameText(entry), scope) },
    { ...expansion, names: entry, seen: [] },
  );
  // Expansion rewrites the list, so the live one is read back.
  return {
    relation: subquery(base, alias),
    view: { entry, alias, expressions: select['expressions'] as unknown[] },
  };
}

const metricViewOf = (entry: RelationEntry): MetricView => {
  if (entry.metricView === null)
    throw new InvariantError(`${fullNameText(entry)} has no metric view definition.`);
  return entry.metricView;
};

function qualifyFilter(select: Node, view: MetricView): void {
  if (isNode(select['where_clause'])) select['where_clause'] = resolveNames(select['where_clause'], view, []);
}

/** Unqualified names: a column of the source first, else another dimension; dotted names keep their last two parts. */
function resolveNames(tree: unknown, view: MetricView, open: readonly string[]): unknown {
  if (Array.isArray(tree)) return tree.map((item) => resolveNames(item, view, open));
  if (!isNode(tree)) return tree;
  const kind = kindOf(tree);
  const parts = kind === 'column' || kind === 'dot' ? dottedParts(tree) : null;
  if (parts !== null) return resolveName(parts, tree, view, open);
  return Object.fromEntries(
    Object.entries(tree).map(([key, item]) => [
      key,
      typeof item === 'object' && item !== null ? resolveNames(item, view, open) : item,
    ]),
  );
}

function resolveName(
  parts: readonly string[],
  tree: Node,
  view: MetricView,
  open: readonly string[],
): unknown {
  const name = (parts.at(-1) ?? '').toLowerCase();
  if (parts.length >= 2) return column(parts.at(-1) ?? '', parts.at(-2) ?? '');
  if (view.sourceColumns.has(name)) return column(parts[0] ?? '', 'source');
  const dimension = view.dimensions.find(
    (each) => each.name.toLowerCase() === name && !open.includes(each.name),
  );
  if (dimension === undefined) return tree;
  return parenthesised(resolveNames(copyTree(dimension.tree), view, [...open, dimension.name]));
}

/** Writes the expression of each MEASURE call of one query in its place, and names measures used without it. */
export function replaceMeasures(select: Node, view: ExpandedMetricView | null): void {
  for (const key of Object.keys(select)) {
    if (key === 'with' || key === 'from' || key === 'joins') continue;
    if (view !== null) forbidBareMeasures(select[key], view, key);
    const value = select[key];
    if (typeof value === 'object' && value !== null)
      select[key] = mapTree(value, (node) => replaceMeasure(node, view));
  }
}

function replaceMeasure(node: Node, view: ExpandedMetricView | null): Node {
  const called = partsOf(node, 'function');
  if (called === null || String(called['name']).toLowerCase() !== 'measure') return node;
  if (view === null) {
    throw new DatabricksSqlError(
      'METRIC_VIEW_MISSING_MEASURE_SOURCE',
      '42K0J',
      'MEASURE() is used, but the FROM clause of the query holds no metric view.',
    );
  }
  const definition = metricViewOf(view.entry);
  const name = dottedParts(listOf(called['args'])[0])?.at(-1) ?? '';
  const measure = definition.measures.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (measure === undefined)
    throw columnNotFound(name, definition.measures.map((each) => each.name).slice(0, 5));
  return parenthesised(measureExpression(measure.tree, definition, view, [measure.name]));
}

/** The measure with every column replaced by one of the subquery, which gets the columns it lacks. */
function measureExpression(
  tree: Node,
  definition: MetricView,
  view: ExpandedMetricView,
  open: readonly string[],
): unknown {
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (!isNode(value)) return value;
    const nested = partsOf(value, 'function');
    if (nested !== null && String(nested['name']).toLowerCase() === 'measure') {
      const name = dottedParts(listOf(nested['args'])[0])?.at(-1) ?? '';
      const inner = definition.measures.find((each) => each.name.toLowerCase() === name.toLowerCase());
      if (inner === undefined || open.includes(inner.name))
        throw columnNotFound(name, definition.measures.map((each) => each.name).slice(0, 5));
      return parenthesised(measureExpression(inner.tree, definition, view, [...open, inner.name]));
    }
    const kind = kindOf(value);
    const parts = kind === 'column' || kind === 'dot' ? dottedParts(value) : null;
    if (parts !== null) return subqueryColumn(parts, value, definition, view);
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        typeof item === 'object' && item !== null ? visit(item) : item,
      ]),
    );
  };
  return visit(copyTree(tree));
}

function subqueryColumn(
  parts: readonly string[],
  tree: Node,
  definition: MetricView,
  view: ExpandedMetricView,
): Node {
  const name = `__${parts.join('.').toLowerCase()}`;
  const present = view.expressions.some(
    (expression) => nameOf(partsOf(expression, 'alias')?.['alias']) === name,
  );
  if (!present) view.expressions.push(aliased(resolveName(parts, tree, definition, []), name));
  return column(name, view.alias);
}

function forbidBareMeasures(value: unknown, view: ExpandedMetricView, clause: string): void {
  const definition = metricViewOf(view.entry);
  const dimensions = new Set(definition.dimensions.map((each) => each.name.toLowerCase()));
  const aliases = new Set<string>();
  walkTree(value, (node) => {
    const name = nameOf(partsOf(node, 'alias')?.['alias']);
    if (name !== '') aliases.add(name.toLowerCase());
    if (kindOf(node) === 'select') return false;
    if (partsOf(node, 'star') !== null && clause === 'expressions') throw unsupportedStar(view);
    const called = partsOf(node, 'function');
    if (called !== null && String(called['name']).toLowerCase() === 'measure') return false;
    if (kindOf(node) !== 'column' || clause === 'order_by' || clause === 'having') return;
    const used = dottedParts(node)?.at(-1) ?? '';
    const measure = definition.measures.find((each) => each.name.toLowerCase() === used.toLowerCase());
    if (measure === undefined || dimensions.has(used.toLowerCase())) return;
    throw new DatabricksSqlError(
      'METRIC_VIEW_MISSING_MEASURE_FUNCTION',
      '42K0G',
      `The usage of measure column [${measure.name}] of a metric view requires a MEASURE() function to produce results.`,
    );
  });
}

const unsupportedStar = (view: ExpandedMetricView): DatabricksSqlError =>
  new DatabricksSqlError(
    'METRIC_VIEW_UNSUPPORTED_USAGE',
    '42K0F',
    `The metric view usage is not supported: SELECT * on \`${fullNameText(view.entry)}\`. Name the dimensions and use MEASURE() for measures.`,
  );
