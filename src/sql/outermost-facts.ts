import type { ProjectionFact, SqlFacts } from './facts.ts';
import { isStar, type Located, type Modeler, type QueryModel, type Source } from './model.ts';
import { bareClause, contextFor } from './render-query.ts';
import { textOf } from './render-context.ts';
import { passedOn, picksAll, withoutParentheses } from './passed-on.ts';
import { groupingTexts, sortKeys } from './select-keys.ts';
import { aliasesBefore, containsAggregate } from './resolve.ts';
import type { SourceTexts } from './source-text.ts';
import { columnsIn } from './walk.ts';
import { asList, fieldsOf, identifierName, kindOf, unwrap, isAbsent } from './tree.ts';

type OutermostFacts = Pick<SqlFacts, 'projections' | 'groupBy' | 'orderBy' | 'limit' | 'distinct'>;

/**
 * What the answer of a statement looks like: columns, grouping, order, limit.
 *
 * A SELECT that only reads one subquery or CTE, without grouping itself, has the grouping of that
 * query; `SELECT *` from one has its projections. One that only picks columns has the LIMIT of the query
 * that it reads, the order that this LIMIT goes by, and its DISTINCT. Of a set operation the first branch
 * counts.
 */
export function outermostFacts(model: QueryModel, modeler: Modeler, sources: SourceTexts): OutermostFacts {
  const outer = withoutParentheses(model);
  const select = firstSelect(outer);
  if (select === null) return { projections: [], groupBy: [], orderBy: [], limit: null, distinct: false };
  return {
    projections: projectionFacts(select, modeler, sources),
    groupBy: grouping(select, modeler),
    ...orderAndLimit(outer, modeler),
    distinct: isDistinct(outer),
  };
}

/** A query that is not cut off hands on all rows of the one below, in no order that could be relied on. */
function orderAndLimit(model: QueryModel, modeler: Modeler, steps = 0): Pick<SqlFacts, 'orderBy' | 'limit'> {
  const orderBy = sortKeys(model, contextFor(model.scope, 'facts', modeler));
  const own = { orderBy, limit: limitOf(model) };
  const below = own.limit === null && steps <= MAX_STEPS ? passedOn(model) : null;
  if (below === null) return own;
  const inner = orderAndLimit(below, modeler, steps + 1);
  if (inner.limit === null) return own;
  return { limit: inner.limit, orderBy: orderBy.length > 0 ? orderBy : inner.orderBy };
}

function isDistinct(model: QueryModel, steps = 0): boolean {
  const select = firstSelect(model);
  if (select === null || fieldsOf(select.node)['distinct'] === true) return select !== null;
  const below = steps <= MAX_STEPS ? passedOn(select) : null;
  return below !== null && picksAll(select, below) && isDistinct(below, steps + 1);
}

function firstSelect(model: QueryModel): QueryModel | null {
  if (model.kind === 'select') return model;
  const [first] = model.inner;
  return first === undefined ? null : firstSelect(first);
}

/** The query of the only source, when there is exactly one and it is derived. */
function onlyDerived(model: QueryModel): QueryModel | null {
  const [source] = model.scope.sources;
  if (model.scope.sources.length !== 1 || source === undefined) return null;
  const query = source.cte?.query ?? source.query;
  return query === null ? null : firstSelect(query);
}

const MAX_STEPS = 20;

function grouping(model: QueryModel, modeler: Modeler, steps = 0): SqlFacts['groupBy'] {
  const fields = fieldsOf(model.node);
  if (!isAbsent(fields['group_by'])) {
    const context = contextFor(model.scope, 'facts', modeler);
    const aliases = { names: model.scope.aliases, first: false };
    return groupingTexts(model, context).map(({ text, node }) => ({
      text,
      columns: columnsIn(node, model.scope, aliases),
    }));
  }
  const aggregates = asList(fields['expressions']).some((item) => containsAggregate(item, new Map()));
  const below = aggregates || steps > MAX_STEPS ? null : onlyDerived(model);
  return below === null ? [] : grouping(below, modeler, steps + 1);
}

function projectionFacts(
  model: QueryModel,
  modeler: Modeler,
  sources: SourceTexts,
  steps = 0,
): ProjectionFact[] {
  return asList(fieldsOf(model.node)['expressions']).flatMap((item): ProjectionFact[] => {
    const named = kindOf(item) === 'alias';
    const node = unwrap(named ? fieldsOf(item)['this'] : item);
    const below = isPlainStar(node) && steps < MAX_STEPS ? onlyDerived(model) : null;
    if (below !== null) return projectionFacts(below, modeler, sources, steps + 1);
    const aliases = aliasesBefore(model.scope, named ? fieldsOf(item)['this'] : item);
    const text = textOf(node, { ...contextFor(model.scope, 'facts', modeler), aliases });
    return [
      {
        text,
        source: sources.get(item) ?? text,
        alias: named ? identifierName(fieldsOf(item)['alias']) : null,
        columns: columnsIn(node, model.scope, aliases),
        aggregated: isAggregated(node, model),
      },
    ];
  });
}

const isPlainStar = (node: unknown): boolean =>
  kindOf(node) === 'star' && asList(fieldsOf(node)['except']).length === 0;

/** Whether a projection aggregates, in this query or in the CTE that it reads. */
function isAggregated(value: unknown, model: QueryModel): boolean {
  return containsAggregate(value, model.scope.aliases) || derivedFrom(value, model, 0);
}

function derivedFrom(value: unknown, model: QueryModel, steps: number): boolean {
  const fields = fieldsOf(value);
  if (kindOf(value) !== 'column' || steps > MAX_STEPS) return false;
  const name = identifierName(fields['name']);
  const qualifier = identifierName(fields['table']);
  const branches = model.scope.sources
    .filter((source) => qualifier === null || source.alias === qualifier)
    .flatMap((source) => branchesOf(source, name));
  return branches.some((branch) => containsAggregate(branch.node, branch.scope.aliases));
}

const branchesOf = (source: Source, name: string | null): readonly Located[] =>
  (source.outputs() ?? []).flatMap((output) =>
    !isStar(output) && output.name === name ? output.branches : [],
  );

function limitOf(model: QueryModel): number | null {
  const amount = unwrap(bareClause(fieldsOf(model.node)['limit']));
  const fields = fieldsOf(amount);
  return kindOf(amount) === 'literal' && fields['literal_type'] === 'number' ? Number(fields['value']) : null;
}
