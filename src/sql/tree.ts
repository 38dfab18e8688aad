import { isRecord } from '../core/index.ts';

/**
 * A node of the syntax tree: one key that names the kind, one value with its fields.
 *
 * The shapes are those of the parser; everything here reads them defensively, because a kind that we
 * do not know must still be rendered and compared.
 */
export type SqlTree = { readonly [kind: string]: unknown };

export type TreeFields = Readonly<Record<string, unknown>>;

const NO_FIELDS: TreeFields = {};

/** The kind of a node, or `null` for anything that is no node. */
export function kindOf(value: unknown): string | null {
  if (!isRecord(value)) return null;
  const keys = Object.keys(value);
  return keys.length === 1 ? (keys[0] ?? null) : null;
}

/** The fields of a node; empty for kinds without fields. */
export function fieldsOf(node: unknown): TreeFields {
  const kind = kindOf(node);
  return kind === null ? NO_FIELDS : asFields((node as SqlTree)[kind]);
}

/** A field read as a record; empty when it is none. */
export const asFields = (value: unknown): TreeFields => (isRecord(value) ? value : NO_FIELDS);

/** A field read as a list; empty when it is none. */
export const asList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : [];

/** The folded name of an identifier (`{ name }` or plain text), or `null`. */
export function identifierName(value: unknown): string | null {
  const name = typeof value === 'string' ? value : asFields(value)['name'];
  return typeof name === 'string' && name !== '' ? name.toLowerCase() : null;
}

/** A field that is expected to be a word or number, as text; anything else as JSON, so that nothing compares equal by accident. */
export const scalarText = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

/** Whether a field is not there; the parser writes some absent fields as `null`. */
export const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined;

/** Whether a query of these fields orders or cuts its own rows. */
export const hasTail = (fields: TreeFields): boolean =>
  ['order_by', 'limit', 'offset'].some((key) => !isAbsent(fields[key]));

/** Builds a node. */
export const node = (kind: string, fields: TreeFields): SqlTree => ({ [kind]: fields });

/** A node without the parentheses around it. */
export function unwrap(value: unknown): unknown {
  let inner = value;
  while (kindOf(inner) === 'paren') inner = fieldsOf(inner)['this'];
  return inner;
}

/** The operands of a chain of AND (or OR), parentheses seen through, in order. */
export function flatten(value: unknown, kind: 'and' | 'or'): unknown[] {
  const inner = unwrap(value);
  if (kindOf(inner) !== kind) return [inner];
  const { left, right } = fieldsOf(inner);
  return [...flatten(left, kind), ...flatten(right, kind)];
}

const SET_KINDS = ['union', 'intersect', 'except'] as const;

export const isSetOperation = (value: unknown): boolean => SET_KINDS.some((kind) => kind === kindOf(value));

/** Whether a node is a query, parentheses included. */
export const isQuery = (value: unknown): boolean => {
  const kind = kindOf(value);
  return kind === 'select' || kind === 'subquery' || isSetOperation(value);
};

/** Child values of a node in the order of the text; comments and positions left out. */
export function childrenOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value).filter(([key]) => !IGNORED_FIELDS.has(key));
  const common = entries.filter(([key]) => key === 'with');
  return [...common, ...entries.filter(([key]) => key !== 'with')].map(
    ([, child]: [string, unknown]) => child,
  );
}

/** Fields that say how something was written, not what it means. */
export const IGNORED_FIELDS: ReadonlySet<string> = new Set([
  'span',
  'comments',
  'leading_comments',
  'trailing_comments',
  'pre_alias_comments',
  'post_select_comments',
  'left_comments',
  'operator_comments',
  'operator_comments_before',
  'condition_comments',
  'with_comments',
  'pre_body_comments',
  'post_op_comments',
  'else_comments',
  'when_comments',
  'then_comments',
  'quoted',
  'alias_explicit_as',
  'alias_keyword',
  'alias_first',
  'double_colon_syntax',
  'use_inner_keyword',
  'use_outer_keyword',
  'use_bracket_syntax',
  'nesting_group',
  'deferred_condition',
  'no_parens',
  'kind_text',
  'start_side_text',
  'end_side_text',
  'explicit_asc',
  'inferred_type',
  'use_plural',
  'unit_after_size',
  'qualify_after_window',
  'value_column_parenthesized',
  'hint',
]);
