import { splitTop, withoutOuterParentheses } from './normal-text.ts';
import { isIsoDate, shiftDay, temporalValue } from './temporal-value.ts';

export interface Bound {
  readonly value: string;
  readonly inclusive: boolean;
}

/**
 * What a predicate allows, in a form in which equal restrictions are equal.
 *
 * `set`: one of these values; `range`: between two bounds; `not_null`: any value; `other`: known by its text only.
 */
export type Allowed =
  | { readonly form: 'set'; readonly negated: boolean; readonly values: readonly string[] }
  | { readonly form: 'range'; readonly low: Bound | null; readonly high: Bound | null }
  | { readonly form: 'not_null' }
  | { readonly form: 'other'; readonly text: string };

/** A restriction of one column, or of an expression (`subject` is then its text). */
export interface Restriction {
  readonly subject: string;
  readonly allowed: Allowed;
}

const isColumnKey = (text: string): boolean => /^[^\s()']+$/.test(text) && !/^[\d.]+$/.test(text);

/** Whole-number columns turn `> 5` into `>= 6`, date columns `< '1996-01-01'` into `<= '1995-12-31'`. */
export type StepKind = 'date' | 'integer' | 'none';

/**
 * Reads a normal text as a restriction.
 *
 * @param text - in the spelling of `normalText`
 * @param stepOf - whether the values of a column have a next value
 */
export function readRestriction(text: string, stepOf: (column: string) => StepKind): Restriction {
  const bare = withoutOuterParentheses(text);
  const restriction =
    readYear(bare) ??
    readBetween(bare) ??
    readIn(bare) ??
    readOr(bare, stepOf) ??
    readNull(bare) ??
    readComparison(bare) ??
    readFlag(bare);
  if (restriction === null) return { subject: bare, allowed: { form: 'other', text: bare } };
  return { ...restriction, allowed: stepped(restriction, stepOf(restriction.subject)) };
}

/** Value of a literal or of a constant date in one spelling; other expressions stay as they are. */
export function valueOf(text: string): string {
  const bare = withoutOuterParentheses(text);
  return temporalValue(bare) ?? bare;
}

const isConstant = (value: string): boolean =>
  /^'|^-?\s?\d|^now:|^(?:true|false)$/.test(value) || isIsoDate(value) || /^\w+\(.*now:/.test(value);

function readComparison(text: string): Restriction | null {
  const match = topOperator(text);
  if (match === null) return null;
  const { left, operator, right } = match;
  const [leftValue, rightValue] = [valueOf(left), valueOf(right)];
  const flipped = isConstant(leftValue) && !isConstant(rightValue);
  const subject = flipped ? right : left;
  const value = flipped ? leftValue : rightValue;
  switch (flipped ? flip(operator) : operator) {
    case '=':
      return { subject, allowed: { form: 'set', negated: false, values: [value] } };
    case '<>':
      return { subject, allowed: { form: 'set', negated: true, values: [value] } };
    case '<':
      return { subject, allowed: { form: 'range', low: null, high: { value, inclusive: false } } };
    case '<=':
      return { subject, allowed: { form: 'range', low: null, high: { value, inclusive: true } } };
    case '>':
      return { subject, allowed: { form: 'range', low: { value, inclusive: false }, high: null } };
    case '>=':
      return { subject, allowed: { form: 'range', low: { value, inclusive: true }, high: null } };
    default:
      return null;
  }
}

const flip = (operator: string): string =>
  ({ '<': '>', '<=': '>=', '>': '<', '>=': '<=' })[operator] ?? operator;

function topOperator(text: string): { left: string; operator: string; right: string } | null {
  for (const operator of ['<=', '>=', '<>', '=', '<', '>']) {
    const parts = splitTop(text, operator);
    const [left, right] = parts;
    if (parts.length === 2 && left !== undefined && right !== undefined && left !== '' && right !== '')
      return { left, operator, right };
  }
  return null;
}

function readBetween(text: string): Restriction | null {
  const [subject, rest, ...more] = splitTop(text, 'between');
  if (rest === undefined || more.length > 0 || subject === undefined || subject.endsWith(' not')) return null;
  const bounds = splitTop(rest, 'and');
  const [low, high] = bounds;
  if (bounds.length !== 2 || low === undefined || high === undefined) return null;
  return {
    subject,
    allowed: {
      form: 'range',
      low: { value: valueOf(low), inclusive: true },
      high: { value: valueOf(high), inclusive: true },
    },
  };
}

function readIn(text: string): Restriction | null {
  const match = /^(.*?)( not)? in ?\((.*)\)$/s.exec(text);
  if (match === null) return null;
  const [, subject = '', not, list = ''] = match;
  if (
    /^\s*(?:select|with|from)\b/i.test(list) ||
    splitTop(subject, 'and').length > 1 ||
    splitTop(subject, 'or').length > 1
  )
    return null;
  const values = splitTop(list, ',').map(valueOf);
  return { subject: subject.trim(), allowed: set(values, not !== undefined) };
}

/** `a = 1 or a = 2` is `a in (1, 2)`. */
function readOr(text: string, stepOf: (column: string) => StepKind): Restriction | null {
  const parts = splitTop(text, 'or');
  if (parts.length < 2) return null;
  const read = parts.map((part) => readRestriction(part, stepOf));
  const first = read[0]?.subject ?? '';
  const values = read.flatMap(({ subject, allowed }): readonly (string | null)[] =>
    subject === first && allowed.form === 'set' && !allowed.negated ? allowed.values : [null],
  );
  if (!values.includes(null)) return { subject: first, allowed: set(values.map(String), false) };
  const sorted = parts.map(withoutOuterParentheses).sort();
  return { subject: sorted.join(' or '), allowed: { form: 'other', text: sorted.join(' or ') } };
}

const set = (values: readonly string[], negated: boolean): Allowed => ({
  form: 'set',
  negated,
  values: [...new Set(values)].sort(),
});

function readNull(text: string): Restriction | null {
  const match = /^(.*) is (not )?null$/s.exec(text);
  if (match?.[1] === undefined) return null;
  return match[2] === undefined
    ? { subject: match[1], allowed: { form: 'other', text } }
    : { subject: match[1], allowed: { form: 'not_null' } };
}

/** `is_active` alone means `is_active = true`. */
function readFlag(text: string): Restriction | null {
  const match = /^(not )?([^\s()']+)$/.exec(text);
  if (match?.[2] === undefined || !isColumnKey(match[2])) return null;
  return {
    subject: match[2],
    allowed: { form: 'set', negated: false, values: [match[1] === undefined ? 'true' : 'false'] },
  };
}

/** `year(d) = 1995` and `date_trunc('month', d) = '1995-03-01'` are ranges of `d`. */
function readYear(text: string): Restriction | null {
  const year =
    /^(?:year\(([^()\s]+)\)|extract\(year from ([^()\s]+)\)|date_part\('year', ?([^()\s]+)\)) = (\d{4})$/i.exec(
      text,
    );
  const column = year?.[1] ?? year?.[2] ?? year?.[3];
  if (column !== undefined) {
    const first = `${year?.[4] ?? ''}-01-01`;
    return { subject: column, allowed: halfOpen(first, 'year') };
  }
  const cut = /^date_trunc\('(year|quarter|month)', ?([^()\s]+)\) = (.+)$/i.exec(text);
  const start = cut?.[3] === undefined ? null : temporalValue(cut[3]);
  if (cut?.[1] === undefined || cut[2] === undefined || start === null) return null;
  return { subject: cut[2], allowed: halfOpen(start, cut[1].toLowerCase()) };
}

function halfOpen(start: string, unit: string): Allowed {
  const months = { year: 12, quarter: 3, month: 1 }[unit] ?? 0;
  // The spelling that `temporalValue` gives to the same sum.
  const end = temporalValue(`add_months('${start}', ${months})`) ?? `${start}+${months}m`;
  return { form: 'range', low: { value: start, inclusive: true }, high: { value: end, inclusive: false } };
}

function stepped({ allowed }: Restriction, step: StepKind): Allowed {
  if (allowed.form !== 'range') return allowed;
  return { form: 'range', low: closedBound(allowed.low, 1, step), high: closedBound(allowed.high, -1, step) };
}

function closedBound(bound: Bound | null, direction: 1 | -1, step: StepKind): Bound | null {
  if (bound === null || bound.inclusive) return bound;
  if (step === 'date' && isIsoDate(bound.value))
    return { value: shiftDay(bound.value, direction), inclusive: true };
  if (step === 'integer' && /^-?\d+$/.test(bound.value))
    return { value: String(BigInt(bound.value) + BigInt(direction)), inclusive: true };
  return bound;
}

/** Both restrictions at once, when they can be merged; otherwise `null`. */
export function intersect(a: Allowed, b: Allowed): Allowed | null {
  if (a.form === 'not_null') return b;
  if (b.form === 'not_null') return a;
  if (a.form !== 'range' || b.form !== 'range') return null;
  const low = a.low ?? b.low;
  const high = a.high ?? b.high;
  const clash =
    (a.low !== null && b.low !== null && !sameBound(a.low, b.low)) ||
    (a.high !== null && b.high !== null && !sameBound(a.high, b.high));
  return clash ? null : { form: 'range', low, high };
}

export const sameBound = (a: Bound | null, b: Bound | null): boolean =>
  a === null || b === null ? a === b : a.value === b.value && a.inclusive === b.inclusive;

export function sameAllowed(a: Allowed, b: Allowed): boolean {
  if (a.form === 'range' && b.form === 'range') return sameBound(a.low, b.low) && sameBound(a.high, b.high);
  if (a.form === 'set' && b.form === 'set')
    return a.negated === b.negated && a.values.join('\u0001') === b.values.join('\u0001');
  if (a.form === 'other' && b.form === 'other') return a.text === b.text;
  return a.form === 'not_null' && b.form === 'not_null';
}
