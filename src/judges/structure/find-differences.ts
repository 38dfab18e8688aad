import type { JudgeInput } from '../judge.ts';
import { asksForOrder } from '../comparison/order.ts';
import { aggregateDifferences } from './aggregate-differences.ts';
import { callDifferences } from './call-differences.ts';
import type { Difference } from './difference.ts';
import { joinClasses, joinDifferences } from './join-differences.ts';
import { objectIndex, objectIndexes, type ObjectIndex } from './object-index.ts';
import { restrictionDifferences } from './restriction-differences.ts';
import { grainDifferences, orderDifferences, projectionDifferences } from './shape-differences.ts';
import { readStatement } from './read-statement.ts';
import { resolveStatement } from './statement.ts';
import { columnSubstitution, compareTables, tableDifferences } from './table-differences.ts';

/** What a structural judge needs of an input. */
export type StructureInput = Pick<
  JudgeInput,
  'benchmark' | 'expectedFacts' | 'generatedFacts' | 'space' | 'catalog'
>;

/** Finds how Genie's statement departs from the answer key; memoised by {@link differenceFinder}. */
export type FindDifferences = (input: StructureInput) => readonly Difference[];

/**
 * How Genie's statement departs from the answer key, gravest first; empty when they say the same.
 *
 * Aliases, CTEs, the order of joins and predicates, BETWEEN, IN, the spelling of dates, redundant
 * IS NOT NULL and the order of rows that nobody asked for are no differences. What merely follows
 * from a wrong table is not listed again.
 *
 * Both statements must have been parsed: facts of the lexer have nothing to compare.
 */
export function findDifferences(
  input: StructureInput,
  index: ObjectIndex = objectIndex(input.space, input.catalog),
): readonly Difference[] {
  const { expectedFacts, generatedFacts, benchmark } = input;
  if (generatedFacts === null || expectedFacts.engine === 'lexical' || generatedFacts.engine === 'lexical')
    return [];
  const [left, right] = [resolveStatement(expectedFacts, index), resolveStatement(generatedFacts, index)];
  const tables = compareTables(left, right, index);
  const substitute = columnSubstitution(tables, index);
  const joins = joinDifferences(left, right, substitute, index);
  // A wrong key must not make two columns equal: only what the answer key joins, and tables it lacks, count.
  const trusted = right.joins.filter(
    (join) => tables.extra.includes(join.left ?? '') || tables.extra.includes(join.right ?? ''),
  );
  const classes = joinClasses([...left.joins, ...trusted], substitute);
  const expected = readStatement(left, index, (column) => classes.representative(column));
  const generated = readStatement(right, index, (column) => classes.representative(substitute(column)));
  const optional = new Set(benchmark.optional_columns.map((name) => name.toLowerCase()));
  const restrictions = restrictionDifferences(expected, generated);
  const grain = grainDifferences(expected, generated, index);
  const aggregates = aggregateDifferences(expected, generated, { index, sameGrain: grain.length === 0 });
  const projections = projectionDifferences(expected, generated, optional);
  const found = [
    ...tableDifferences(left, right, tables),
    ...callDifferences(left, right, index),
    ...joins,
    ...aggregates,
    ...grain,
    ...restrictions,
    ...projections.filter((difference) => !(difference.label === 'wrong_measure' && aggregates.length > 0)),
    ...orderDifferences(expected, generated, {
      asked: asksForOrder(benchmark.question),
      sameColumns: aggregates.length + grain.length + projections.length + tables.takenFor.size === 0,
    }),
  ];
  const main = left.tables[0] ?? left.calls[0]?.name;
  return rank(withExistingBlame(found, index, main === undefined ? [] : [main]));
}

/** Certain differences first; possible ones only where nothing certain explains the answer. */
function rank(differences: readonly Difference[]): readonly Difference[] {
  const certain = differences.filter(({ weight }) => weight === 'certain');
  return certain.length > 0 ? certain : differences;
}

/** Blames only what exists: a column that nobody lists falls back to its table, nothing to the main table. */
function withExistingBlame(
  differences: readonly Difference[],
  index: ObjectIndex,
  main: readonly string[],
): Difference[] {
  const existing = (name: string): string[] => {
    const whole = index.find(name);
    if (whole !== null) return [whole.key];
    const cut = name.lastIndexOf('.');
    const owner = cut === -1 ? null : index.find(name.slice(0, cut));
    if (owner === null) return [];
    // What a function returns is described with the function.
    if (owner.kind === 'function') return [owner.key];
    const column = name.slice(cut + 1);
    return owner.columns.size === 0 || owner.columns.has(column) ? [`${owner.key}.${column}`] : [owner.key];
  };
  return differences.map((difference) => {
    const found = [...new Set(difference.blame.flatMap(existing))];
    const blame = found.length > 0 ? found : main.flatMap(existing);
    const named = blame.length === 0 || blame.some((name) => difference.fix.includes(name));
    return { ...difference, blame, fix: named ? difference.fix : `For ${blame[0] ?? ''}: ${difference.fix}` };
  });
}

/**
 * {@link findDifferences} that works once per input and indexes each catalog once.
 *
 * All structural judges of one suite share one finder.
 */
export function differenceFinder(): FindDifferences {
  const found = new WeakMap<object, readonly Difference[]>();
  const indexOf = objectIndexes();
  return (input) => {
    const known = found.get(input);
    if (known !== undefined) return known;
    const differences = findDifferences(input, indexOf(input));
    found.set(input, differences);
    return differences;
  };
}
