import { ColumnClasses } from './column-classes.ts';
import type { Difference } from './difference.ts';
import type { ObjectIndex } from './object-index.ts';
import type { Statement, StatementJoin } from './statement.ts';

const tableOf = (column: string): string => column.slice(0, column.lastIndexOf('.'));
const edgeOf = (a: string, b: string): string => [a, b].sort().join('\u0001');

/** Equality classes that all join conditions of a statement imply. */
export function joinClasses(
  joins: readonly StatementJoin[],
  substitute: (column: string) => string = (column) => column,
): ColumnClasses {
  const classes = new ColumnClasses();
  for (const [a, b] of joins.flatMap(({ pairs }) => pairs)) classes.unite(substitute(a), substitute(b));
  return classes;
}

/**
 * Conditions left out, other keys, other join types.
 *
 * Conditions compare by what they imply together: `a = b AND b = c` equals `a = b AND a = c`.
 *
 * @param substitute - brings columns of tables read by mistake under their right names
 */
export function joinDifferences(
  expected: Statement,
  generated: Statement,
  substitute: (column: string) => string,
  index: ObjectIndex,
): Difference[] {
  const tables = new Set(generated.tables.flatMap((table) => [table, tableOf(substitute(`${table}.x`))]));
  const used = new Set([...generated.columns].map((column) => tableOf(substitute(column))));
  const present = (column: string): boolean => tables.has(tableOf(column)) || used.has(tableOf(column));
  const [wantedClasses, foundClasses] = [
    joinClasses(expected.joins),
    joinClasses(generated.joins, substitute),
  ];
  const wanted = groupByEdge(expected.joins.flatMap(({ pairs }) => pairs));
  const found = groupByEdge(
    generated.joins.flatMap(({ pairs }) => pairs.map(([a, b]) => [substitute(a), substitute(b)] as const)),
  );

  const differences: Difference[] = [];
  for (const [edge, pairs] of wanted) {
    const lost = pairs.filter(([a, b]) => present(a) && present(b) && !foundClasses.same(a, b));
    if (lost.length > 0) differences.push(wrongKey(pairs, found.get(edge) ?? []));
  }
  for (const [edge, pairs] of found) {
    const added = pairs.filter(
      ([a, b]) =>
        !wantedClasses.same(a, b) &&
        expected.tables.includes(tableOf(a)) &&
        expected.tables.includes(tableOf(b)),
    );
    if (added.length > 0 && !differences.some(({ actual }) => actual === conditionOf(pairs))) {
      differences.push(tooStrict(wanted.get(edge) ?? [], pairs));
    }
  }
  return [...differences, ...typeDifferences(expected, generated, index)];
}

type Pair = readonly [string, string];

function groupByEdge(pairs: readonly Pair[]): Map<string, Pair[]> {
  const groups = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const edge = edgeOf(tableOf(pair[0]), tableOf(pair[1]));
    groups.set(edge, [...(groups.get(edge) ?? []), pair]);
  }
  return groups;
}

const conditionOf = (pairs: readonly Pair[]): string => pairs.map(([a, b]) => `${a} = ${b}`).join(' AND ');

const blameOf = (pairs: readonly Pair[]): string[] => [
  ...new Set([...pairs.flat().map(tableOf), ...pairs.flat()]),
];

function wrongKey(wanted: readonly Pair[], found: readonly Pair[]): Difference {
  const [condition, actual] = [conditionOf(wanted), found.length === 0 ? null : conditionOf(found)];
  const tables = [...new Set(wanted.flat().map(tableOf))].join(' and ');
  return {
    label: actual === null ? 'fanout_join' : 'wrong_join',
    aspects: { logical_accuracy: actual === null ? 'fanout_join' : 'wrong_join' },
    clause: 'JOIN',
    blame: blameOf(wanted),
    expected: condition,
    actual,
    description:
      actual === null
        ? `joins ${tables} without “${condition}”`
        : `joins ${tables} on “${actual}” instead of “${condition}”`,
    fix: `Add a join of ${tables} on “${condition}” to the space.`,
    weight: 'certain',
  };
}

