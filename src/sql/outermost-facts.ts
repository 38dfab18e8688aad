import type { ProjectionFact, SqlFacts } from './facts.ts';
import { isStar, type Located, type Modeler, type QueryModel, type Source } from './model.ts';
import { bareClause, contextFor } from './render-query.ts';
import { textOf } from './render-context.ts';
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
 * query; `SELECT *` from one has its projections. Of a set operation the first branch counts.
 */
export function outermostFacts(model: QueryModel, modeler: Modeler, sources: SourceTexts): OutermostFacts {
  const outer = withoutParentheses(model);
  const select = firstSelect(outer);
  if (select === null) return { projections: [], groupBy: [], orderBy: [], limit: null, distinct: false };
  return {
    projections: projectionFacts(select, modeler, sources),
    groupBy: grouping(select, modeler),
    orderBy: sortKeys(outer, contextFor(outer.scope, 'facts', modeler)),
    limit: limitOf(outer),
    distinct: fieldsOf(select.node)['distinct'] === true,
  };
}

/** The query inside parentheses that add nothing of their own. */
function withoutParentheses(model: QueryModel): QueryModel {
  const [inner] = model.inner;
  const fields = fieldsOf(model.node);
  const adds = ['order_by', 'limit', 'offset'].some((key) => !isAbsent(fields[key]));
  return model.kind === 'wrapped' && inner !== undefined && !adds ? withoutParentheses(inner) : model;
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
