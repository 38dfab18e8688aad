import { FUNCTION_PREFIX } from './function-catalog.ts';
import { hiddenName } from './prepare-text.ts';
import { aliased, isNode, kindOf, listOf, nameOf, partsOf, walkTree } from './tree.ts';
import type { Node } from './tree.ts';

/** Kinds that have a name of their own, or bring several columns. */
const NAMED = new Set(['alias', 'column', 'star', 'dot', 'braced_wildcard']);

/** Gives every unnamed column of every query the name Databricks would give it: `count(1)`, `sum(amount)`. */
export function nameColumns(tree: unknown): void {
  walkTree(tree, (node) => {
    if (!('lateral_views' in node) || !Array.isArray(node['expressions'])) return;
    node['expressions'] = node['expressions'].map((expression) =>
      NAMED.has(kindOf(expression) ?? '') ? expression : aliased(expression, columnName(expression)),
    );
  });
}

const OPERATORS: Readonly<Record<string, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  mod: '%',
  eq: '=',
  neq: '<>',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  and: 'AND',
  or: 'OR',
};

/** The text that names an expression; approximate for rare kinds, because nothing refers to those names. */
export function columnName(value: unknown): string {
  const kind = kindOf(value);
  if (kind === null || !isNode(value)) return '';
  const parts = value[kind];
  if (!isNode(parts)) return kind === 'null' ? 'NULL' : kind;
  const operator = OPERATORS[kind];
  if (operator !== undefined)
    return `(${columnName(parts['left'])} ${operator} ${columnName(parts['right'])})`;
  switch (kind) {
    case 'literal':
    case 'boolean':
      return String(parts['value']);
    case 'column':
      return nameOf(parts['name']);
    case 'dot':
      return nameOf(parts['field']);
    case 'alias':
      return nameOf(parts['alias']);
    case 'paren':
      return columnName(parts['this']);
    case 'neg':
      return `(- ${columnName(parts['this'])})`;
    case 'cast':
      return `CAST(${columnName(parts['this'])} AS ${String(partsOf(value, 'cast')?.['to'] && (parts['to'] as Node)['data_type']).toUpperCase()})`;
    case 'count':
      return parts['star'] === true
        ? 'count(1)'
        : `count(${parts['distinct'] === true ? 'DISTINCT ' : ''}${columnName(parts['this'])})`;
    case 'case':
      return 'CASE WHEN ... END';
    case 'window_function':
      return `${columnName(parts['this'])} OVER (...)`;
    case 'subquery':
      return 'scalarsubquery()';
    case 'explode':
      return 'col';
    case 'subscript':
      return `${columnName(parts['this'])}[${columnName(parts['index'])}]`;
    case 'j_s_o_n_extract':
      return columnName(parts['expression']).split('.').at(-1) ?? '';
    case 'concat':
      return `concat(${columnName(parts['left'])}, ${columnName(parts['right'])})`;
    default:
      return callName(kind, parts);
  }
}

function callName(kind: string, parts: Node): string {
  const written = typeof parts['name'] === 'string' ? parts['name'] : kind;
  const hidden = hiddenName(written);
  const name =
    hidden !== null
      ? hidden.join('.')
      : written.toLowerCase().startsWith(FUNCTION_PREFIX)
        ? written.slice(FUNCTION_PREFIX.length)
        : written;
  const args = Array.isArray(parts['args'])
    ? listOf(parts['args'])
    : [parts['this'], parts['expression']].filter((item) => isNode(item));
  return `${name.toLowerCase()}(${parts['distinct'] === true ? 'DISTINCT ' : ''}${args.map(columnName).join(', ')})`;
}
