import { MACROS } from './compat-macros.ts';
import { FUNCTION_PREFIX, KEPT_NAMES, RENAMED_FUNCTIONS, SAME_FUNCTIONS } from './function-catalog.ts';
import { FUNCTION_RULES, aggregate, functionCall } from './function-rules.ts';
import { engineLimit } from './sql-error.ts';
import {
  binary,
  call,
  isNode,
  kindOf,
  listOf,
  literalText,
  mapTree,
  nameOf,
  numberLiteral,
  partsOf,
  readsOnlyDates,
  stringLiteral,
  walkTree,
} from './tree.ts';
import type { Node } from './tree.ts';
import { castNode } from './type-nodes.ts';

/** Says in DuckDB's words what Databricks means by the same tree. Runs after expansion, on the whole statement. */
export const fixTree = (tree: unknown): unknown => mapTree(tree, fixNode);

type Fix = (parts: Node, node: Node) => Node;

function fixNode(node: Node): Node {
  if ('lateral_views' in node) return fixSelect(node);
  if ('using' in node && 'kind' in node) return fixJoin(node);
  const kind = kindOf(node);
  if (kind === null) return node;
  const fix = FIXES[kind];
  const parts = node[kind];
  return fix === undefined || !isNode(parts) ? node : fix(parts, node);
}

const fixFunction: Fix = (_parts, node) => {
  const called = functionCall(node);
  if (called === null) return node;
  const lower = called.name.toLowerCase();
  if (KEPT_NAMES.has(lower)) return FUNCTION_RULES[lower]?.(called) ?? node;
  const plain = lower.startsWith(FUNCTION_PREFIX) ? lower.slice(FUNCTION_PREFIX.length) : lower;
  if (plain === lower && !NO_PARENTHESES.has(plain)) return node;
  const rule = FUNCTION_RULES[plain];
  if (rule !== undefined) return rule({ ...called, name: plain });
  if (Object.hasOwn(MACROS, plain)) return renameCall(node, FUNCTION_PREFIX + plain);
  if (SAME_FUNCTIONS.has(plain)) return renameCall(node, plain);
  const other = RENAMED_FUNCTIONS[plain];
  if (other !== undefined) return renameCall(node, other);
  // Names that only the tree passes use (`dbx_today`) stay as they are.
  if (INTERNAL_FUNCTIONS.has(plain)) return node;
  throw engineLimit(`The function ${plain}`);
};

const NO_PARENTHESES = new Set(['current_date', 'current_timestamp', 'localtimestamp', 'current_user']);
const INTERNAL_FUNCTIONS = new Set(['today', 'now']);

const renameCall = (node: Node, name: string): Node => {
  const kind = kindOf(node) ?? 'function';
  return { [kind]: { ...(node[kind] as Node), name } };
};

const isNonZeroLiteral = (value: unknown): boolean => {
  const text = literalText(value, 'number');
  return text !== null && Number(text) !== 0;
};

/** NULLIF around a divisor already says what happens with zero. */
const isNullIf = (value: unknown): boolean =>
  kindOf(value) === 'null_if' || partsOf(value, 'function')?.['name'] === 'nullif';

const isInterval = (value: unknown): boolean => {
  const inner = partsOf(value, 'paren')?.['this'] ?? value;
  if (kindOf(inner) === 'interval') return true;
  const scaled = partsOf(inner, 'mul');
  return scaled !== null && (isInterval(scaled['left']) || isInterval(scaled['right']));
};

/** DATE plus hours is a TIMESTAMP, DATE plus days stays a DATE. */
const isTimeInterval = (value: unknown): boolean =>
  /"(?:unit|string)":"(?:hour|minute|second|milli|micro)/i.test(JSON.stringify(value));

/** Kinds whose type DuckDB does not know yet when it chooses between overloads of a macro. */
const LATE_TYPES =
  /^(?:subquery|select|window_function|aggregate_function|max|min|sum|avg|count|first|last|any_value)$/;

function hasStaticType(value: unknown): boolean {
  let found = true;
  walkTree(value, (node) => {
    if (LATE_TYPES.test(kindOf(node) ?? '')) found = false;
    return found;
  });
  return found;
}

const withInterval =
  (macro: string): Fix =>
  (parts, node) => {
    const { left, right } = parts;
    const flipped = macro.includes('plus') && isInterval(left);
    const [date, interval] = flipped ? [right, left] : [left, right];
    if (!isInterval(interval) || isTimeInterval(interval)) return node;
    if (literalText(date) !== null)
      return binary(macro.includes('plus') ? 'add' : 'sub', call('dbx_timestamp', [date]), interval);
    if (hasStaticType(date)) return call(macro, [date, interval]);
    return readsOnlyDates(date) ? call('dbx_date', [node]) : node;
  };

const CAST_MACROS: Readonly<Record<string, string>> = {
  int: 'cast_int',
  integer: 'cast_int',
  big_int: 'cast_bigint',
  bigint: 'cast_bigint',
};

const fixCast =
  (prefix: string): Fix =>
  (parts, node) => {
    const to = parts['to'];
    if (!isNode(to)) return node;
    const macro = CAST_MACROS[String(to['data_type'])];
    if (macro !== undefined)
      return call(`dbx_${prefix}${macro}${hasStaticType(parts['this']) ? '' : '_late'}`, [parts['this']]);
    if (to['data_type'] === 'decimal' && to['precision'] === null) {
      return { [kindOf(node) ?? 'cast']: { ...parts, to: { ...to, precision: 10, scale: 0 } } };
    }
    return node;
  };

