import { sameObject } from '../core/index.ts';
import type { SqlFacts } from '../sql/index.ts';
import type { FailureType } from './taxonomy.ts';

const textSet = (items: readonly string[]): string => [...new Set(items)].sort().join('\u0001');

const namesOf = (facts: SqlFacts, kind: 'table' | 'function'): string[] =>
  facts.tables.filter((use) => use.kind === kind).map((use) => use.name);

const lacking = (wanted: readonly string[], found: readonly string[]): string[] =>
  wanted.filter((name) => !found.some((other) => sameObject(name, other)));

const aggregateTexts = (facts: SqlFacts): string[] =>
  facts.aggregates
    .filter((use) => use.function !== 'measure')
    .map((use) => `${use.function}(${use.distinct ? 'distinct ' : ''}${use.argument})`);

const predicateTexts = (facts: SqlFacts, temporal: boolean): string[] =>
  facts.predicates.filter((use) => use.temporal === temporal).map((use) => use.text);

const joinTexts = (facts: SqlFacts): string[] =>
  facts.joins.flatMap((join) =>
    join.pairs.map(([a, b]) => [`${a.table}.${a.column}`, `${b.table}.${b.column}`].sort().join('=')),
  );

/**
 * The most telling difference of two statements as a failure type, or `null` when none is seen.
 *
 * Works on facts, so aliases, comments and layout do not matter. Where either side was not parsed,
 * only tables, functions and measures are compared.
 *
 * @see spec/asi-clustering-levers.md §4
 */
export function failureTypeFromSql(expected: SqlFacts, generated: SqlFacts): FailureType | null {
  const [wantedCalls, foundCalls] = [namesOf(expected, 'function'), namesOf(generated, 'function')];
  if (wantedCalls.length > 0 !== foundCalls.length > 0) return 'asset_routing_error';
  if (expected.measures.length > 0 && generated.measures.length === 0) return 'asset_routing_error';
  const [wantedTables, foundTables] = [namesOf(expected, 'table'), namesOf(generated, 'table')];
  const missing = lacking(wantedTables, foundTables);
  const extra = lacking(foundTables, wantedTables);
  if (lacking(wantedCalls, foundCalls).length > 0) return 'asset_routing_error';
  if (missing.length > 0 && (extra.length > 0 || foundTables.length === 0)) return 'wrong_table';
  if (textSet(expected.measures) !== textSet(generated.measures)) return 'wrong_measure';
  if (expected.engine !== 'ast' || generated.engine !== 'ast')
    return missing.length > 0 ? 'wrong_join' : null;

  const argumentsOf = (facts: SqlFacts): string[] =>
    facts.tables.flatMap((use) => use.args.map((arg) => `${arg.name ?? ''}=${arg.text}`));
  if (textSet(argumentsOf(expected)) !== textSet(argumentsOf(generated))) return 'tvf_parameter_error';
  if (missing.length > 0) return 'wrong_join';
  if (textSet(aggregateTexts(expected)) !== textSet(aggregateTexts(generated))) return 'wrong_aggregation';
  const found = new Set([...predicateTexts(generated, false), ...predicateTexts(generated, true)]);
  if (predicateTexts(expected, false).some((text) => !found.has(text))) return 'missing_filter';
  if (predicateTexts(expected, true).some((text) => !found.has(text))) return 'missing_temporal_filter';
  if (textSet(joinTexts(expected)) !== textSet(joinTexts(generated)) || extra.length > 0) return 'wrong_join';
  if (textSet(expected.groupBy.map((g) => g.text)) !== textSet(generated.groupBy.map((g) => g.text))) {
    return 'wrong_aggregation';
  }
  if (found.size > expected.predicates.length) return 'missing_filter';
  if (expected.distinct !== generated.distinct) return 'wrong_aggregation';
  if (
    textSet(expected.projections.map((p) => p.text)) !== textSet(generated.projections.map((p) => p.text))
  ) {
    return 'wrong_column';
  }
  const order = (facts: SqlFacts): string =>
    facts.orderBy.map((item) => `${item.text} ${item.descending}`).join(',') + `#${facts.limit}`;
  return order(expected) === order(generated) ? null : 'missing_instruction';
}