function tooStrict(wanted: readonly Pair[], found: readonly Pair[]): Difference {
  return {
    label: 'wrong_join',
    aspects: { logical_accuracy: 'wrong_join' },
    clause: 'JOIN',
    blame: blameOf(wanted.length > 0 ? wanted : found),
    expected: wanted.length > 0 ? conditionOf(wanted) : null,
    actual: conditionOf(found),
    description: `joins on “${conditionOf(found)}”, which the answer does not call for`,
    fix: `Define the join of ${[...new Set(found.flat().map(tableOf))].join(' and ')} as “${conditionOf(wanted)}”.`,
    weight: 'certain',
  };
}

/** `inner`, `full`, `semi`, `anti`, or `keeps <table>` for an outer join that keeps all rows of one side. */
function typeOf(join: StatementJoin): string {
  switch (join.type) {
    case 'left':
      return `keeps ${join.left ?? ''}`;
    case 'right':
      return `keeps ${join.right ?? ''}`;
    case 'inner':
    case 'implicit':
    case 'cross':
      return 'inner';
    case 'full':
    case 'semi':
    case 'anti':
      return join.type;
    default:
      return join.type satisfies never;
  }
}

function typeDifferences(expected: Statement, generated: Statement, index: ObjectIndex): Difference[] {
  const differences: Difference[] = [];
  for (const wanted of expected.joins) {
    if (wanted.left === null || wanted.right === null || wanted.left === wanted.right) continue;
    const edge = edgeOf(wanted.left, wanted.right);
    const found = generated.joins.find(
      ({ left, right }) => left !== null && right !== null && edgeOf(left, right) === edge,
    );
    if (
      found === undefined ||
      effectiveType(wanted, expected, index) === effectiveType(found, generated, index)
    )
      continue;
    const [condition, tables] = [conditionOf(wanted.pairs), `${wanted.left} and ${wanted.right}`];
    differences.push({
      label: 'wrong_join_type',
      aspects: { logical_accuracy: 'wrong_join_type' },
      clause: 'JOIN',
      blame: [...new Set([wanted.left, wanted.right, ...wanted.pairs.flat()])],
      expected: `${wanted.type.toUpperCase()} JOIN ON ${condition}`,
      actual: `${found.type.toUpperCase()} JOIN ON ${conditionOf(found.pairs)}`,
      description: `joins ${tables} by ${found.type.toUpperCase()} JOIN instead of ${wanted.type.toUpperCase()} JOIN`,
      fix: `Say in the instruction of the join of ${tables} on “${condition}” that it is a “${wanted.type.toUpperCase()} JOIN”.`,
      // With keys that always find a partner both types give the same rows.
      weight: found.type === 'anti' || wanted.type === 'anti' ? 'certain' : 'possible',
    });
  }
  return differences;
}

/** The right side is met by its whole primary key: a semi join gives the rows of an inner join. */
function findsOneAtMost({ right, pairs }: StatementJoin, index: ObjectIndex): boolean {
  const primaryKey = right === null ? [] : (index.find(right)?.table?.primaryKey ?? []);
  return (
    primaryKey.length > 0 &&
    primaryKey.every((part) => pairs.flat().includes(`${right ?? ''}.${part.toLowerCase()}`))
  );
}

/** An outer join whose optional side is restricted in WHERE keeps no unmatched row: it works as an inner join. */
function effectiveType(join: StatementJoin, statement: Statement, index: ObjectIndex): string {
  const type = typeOf(join);
  if (type === 'semi' && findsOneAtMost(join, index)) return 'inner';
  if (!type.startsWith('keeps ')) return type;
  const optional = type === `keeps ${join.left ?? ''}` ? join.right : join.left;
  const rejectsNull = statement.facts.predicates.some(
    ({ clause, operator, columns, text }) =>
      clause === 'where' &&
      operator !== 'is null' &&
      operator !== 'or' &&
      !/\bcoalesce\b|\bis null\b/i.test(text) &&
      columns.some(
        ({ table, column }) =>
          statement.resolve(`${table ?? ''}.${column}`) === `${optional ?? ''}.${column}`,
      ),
  );
  return rejectsNull ? 'inner' : type;
}
