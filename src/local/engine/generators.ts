import type { NameScope } from '../catalog/catalog-model.ts';
import { FUNCTION_PREFIX } from './function-catalog.ts';
import { engineLimit } from './sql-error.ts';
import {
  aliased,
  binary,
  call,
  isNode,
  listOf,
  literalText,
  mapTree,
  nameOf,
  numberLiteral,
  parenthesised,
  partsOf,
  stringLiteral,
} from './tree.ts';
import { castNode } from './type-nodes.ts';
import type { Node } from './tree.ts';

/** A column that a generator makes: its expression belongs in a select list. */
export interface GeneratedColumn {
  readonly name: string;
  readonly expression: Node;
}

/** Functions that make several columns or rows of one value, beyond plain `explode`. */
export const GENERATORS = new Set(['posexplode', 'posexplode_outer', 'explode_outer', 'inline', 'stack']);

/** Names of the session as functions: `current_schema()`. */
export const NAME_FUNCTIONS: Readonly<Record<string, (names: NameScope) => string>> = {
  current_catalog: ({ catalog }) => catalog,
  current_schema: ({ schema }) => schema,
  current_database: ({ schema }) => schema,
};

/** Columns of a generator; `inline` makes columns whose names only the values know, and has one without a name. */
export function generatedColumns(name: string, args: readonly unknown[]): GeneratedColumn[] {
  const [first] = args;
  if (name === 'stack') return stackColumns(args);
  if (name === 'inline') {
    const depth = {
      named_argument: {
        name: { name: 'max_depth', quoted: false, trailing_comments: [] },
        value: numberLiteral(2),
        separator: 'ColonEq',
      },
    };
    return [{ name: '', expression: call('unnest', [first, depth]) }];
  }
  const list = name.endsWith('_outer') ? call('dbx_or_null', [first]) : first;
  const value = { name: 'col', expression: call('unnest', [list]) };
  if (!name.startsWith('posexplode')) return [value];
  const position = binary('sub', call('generate_subscripts', [list, numberLiteral(1)]), numberLiteral(1));
  const isThere = name.endsWith('_outer')
    ? call('dbx_if_filled', [first, parenthesised(position)])
    : position;
  return [{ name: 'pos', expression: castNode(parenthesised(isThere), 'INT', true) }, value];
}

/** `stack(2, a, b, c, d)`: two rows of two columns. */
function stackColumns(args: readonly unknown[]): GeneratedColumn[] {
  const rows = Number(literalText(args[0], 'number'));
  if (!Number.isInteger(rows) || rows < 1)
    throw engineLimit('stack with a number of rows that is no literal');
  const values = args.slice(1);
  const width = Math.ceil(values.length / rows);
  return Array.from({ length: width }, (_, column) => ({
    name: `col${column}`,
    expression: call('unnest', [
      call(
        'list_value',
        Array.from({ length: rows }, (__, row) => values[row * width + column] ?? { null: null }),
      ),
    ]),
  }));
}

/** Name of a call of a generator without the prefix, or `null`. */
export function generatorName(value: unknown): string | null {
  const written = partsOf(value, 'function')?.['name'];
  if (typeof written !== 'string') return null;
  const lower = written.toLowerCase();
  const plain = lower.startsWith(FUNCTION_PREFIX) ? lower.slice(FUNCTION_PREFIX.length) : lower;
  return GENERATORS.has(plain) ? plain : null;
}

/**
 * Rewrites what must be seen before names are resolved: generators in select lists and LATERAL VIEW,
 * quantified LIKE, the names of the session.
 */
export function expandForms(tree: Node, names: NameScope): Node {
  const negated = mapTree(tree, (node) => {
    const inner = partsOf(node, 'not')?.['this'];
    return quantified(inner, true) ?? node;
  });
  return mapTree(negated, (node) => {
    if ('lateral_views' in node) return expandSelectForms(node);
    const written = partsOf(node, 'function')?.['name'];
    const session =
      typeof written === 'string' ? NAME_FUNCTIONS[written.toLowerCase().replace(/^dbx_/, '')] : undefined;
    if (session !== undefined) return stringLiteral(session(names));
    return quantified(node, false) ?? node;
  }) as Node;
}

/** `x LIKE ANY (a, b)` as `(x LIKE a OR x LIKE b)`; `NOT` belongs to every pattern. */
function quantified(node: unknown, negate: boolean): Node | null {
  for (const kind of ['like', 'i_like']) {
    const parts = partsOf(node, kind);
    const patterns = listOf(
      (partsOf(parts?.['right'], 'tuple') ?? partsOf(parts?.['right'], 'paren'))?.['expressions'],
    );
    const single = partsOf(parts?.['right'], 'paren')?.['this'];
    const all = patterns.length > 0 ? patterns : single === undefined ? [] : [single];
    if (parts === null || typeof parts['quantifier'] !== 'string' || all.length === 0) continue;
    const tests = all.map((pattern): Node => {
      const test = { [kind]: { ...parts, right: pattern, quantifier: null } };
      return negate ? { not: { this: test } } : test;
    });
    const joined = tests.reduce((left, right) =>
      binary(parts['quantifier'] === 'ALL' ? 'and' : 'or', left, right),
    );
    return parenthesised(joined);
  }
  return null;
}

function expandSelectForms(select: Node): Node {
  const views = listOf(select['lateral_views']);
  const isOurs = (view: unknown) => isNode(view) && generatorName(view['this']) !== null;
  // The order of views matters: what comes after one of ours may read it.
  const first = views.findIndex(isOurs);
  const moved = first < 0 ? [] : views.slice(first);
  return {
    ...select,
    expressions: listOf(select['expressions']).flatMap(expandItem),
    lateral_views: first < 0 ? views : views.slice(0, first),
    joins: [...listOf(select['joins']), ...moved.map((view) => joinOf(view as Node))],
  };
}

function expandItem(item: unknown): unknown[] {
  const alias = partsOf(item, 'alias');
  const called = alias?.['this'] ?? item;
  const name = generatorName(called);
  if (name === null) return [item];
  const given = listOf(alias?.['column_aliases']).map(nameOf);
  const single = nameOf(alias?.['alias']);
  return generatedColumns(name, listOf(partsOf(called, 'function')?.['args'])).map((column, index) => {
    const label = given[index] ?? (single === '' ? column.name : single);
    return label === '' ? column.expression : aliased(column.expression, label);
  });
}

const joinOf = (view: Node): Node => {
  const exploded = partsOf(view['this'], 'explode');
  const called = exploded === null ? view['this'] : call('explode', [exploded['this']]);
  const outer = view['outer'] === true;
  return {
    this: {
      alias: {
        this: called,
        alias: view['table_alias'] ?? { name: 'generated', quoted: false, trailing_comments: [] },
        column_aliases: view['column_aliases'],
        pre_alias_comments: [],
        trailing_comments: [],
        alias_explicit_as: true,
      },
    },
    on: outer ? { boolean: { value: true } } : null,
    using: [],
    kind: outer ? 'Left' : 'Cross',
    use_inner_keyword: false,
    use_outer_keyword: false,
    deferred_condition: false,
    join_hint: null,
    match_condition: null,
    pivots: [],
    comments: [],
    nesting_group: 0,
    directed: false,
  };
};
