import { dateUnitOf, isAggregate, namePartsOf } from './resolve.ts';
import { asList, fieldsOf, IGNORED_FIELDS, isQuery, kindOf, unwrap } from './tree.ts';

/** Whether operand `a` stands in front of `b` in the canonical order. */
export function sortsBefore(a: unknown, aText: string, b: unknown, bText: string): boolean {
  const [aRank, bRank] = [rank(a), rank(b)];
  return aRank === bRank ? aText < bText : aRank < bRank;
}

/** Expressions over rows first, then subqueries, then constants. */
const rank = (value: unknown): number => (isConstant(value) ? 2 : isQuery(unwrap(value)) ? 1 : 0);

/** Whether an expression has the same value for every row: no column, aggregate, window or subquery. */
export function isConstant(value: unknown): boolean {
  if (namePartsOf(value) !== null || isQuery(value) || isAggregate(value)) return false;
  if (kindOf(value) === 'star' || kindOf(value) === 'window_function') return false;
  if (Array.isArray(value)) return value.every(isConstant);
  if (typeof value !== 'object' || value === null) return true;
  const unit = dateUnitOf(value);
  if (unit !== null)
    return asList(fieldsOf(value)['args']).every((argument) => argument === unit || isConstant(argument));
  return Object.entries(value).every(([key, child]) => IGNORED_FIELDS.has(key) || isConstant(child));
}
