import { LAMBDA_RULES } from './lambda-rules.ts';
import { engineLimit } from './sql-error.ts';
import { datePatternExpression, strptimePattern } from './date-patterns.ts';
import {
  binary,
  call,
  listOf,
  literalText,
  nameOf,
  nullLiteral,
  numberLiteral,
  parenthesised,
  partsOf,
  stringLiteral,
} from './tree.ts';
import type { Node } from './tree.ts';

/** A call as the tree holds it, whatever the parser's kind for it was. */
export interface FunctionCall {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly distinct: boolean;
  readonly filter: unknown;
  readonly orderBy: readonly unknown[];
  readonly ignoreNulls: boolean;
}

type Rule = (call: FunctionCall) => Node;

/** An aggregate with everything that may stand around its arguments. */
export function aggregate(name: string, args: readonly unknown[], of: Partial<FunctionCall> = {}): Node {
  return {
    aggregate_function: {
      name,
      args,
      distinct: of.distinct ?? false,
      filter: of.filter ?? null,
      order_by: of.orderBy ?? [],
      limit: null,
      ignore_nulls: null,
    },
  };
}

const notNull = (value: unknown): Node => ({
  not: { this: { is_null: { this: value, not: false, postfix_form: false } } },
});
const and = (left: unknown, right: unknown): unknown =>
  left === null || left === undefined ? right : binary('and', left, right);

const unitOf = (value: unknown): string => {
  const text = literalText(value) ?? nameOf(partsOf(value, 'column')?.['name']);
  const unit = text.toLowerCase().replace(/s$/, '');
  if (!/^(year|quarter|month|week|day|hour|minute|second|millisecond|microsecond|dayofyear)$/.test(unit))
    throw engineLimit(`The date unit '${text}'`);
  return unit === 'dayofyear' ? 'day' : unit;
};

const dateAddUnit: Rule = ({ args }) => {
  const [unit, amount, start] = args;
  const name = unitOf(unit);
  const months = { year: 12, quarter: 3, month: 1 }[name];
  const interval =
    months === undefined
      ? call(
          { week: 'to_weeks', day: 'to_days', hour: 'to_hours', minute: 'to_minutes', second: 'to_seconds' }[
            name
          ] ?? unsupportedUnit(name),
          [call('dbx_cast_int', [amount])],
        )
      : call('to_months', [
          call('dbx_cast_int', [binary('mul', parenthesised(amount), numberLiteral(months))]),
        ]);
  return binary('add', call('dbx_timestamp', [start]), interval);
};

const unsupportedUnit = (unit: string): never => {
  throw engineLimit(`The date unit '${unit}' in a date addition`);
};

const dateDiffUnit: Rule = ({ args }) => {
  const unit = unitOf(args[0]);
  const [start, end] = [call('dbx_timestamp', [args[1]]), call('dbx_timestamp', [args[2]])];
  const months = { year: 12, quarter: 3, month: 1 }[unit];
  if (months === undefined) return call('date_sub', [stringLiteral(unit), start, end]);
  return call('dbx_full_months', [start, end, numberLiteral(months)]);
};

/** Both shapes: `date_add(start, days)` and `date_add(unit, amount, start)`. */
const byArity =
  (macro: string, withUnit: Rule): Rule =>
  (of) =>
    of.args.length === 3 ? withUnit(of) : call(macro, of.args);

const withPattern =
  (macro: string, parse: string, cast: string): Rule =>
  ({ args }) =>
    args.length === 1
      ? call(macro, args)
      : call(cast, [call(parse, [args[0], stringLiteral(strptimePattern(patternText(args[1])))])]);

function patternText(value: unknown): string {
  const text = literalText(value);
  if (text === null) throw engineLimit('A date format that is no literal');
  return text;
}

const lambdaOver =
  (duckdb: string): Rule =>
  ({ args }) =>
    call(duckdb, args);

const firstOrLast =
  (name: 'first' | 'last'): Rule =>
  (of) => {
    const ignoreNulls = of.ignoreNulls || partsOf(of.args[1], 'boolean')?.['value'] === true;
    return aggregate(
      name,
      of.args.slice(0, 1),
      ignoreNulls ? { ...of, filter: and(of.filter, notNull(of.args[0])) } : of,
    );
  };

const percentile =
  (name: string): Rule =>
  (of) =>
    aggregate(name, of.args.slice(0, 2), of);

const collect =
  (distinct: boolean): Rule =>
  (of) =>
    aggregate('list', of.args, {
      ...of,
      distinct: of.distinct || distinct,
      filter: and(of.filter, notNull(of.args[0])),
    });

/** `named_struct('a', 1)` and `map('k', v)`: alternating names and values. */
const pairs = (args: readonly unknown[]): [unknown, unknown][] =>
  Array.from({ length: Math.floor(args.length / 2) }, (_, index) => [args[index * 2], args[index * 2 + 1]]);