const JSON_PATH = (path: string): string => (path.startsWith('$') ? path : `$.${path}`);

const EXTRACT_MACROS: Readonly<Record<string, string>> = {
  Year: 'dbx_year',
  Quarter: 'dbx_quarter',
  Month: 'dbx_month',
  Week: 'dbx_weekofyear',
  Day: 'dbx_day',
  DayOfWeek: 'dbx_dayofweek',
  DayOfYear: 'dbx_dayofyear',
  Hour: 'dbx_hour',
  Minute: 'dbx_minute',
};

const INTEGER_RANKS = new Set(['row_number', 'rank', 'dense_rank', 'n_tile', 'ntile']);

const FIXES: Readonly<Record<string, Fix>> = {
  function: fixFunction,
  aggregate_function: fixFunction,
  div: (parts, node) =>
    isNonZeroLiteral(parts['right']) || isNullIf(parts['right'])
      ? node
      : call('dbx_divide', [parts['left'], parts['right']]),
  mod: (parts, node) =>
    isNonZeroLiteral(parts['right']) ? node : call('dbx_mod', [parts['left'], parts['right']]),
  int_div: (parts) => call('dbx_int_divide', [parts['this'], parts['expression']]),
  add: withInterval('dbx_plus_interval'),
  sub: withInterval('dbx_minus_interval'),
  cast: fixCast(''),
  try_cast: fixCast('try_'),
  safe_cast: fixCast('try_'),
  // Lists count from 0 in Databricks, from 1 in DuckDB; a text is the key of a map.
  subscript: (parts, node) => {
    const index = literalText(parts['index'], 'number');
    if (literalText(parts['index']) !== null) return node;
    return {
      subscript: {
        ...parts,
        index:
          index === null ? binary('add', parts['index'], numberLiteral(1)) : numberLiteral(Number(index) + 1),
      },
    };
  },
  regexp_like: (parts) => call('regexp_matches', [parts['this'], parts['pattern']]),
  like: (parts, node) =>
    parts['escape'] === null && (literalText(parts['right']) ?? '').includes('\\')
      ? { like: { ...parts, escape: stringLiteral('\\') } }
      : node,
  literal: (parts, node) =>
    parts['literal_type'] === 'raw_string'
      ? stringLiteral(String(parts['value']))
      : parts['literal_type'] === 'hex_string'
        ? call('unhex', [stringLiteral(String(parts['value']))])
        : node,
  explode: (parts) => call('unnest', [parts['this']]),
  j_s_o_n_extract: (parts) =>
    call('json_extract_string', [
      parts['this'],
      stringLiteral(JSON_PATH(literalText(parts['expression']) ?? '')),
    ]),
  extract: (parts, node) => {
    const macro = EXTRACT_MACROS[String(parts['field'])];
    return macro === undefined ? node : call(macro, [parts['this']]);
  },
  // Ranks are INT in Databricks, BIGINT in DuckDB.
  window_function: (parts, node) =>
    INTEGER_RANKS.has(kindOf(parts['this']) ?? '') ? castNode(node, 'INT', true) : node,
  within_group: (parts, node) => {
    const inner = partsOf(parts['this'], 'aggregate_function') ?? null;
    const name = inner !== null && typeof inner['name'] === 'string' ? inner['name'] : '';
    if (inner === null || (name !== 'string_agg' && name !== 'list')) return node;
    return aggregate(name, listOf(inner['args']), {
      distinct: inner['distinct'] === true,
      filter: inner['filter'] ?? null,
      orderBy: listOf(parts['order_by']),
    });
  },
};

function fixSelect(select: Node): Node {
  const fixed = fixOrderByAll(select);
  return fixRollup(fixed);
}

/** ORDER BY ALL is every column in order. */
function fixOrderByAll(select: Node): Node {
  const order = select['order_by'];
  const items = listOf(isNode(order) ? order['expressions'] : null);
  const [item] = items;
  const name = partsOf(isNode(item) ? item['this'] : null, 'column')?.['name'];
  if (
    !isNode(order) ||
    !isNode(item) ||
    items.length !== 1 ||
    nameOf(name).toLowerCase() !== 'all' ||
    (name as Node)['quoted'] === true
  )
    return select;
  const columns = listOf(select['expressions']);
  if (columns.some((each) => kindOf(each) === 'star'))
    throw engineLimit('ORDER BY ALL with * in the select list');
  return {
    ...select,
    order_by: {
      ...order,
      expressions: columns.map((_, index) => ({ ...item, this: numberLiteral(index + 1) })),
    },
  };
}

function fixRollup(select: Node): Node {
  const group = select['group_by'];
  if (!isNode(group)) return select;
  const expressions = listOf(group['expressions']);
  const rollup = expressions.findIndex((item) => kindOf(item) === 'rollup' || kindOf(item) === 'cube');
  const marker = expressions[rollup];
  if (marker === undefined || listOf(partsOf(marker, kindOf(marker) ?? '')?.['expressions']).length > 0)
    return select;
  const name = (kindOf(marker) ?? 'rollup').toUpperCase();
  return {
    ...select,
    group_by: {
      ...group,
      expressions: [
        call(
          name,
          expressions.filter((item) => item !== marker),
        ),
      ],
    },
  };
}

function fixJoin(join: Node): Node {
  if (join['kind'] === 'LeftSemi') return { ...join, kind: 'Semi' };
  if (join['kind'] === 'LeftAnti') return { ...join, kind: 'Anti' };
  return join;
}
