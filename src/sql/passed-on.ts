import { isStar, type QueryModel } from './model.ts';
import { asList, fieldsOf, hasTail, identifierName, isAbsent, kindOf, unwrap } from './tree.ts';

/** Clauses by which a SELECT changes the rows that it reads. */
const CHANGES = [
  'joins',
  'lateral_views',
  'where_clause',
  'group_by',
  'having',
  'qualify',
  'offset',
  'fetch',
  'distinct_on',
  'top',
  'sample',
  'connect',
] as const;

const isNothing = (value: unknown): boolean =>
  isAbsent(value) || value === false || (Array.isArray(value) && value.length === 0);

/** The query inside parentheses that add nothing of their own. */
export function withoutParentheses(model: QueryModel): QueryModel {
  const [inner] = model.inner;
  return model.kind === 'wrapped' && inner !== undefined && !hasTail(fieldsOf(model.node))
    ? withoutParentheses(inner)
    : model;
}

/**
 * The query whose rows a SELECT hands on one by one, when it picks columns of it and does nothing else:
 * `WITH answer AS (…) SELECT a, b FROM answer`.
 *
 * Its LIMIT is then the answer's own, and so is its DISTINCT where no column is left out.
 */
export function passedOn(model: QueryModel): QueryModel | null {
  const [source] = model.scope.sources;
  if (model.kind !== 'select' || model.scope.sources.length !== 1 || source === undefined) return null;
  const fields = fieldsOf(model.node);
  if (CHANGES.some((key) => !isNothing(fields[key]))) return null;
  const query = source.cte?.query ?? source.query;
  if (query === null || !asList(fields['expressions']).every(isPicked)) return null;
  return withoutParentheses(query);
}

/** A column or a star, under whatever name. */
function isPicked(item: unknown): boolean {
  const node = unwrap(kindOf(item) === 'alias' ? fieldsOf(item)['this'] : item);
  return kindOf(node) === 'column' || (kindOf(node) === 'star' && isNothing(fieldsOf(node)['except']));
}

/** Whether a SELECT picks all columns of the query below, so that rows that differ below differ here. */
export function picksAll(model: QueryModel, below: QueryModel): boolean {
  const items = asList(fieldsOf(model.node)['expressions']);
  if (items.some((item) => kindOf(unwrap(item)) === 'star')) return true;
  const outputs = below.outputs();
  // How many columns a star below stands for is not known.
  if (outputs.some(isStar)) return false;
  return new Set(items.map(pickedName)).size >= outputs.length;
}

function pickedName(item: unknown): string | null {
  const node = unwrap(kindOf(item) === 'alias' ? fieldsOf(item)['this'] : item);
  return identifierName(fieldsOf(node)['name']);
}