export const FUNCTION_RULES: Readonly<Record<string, Rule>> = {
  ...LAMBDA_RULES,
  if: ({ args }) => ({
    case: { operand: null, whens: [[args[0], args[1]]], else_: args[2] ?? nullLiteral(), comments: [] },
  }),
  int: ({ args }) => call('dbx_cast_int', args),
  bigint: ({ args }) => call('dbx_cast_bigint', args),
  iff: (of) => FUNCTION_RULES['if']!(of),
  // DuckDB's concat skips NULL; Databricks answers NULL.
  concat: ({ args }) =>
    args.length === 1
      ? (args[0] as Node)
      : parenthesised(args.slice(1).reduce<unknown>((left, right) => binary('concat', left, right), args[0])),
  current_date: () => call('dbx_today', []),
  curdate: () => call('dbx_today', []),
  current_timestamp: () => call('dbx_now', []),
  now: () => call('dbx_now', []),
  localtimestamp: () => call('dbx_now', []),
  getdate: () => call('dbx_now', []),
  date_add: byArity('dbx_date_add', dateAddUnit),
  dateadd: byArity('dbx_date_add', dateAddUnit),
  timestampadd: dateAddUnit,
  date_sub: byArity('dbx_date_sub', dateAddUnit),
  datediff: byArity('dbx_datediff', dateDiffUnit),
  date_diff: byArity('dbx_datediff', dateDiffUnit),
  timestampdiff: dateDiffUnit,
  date_part: ({ args }) => call(`dbx_${(literalText(args[0]) ?? '').toLowerCase()}`, [args[1]]),
  datepart: (of) => FUNCTION_RULES['date_part']!(of),
  months_between: ({ args }) => call('dbx_months_between', args.slice(0, 2)),
  date_format: ({ args }) => datePatternExpression(call('dbx_timestamp', [args[0]]), patternText(args[1])),
  to_char: ({ args }) => datePatternExpression(call('dbx_timestamp', [args[0]]), patternText(args[1])),
  from_unixtime: ({ args }) =>
    args.length === 1
      ? call('dbx_from_unixtime', args)
      : datePatternExpression(call('dbx_timestamp_seconds', [args[0]]), patternText(args[1])),
  to_date: withPattern('dbx_to_date', 'strptime', 'dbx_date'),
  try_to_date: withPattern('dbx_try_to_date', 'try_strptime', 'dbx_date'),
  to_timestamp: withPattern('dbx_to_timestamp', 'strptime', 'dbx_timestamp'),
  try_to_timestamp: withPattern('dbx_try_to_timestamp', 'try_strptime', 'dbx_timestamp'),
  unix_timestamp: ({ args }) =>
    call('dbx_unix_timestamp', args.length === 0 ? [call('dbx_now', [])] : args.slice(0, 1)),
  collect_list: collect(false),
  array_agg: collect(false),
  collect_set: collect(true),
  first: firstOrLast('first'),
  first_value: firstOrLast('first'),
  last: firstOrLast('last'),
  any_value: (of) => aggregate('any_value', of.args.slice(0, 1), of),
  percentile: percentile('quantile_cont'),
  percentile_approx: percentile('quantile_disc'),
  approx_percentile: percentile('quantile_disc'),
  // An estimate that differs from run to run would break repeatability, so the exact count stands in.
  approx_count_distinct: (of) => aggregate('count', of.args.slice(0, 1), { ...of, distinct: true }),
  try_sum: (of) => aggregate('sum', of.args, of),
  try_avg: (of) => aggregate('avg', of.args, of),
  mean: (of) => aggregate('avg', of.args, of),
  listagg: (of) => aggregate('string_agg', [of.args[0], of.args[1] ?? stringLiteral('')], of),
  string_agg: (of) => aggregate('string_agg', [of.args[0], of.args[1] ?? stringLiteral('')], of),
  transform: lambdaOver('list_transform'),
  filter: lambdaOver('list_filter'),
  exists: ({ args }) => binary('gt', call('len', [call('list_filter', args)]), numberLiteral(0)),
  any_match: (of) => FUNCTION_RULES['exists']!(of),
  map: ({ args }) =>
    call('map', [
      call(
        'list_value',
        pairs(args).map(([key]) => key),
      ),
      call(
        'list_value',
        pairs(args).map(([, value]) => value),
      ),
    ]),
  // A field has the name of its column or alias, else the place it stands at.
  struct: ({ args }) =>
    call(
      'struct_pack',
      args.map((arg, index) => {
        const alias = partsOf(arg, 'alias');
        const name = nameOf(alias?.['alias'] ?? partsOf(arg, 'column')?.['name']);
        return {
          named_argument: {
            name: { name: name === '' ? `col${index + 1}` : name, quoted: true, trailing_comments: [] },
            value: alias?.['this'] ?? arg,
            separator: 'ColonEq',
          },
        };
      }),
    ),
  forall: ({ args }) => binary('eq', call('len', [call('list_filter', args)]), call('len', args.slice(0, 1))),
  elt: ({ args }) => call('list_extract', [call('list_value', args.slice(1)), args[0]]),
  named_struct: ({ args }) =>
    call(
      'struct_pack',
      pairs(args).map(([name, value]) => ({
        named_argument: {
          name: { name: literalText(name) ?? '', quoted: true, trailing_comments: [] },
          value,
          separator: 'ColonEq',
        },
      })),
    ),
  decode: ({ args }) => {
    const cases = args.slice(1);
    return {
      case: {
        operand: null,
        whens: pairs(cases).map(([when, then]) => [
          {
            null_safe_eq: {
              left: args[0],
              right: when,
              left_comments: [],
              operator_comments: [],
              trailing_comments: [],
            },
          },
          then,
        ]),
        else_: cases.length % 2 === 1 ? cases.at(-1) : nullLiteral(),
        comments: [],
      },
    };
  },
};

/** Reads a call out of a node, if it is one that still carries the Databricks name. */
export function functionCall(node: Node): FunctionCall | null {
  const parts = partsOf(node, 'function') ?? partsOf(node, 'aggregate_function');
  if (parts === null || typeof parts['name'] !== 'string') return null;
  return {
    name: parts['name'],
    args: listOf(parts['args']),
    distinct: parts['distinct'] === true,
    filter: parts['filter'] ?? null,
    orderBy: listOf(parts['order_by']),
    ignoreNulls: parts['ignore_nulls'] === true,
  };
}
