import { callName } from './resolve.ts';
import {
  asFields,
  asList,
  fieldsOf,
  kindOf,
  node,
  unwrap,
  type SqlTree,
  scalarText,
  isAbsent,
} from './tree.ts';

/** How much is evened out: spelling only, order and names, or equivalent forms too. */
export type NormalLevel = 'text' | 'struct' | 'sem';

/**
 * Rewrites one node (not its children) to the form that stands for all equal spellings.
 *
 * @see spec/sql-and-duckdb.md §2
 */
export function normalizeNode(value: unknown, level: NormalLevel): unknown {
  const plain = evenSpelling(unwrap(value));
  return level === 'sem' ? equivalentForm(plain) : plain;
}

function evenSpelling(value: unknown): unknown {
  const fields = fieldsOf(value);
  const kind = kindOf(value);
  if (kind === 'literal') {
    const type = fields['literal_type'];
    if (type === 'date' || type === 'timestamp') {
      return node('cast', { this: text(scalarText(fields['value'])), to: { data_type: type } });
    }
    return type === 'raw_string' ? text(scalarText(fields['value'])) : value;
  }
  if (kind === 'not') {
    const inner = unwrap(fields['this']);
    return kindOf(inner) === 'like' || kindOf(inner) === 'i_like' ? negatedLike(inner) : value;
  }
  if (kind === 'interval') return evenInterval(fields) ?? value;
  return value;
}

/** The parser reads `a NOT LIKE b` as `NOT (a LIKE b)`. */
const negatedLike = (like: unknown): SqlTree =>
  node(kindOf(like) ?? 'like', { ...fieldsOf(like), not: fieldsOf(like)['not'] !== true });

/** `INTERVAL 5 DAYS`, `INTERVAL '5' DAY` and `INTERVAL '5 days'` are one. */
function evenInterval(fields: Readonly<Record<string, unknown>>): SqlTree | null {
  const amount = unwrap(fields['this']);
  const unit = asFields(fields['unit']);
  if (unit['type'] === 'simple') {
    const count =
      kindOf(amount) === 'literal' ? literal(scalarText(fieldsOf(amount)['value']).trim()) : amount;
    return node('interval_of', { count, unit: singular(scalarText(unit['unit'])) });
  }
  const match = /^\s*([+-]?\d+)\s+([a-z]+)\s*$/i.exec(scalarText(fieldsOf(amount)['value'] ?? ''));
  return isAbsent(fields['unit']) && match !== null
    ? node('interval_of', { count: literal(match[1] ?? ''), unit: singular(match[2] ?? '') })
    : null;
}

const singular = (unit: string): string => unit.toLowerCase().replace(/s$/, '');

const literal = (value: string): SqlTree => node('literal', { literal_type: 'number', value });
const text = (value: string): SqlTree => node('literal', { literal_type: 'string', value });

const EXTRACTABLE: ReadonlyMap<string, string> = new Map([
  ...['year', 'quarter', 'month', 'day', 'hour', 'minute', 'second'].map((kind): [string, string] => [
    kind,
    kind,
  ]),
  ['day_of_month', 'day'],
  ['week_of_year', 'week'],
]);

const NEGATED: ReadonlyMap<string, string> = new Map([
  ['eq', 'neq'],
  ['neq', 'eq'],
  ['lt', 'gte'],
  ['gte', 'lt'],
  ['gt', 'lte'],
  ['lte', 'gt'],
]);

function equivalentForm(value: unknown): unknown {
  const kind = kindOf(value);
  const fields = fieldsOf(value);
  switch (kind ?? '') {
    case 'nvl':
      return node('coalesce', { expressions: [fields['this'], fields['expression']] });
    case 'coalesce':
      return node('coalesce', { expressions: fields['expressions'] });
    case 'if_func':
      return node('case', {
        operand: null,
        whens: [[fields['condition'], fields['true_value']]],
        else_: fields['false_value'] ?? null,
      });
    case 'count':
      return isOne(fields['this']) && fields['distinct'] !== true
        ? node('count', { ...fields, this: null, star: true })
        : value;
    case 'in':
      return oneElementIn(fields) ?? value;
    case 'not':
      return pushedNot(unwrap(fields['this'])) ?? value;
    case 'function':
      return dateArithmetic(fields) ?? namedFunction(value) ?? value;
    case 'extract':
      return node('extract', { this: fields['this'], field: fieldName(fields['field']) });
    default: {
      const field = kind === null ? undefined : EXTRACTABLE.get(kind);
      return field === undefined ? value : node('extract', { this: fields['this'], field });
    }
  }
}

/** Units that the parser has no word for come as `{ Custom: 'QUARTER' }`. */
const fieldName = (field: unknown): string =>
  (typeof field === 'string' ? field : Object.values(asFields(field)).join(' ')).toLowerCase();

const isOne = (value: unknown): boolean =>
  kindOf(value) === 'literal' &&
  fieldsOf(value)['value'] === '1' &&
  fieldsOf(value)['literal_type'] === 'number';

function oneElementIn(fields: Readonly<Record<string, unknown>>): SqlTree | null {
  const items = asList(fields['expressions']);
  if (items.length !== 1 || !isAbsent(fields['query']) || !isAbsent(fields['unnest'])) return null;
  return node(fields['not'] === true ? 'neq' : 'eq', { left: fields['this'], right: items[0] });
}

/** NOT in front of a comparison is the opposite comparison, in three-valued logic too. */
function pushedNot(inner: unknown): unknown {
  const kind = kindOf(inner) ?? '';
  const fields = fieldsOf(inner);
  const opposite = NEGATED.get(kind);
  if (opposite !== undefined) return node(opposite, fields);
  if (kind === 'in' || kind === 'between' || kind === 'is_null') {
    const negated = node(kind, { ...fields, not: fields['not'] !== true });
    return kind === 'in' ? (oneElementIn(fieldsOf(negated)) ?? negated) : negated;
  }
  return kind === 'not' ? equivalentForm(unwrap(fields['this'])) : null;
}

/** `date_sub(d, 5)` is `d - INTERVAL 5 DAY`. */
function dateArithmetic(fields: Readonly<Record<string, unknown>>): SqlTree | null {
  const name = scalarText(fields['name']).toLowerCase();
  const [date, amount, third] = asList(fields['args']);
  if ((name !== 'date_sub' && name !== 'date_add') || amount === undefined || third !== undefined)
    return null;
  if (kindOf(unwrap(amount)) === 'interval') return null;
  return node(name === 'date_sub' ? 'sub' : 'add', {
    left: date,
    right: node('interval_of', { count: amount, unit: 'day' }),
  });
}

function namedFunction(value: unknown): SqlTree | null {
  const name = callName(value);
  const args = asList(fieldsOf(value)['args']);
  if (name === 'date_part' && args.length === 2 && kindOf(args[0]) === 'literal') {
    return node('extract', { this: args[1], field: scalarText(fieldsOf(args[0])['value']).toLowerCase() });
  }
  if (name === 'dayofmonth' && args.length === 1) return node('extract', { this: args[0], field: 'day' });
  return null;
}
