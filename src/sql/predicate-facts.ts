import type { PredicateFact } from './facts.ts';
import { normalizeNode } from './normalize.ts';
import { isConstant } from './constant-expression.ts';
import { textOf, type RenderContext } from './render-context.ts';
import { callName } from './resolve.ts';
import { columnsIn } from './walk.ts';
import {
  asList,
  fieldsOf,
  flatten,
  IGNORED_FIELDS,
  isQuery,
  kindOf,
  unwrap,
  scalarText,
  isAbsent,
  asFields,
} from './tree.ts';
import { DATE_FUNCTIONS } from './vocabulary.ts';

const OPERATORS: ReadonlyMap<string, string> = new Map([
  ['eq', '='],
  ['neq', '<>'],
  ['lt', '<'],
  ['lte', '<='],
  ['gt', '>'],
  ['gte', '>='],
  ['null_safe_eq', '<=>'],
  ['null_safe_neq', 'is distinct from'],
  ['or', 'or'],
  ['exists', 'exists'],
  ['is_true', 'is true'],
  ['is_false', 'is false'],
  ['regexp_like', 'rlike'],
]);

const FLIPPED: ReadonlyMap<string, string> = new Map([
  ['<', '>'],
  ['>', '<'],
  ['<=', '>='],
  ['>=', '<='],
]);

/** What one condition restricts; `null` for one that is always the same (`1 = 1`). */
export function predicateFact(
  value: unknown,
  clause: PredicateFact['clause'],
  context: RenderContext,
  source: string | undefined,
): PredicateFact | null {
  const node = normalizeNode(value, 'sem');
  if (isConstant(node)) return null;
  const text = textOf(node, context);
  return {
    clause,
    columns: columnsIn(node, context.scope, context.aliases),
    operator: operatorOf(node),
    literals: literalsOf(node),
    text,
    source: source ?? text,
    temporal: isTemporal(node),
  };
}

function operatorOf(value: unknown): string {
  const kind = kindOf(value) ?? '';
  const fields = fieldsOf(value);
  const negated = fields['not'] === true;
  if (kind === 'in' || kind === 'between') return `${negated ? 'not ' : ''}${kind}`;
  if (kind === 'like' || kind === 'i_like')
    return `${negated ? 'not ' : ''}${kind === 'like' ? 'like' : 'ilike'}`;
  if (kind === 'is_null') return negated ? 'is not null' : 'is null';
  if (kind === 'not') {
    const inner = operatorOf(normalizeNode(fields['this'], 'sem'));
    return ['exists', 'rlike'].includes(inner) ? `not ${inner}` : 'other';
  }
  const operator = OPERATORS.get(kind) ?? 'other';
  const flips =
    !isQuery(unwrap(fields['left'])) && isConstant(fields['left']) && !isConstant(fields['right']);
  return flips ? (FLIPPED.get(operator) ?? operator) : operator;
}

/** Literals that columns are compared with; those inside expressions over columns do not count. */
function literalsOf(value: unknown): string[] {
  const kind = kindOf(value) ?? '';
  const fields = fieldsOf(value);
  if (kind === 'or' || kind === 'and')
    return flatten(value, kind).flatMap((part) => literalsOf(normalizeNode(part, 'sem')));
  if (kind === 'not') return literalsOf(normalizeNode(fields['this'], 'sem'));
  const sides = [
    fields['left'],
    fields['right'],
    fields['this'],
    fields['low'],
    fields['high'],
    fields['pattern'],
    ...asList(fields['expressions']),
  ];
  const present = sides.filter((side) => !isAbsent(side));
  const constants = present.filter((side) => isConstant(side));
  return (
    OPERATORS.has(kind) || ['in', 'between', 'like', 'i_like'].includes(kind) ? constants : [value]
  ).flatMap((side) => literalTexts(side));
}

function literalTexts(value: unknown): string[] {
  const node = unwrap(value);
  const kind = kindOf(node);
  const fields = fieldsOf(node);
  if (Array.isArray(node)) return node.flatMap((item) => literalTexts(item));
  if (typeof node !== 'object' || node === null || isQuery(node)) return [];
  if (kind === 'literal') return [scalarText(fields['value'])];
  if (kind === 'boolean') return [scalarText(fields['value'])];
  if (kind === 'neg') return literalTexts(fields['this']).map((text) => `-${text}`);
  if (kind === 'j_s_o_n_extract') return literalTexts(fields['this']);
  return Object.entries(node).flatMap(([key, child]) => (IGNORED_FIELDS.has(key) ? [] : literalTexts(child)));
}

const ISO_DATE = /^\d{4}-\d{2}(-\d{2}([ T]\d{2}:\d{2}.*)?)?$/;

/** Whether a date literal, a date function, an interval or a cast to a date takes part. */
function isTemporal(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || isQuery(value)) return false;
  if (Array.isArray(value)) return value.some(isTemporal);
  const kind = kindOf(value);
  const fields = fieldsOf(value);
  if (kind === 'literal') {
    const type = fields['literal_type'];
    return (
      type === 'date' ||
      type === 'timestamp' ||
      (type === 'string' && ISO_DATE.test(scalarText(fields['value'])))
    );
  }
  if (kind === 'interval' || kind === 'interval_of' || (kind !== null && DATE_FUNCTIONS.has(kind)))
    return true;
  if (kind === 'cast' || kind === 'try_cast') {
    if (/^(date|timestamp)/.test(scalarText(asFields(fields['to'])['data_type']))) return true;
  }
  const name = callName(value);
  if (name !== null && DATE_FUNCTIONS.has(name)) return true;
  return Object.entries(value).some(([key, child]) => !IGNORED_FIELDS.has(key) && isTemporal(child));
}
