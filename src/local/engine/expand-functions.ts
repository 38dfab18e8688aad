import { fullNameText } from '../catalog/catalog-model.ts';
import type { FunctionEntry } from '../catalog/catalog-model.ts';
import type { Expansion } from './expansion.ts';
import { guardCycle, selectFrom, subquery } from './query-nodes.ts';
import { EMPTY_SCOPE } from './relation-scope.ts';
import type { QueryScope } from './relation-scope.ts';
import { hiddenName } from './prepare-text.ts';
import { DatabricksSqlError, routineNotFound } from './sql-error.ts';
import {
  aliased,
  column,
  copyTree,
  isNode,
  kindOf,
  listOf,
  mapTree,
  nameOf,
  partsOf,
  walkTree,
} from './tree.ts';
import type { Node } from './tree.ts';
import { castNode } from './type-nodes.ts';

/** The values of a call by lower-case parameter name, defaults filled in, each cast to its declared type. */
export function boundArguments(entry: FunctionEntry, args: readonly unknown[]): Map<string, Node> {
  const name = fullNameText(entry);
  const given = new Map<string, unknown>();
  args.forEach((argument, index) => {
    const named = partsOf(argument, 'named_argument');
    if (named === null) {
      const parameter = entry.parameters[index];
      if (parameter === undefined) throw wrongCount(entry, args.length);
      given.set(parameter.name.toLowerCase(), argument);
      return;
    }
    const key = nameOf(named['name']).toLowerCase();
    if (!entry.parameters.some((parameter) => parameter.name.toLowerCase() === key)) {
      throw new DatabricksSqlError(
        'UNRECOGNIZED_PARAMETER_NAME',
        '4274K',
        `Cannot invoke routine \`${name}\` because the routine call included a named argument reference for the argument named \`${nameOf(named['name'])}\`, but this routine does not include any signature containing an argument with this name. ` +
          `Did you mean one of the following? [${entry.parameters.map((parameter) => `\`${parameter.name}\``).join(', ')}].`,
      );
    }
    given.set(key, named['value']);
  });
  return new Map(
    entry.parameters.map((parameter) => {
      const key = parameter.name.toLowerCase();
      const value = given.get(key) ?? copyTree(parameter.defaultTree);
      if (!isNode(value)) {
        throw new DatabricksSqlError(
          'REQUIRED_PARAMETER_NOT_FOUND',
          '4274K',
          `Cannot invoke routine \`${name}\` because the parameter named \`${parameter.name}\` is required, but the routine call did not supply a value. Please update the routine call to supply an argument value (either positionally or by name) and retry the query again.`,
        );
      }
      return [key, castNode(value, parameter.type, readsColumn(value))] as const;
    }),
  );
}

/** A column of a neighbour in FROM has no type yet while the function is bound. */
function readsColumn(value: unknown): boolean {
  let found = false;
  walkTree(value, (node) => {
    if (kindOf(node) === 'column' || kindOf(node) === 'select') found = true;
  });
  return found;
}

const wrongCount = (entry: FunctionEntry, actual: number): DatabricksSqlError => {
  const required = entry.parameters.filter((parameter) => parameter.defaultTree === null).length;
  const expected =
    required === entry.parameters.length ? String(required) : `[${required}, ${entry.parameters.length}]`;
  return new DatabricksSqlError(
    'WRONG_NUM_ARGS.WITHOUT_SUGGESTION',
    '42605',
    `The \`${fullNameText(entry)}\` requires ${expected} parameters but the actual number is ${actual}.`,
  );
};

/** The body of a table-valued function as a subquery with the declared column names and types. */
export function expandTableFunction(
  entry: FunctionEntry,
  args: readonly unknown[],
  place: { readonly alias: string; readonly columnNames: readonly string[]; readonly lateral: boolean },
  scope: QueryScope,
  expansion: Expansion,
): Node {
  const query = copyTree(entry.tree);
  expansion.expand(
    query,
    {
      ...EMPTY_SCOPE,
      parameters: boundArguments(entry, args),
      routine: entry.name.toLowerCase(),
      expanding: guardCycle(fullNameText(entry), scope),
    },
    { ...expansion, names: entry, seen: [] },
  );
  const returns = entry.returns ?? [];
  const inner = subquery(
    query,
    '__body',
    returns.map((each) => each.name),
  );
  const typed = selectFrom(
    returns.map((each) => aliased(castNode(column(each.name), each.type), each.name)),
    inner,
  );
  return subquery(typed, place.alias, place.columnNames, place.lateral || args.length > 0);
}

/** The body of a scalar function with the arguments of one call in it. */
export function expandScalarFunction(entry: FunctionEntry, args: readonly unknown[]): Node {
  const values = boundArguments(entry, args);
  const replace = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replace);
    if (!isNode(value)) return value;
    const parts = partsOf(value, 'column');
    const found =
      parts !== null && parts['table'] === null ? values.get(nameOf(parts['name']).toLowerCase()) : undefined;
    if (found !== undefined) return copyTree(found);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item)]));
  };
  return castNode(replace(copyTree(entry.tree)), entry.returnType ?? 'STRING');
}

/** Names that the parser keeps as plain calls and DuckDB knows by the same name, or that expansion itself writes. */
export const PLAIN_CALLS = new Set([
  'measure',
  'range',
  'unnest',
  'generate_subscripts',
  'list_value',
  'rollup',
  'cube',
  'grouping sets',
  'grouping',
  'grouping_id',
  'struct',
  'concat',
  'posexplode',
  'explode',
  'row_number',
  'rank',
  'dense_rank',
  'percent_rank',
  'cume_dist',
  'ntile',
  'lag',
  'lead',
  'first_value',
  'last_value',
  'nth_value',
  'current_date',
  'current_timestamp',
  'localtimestamp',
  'current_user',
  'percentile_cont',
  'percentile_disc',
  'try_cast',
  'stack',
  'count',
  'sum',
  'avg',
  'min',
  'max',
  'trim',
  'substring',
  'substr',
  'position',
  'interval',
  'coalesce',
]);

/** Puts the body in place of each call of a scalar SQL function, and refuses functions that nobody knows. */
export function expandScalarCalls(
  tree: unknown,
  expansion: Expansion,
  open: readonly string[] = [],
): unknown {
  return mapTree(tree, (node) => {
    const parts = partsOf(node, 'function') ?? partsOf(node, 'aggregate_function');
    const written = parts?.['name'];
    if (typeof written !== 'string') return node;
    const lower = written.toLowerCase();
    const hidden = hiddenName(written);
    if (hidden === null && (lower.startsWith('dbx_') || PLAIN_CALLS.has(lower))) return node;
    const name = expansion.model.fullName(hidden ?? [written], expansion.names);
    const entry = name === null ? null : expansion.model.function(name);
    if (entry === null || entry.returns !== null || open.includes(fullNameText(entry)))
      throw routineNotFound((hidden ?? [written]).join('.'));
    return expandScalarCalls(
      expandScalarFunction(entry, listOf(parts?.['args'])),
      { ...expansion, names: entry },
      [...open, fullNameText(entry)],
    );
  });
}
