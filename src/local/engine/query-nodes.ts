import { DatabricksSqlError } from './sql-error.ts';
import type { QueryScope } from './relation-scope.ts';
import { identifier } from './tree.ts';
import type { Node } from './tree.ts';

/** @throws {DatabricksSqlError} when `name` is being expanded already */
export function guardCycle(name: string, scope: QueryScope): string[] {
  if (scope.expanding.includes(name)) {
    throw new DatabricksSqlError(
      'RECURSIVE_VIEW',
      '42K0H',
      `Recursive view \`${name}\` detected (cycle: ${[...scope.expanding, name].join(' -> ')}).`,
    );
  }
  return [...scope.expanding, name];
}

/** `(query) AS alias (columns)` for a FROM clause. */
export const subquery = (
  query: unknown,
  alias: string,
  columnNames: readonly string[] = [],
  lateral = false,
): Node => ({
  subquery: {
    this: query,
    alias: alias === '' ? null : identifier(alias),
    column_aliases: columnNames.map(identifier),
    alias_explicit_as: true,
    order_by: null,
    limit: null,
    offset: null,
    lateral,
    modifiers_inside: false,
    trailing_comments: [],
  },
});

/** `SELECT … FROM … WHERE …` as a tree; `null` as source: without FROM. */
export const selectFrom = (
  expressions: readonly unknown[],
  source: unknown,
  where: unknown = null,
): Node => ({
  select: {
    expressions,
    from: source === null ? null : { expressions: [source] },
    joins: [],
    lateral_views: [],
    where_clause: where === null ? null : { this: where },
    group_by: null,
    having: null,
    qualify: null,
    order_by: null,
    distribute_by: null,
    cluster_by: null,
    sort_by: null,
    limit: null,
    offset: null,
    fetch: null,
    distinct: false,
    distinct_on: null,
    top: null,
    with: null,
    sample: null,
    windows: null,
    hint: null,
    connect: null,
    into: null,
    locks: [],
    leading_comments: [],
  },
});
