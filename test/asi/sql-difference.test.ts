import { describe, expect, it } from 'vitest';
import type { SqlFacts } from '../../src/sql/index.ts';
import { failureTypeFromSql } from '../../src/asi/index.ts';
import { facts, tables } from './clinic.ts';

const call = (name: string, text: string): SqlFacts['tables'] => [
  { name, alias: null, kind: 'function', args: [{ name: null, text }] },
];
const predicate = (text: string, temporal = false): SqlFacts['predicates'] => [
  { clause: 'where', columns: [], operator: '=', literals: [], text, source: text, temporal },
];
const aggregate = (fn: string, argument = 'vet.care.visits.fee'): SqlFacts['aggregates'] => [
  { function: fn, distinct: false, argument, source: '', columns: [] },
];

describe('failureTypeFromSql', () => {
  it.each<[string, string | null, Partial<SqlFacts>, Partial<SqlFacts>]>([
    [
      'another table',
      'wrong_table',
      { tables: tables('vet.care.animals') },
      { tables: tables('vet.care.visits') },
    ],
    [
      'a missing second table',
      'wrong_join',
      { tables: tables('vet.care.visits', 'vet.care.animals') },
      { tables: tables('visits') },
    ],
    [
      'a short name of the same table',
      null,
      { tables: tables('vet.care.animals') },
      { tables: tables('animals') },
    ],
    [
      'a function on one side',
      'asset_routing_error',
      { tables: call('vet.care.get_visits', "'a'") },
      { tables: tables('vet.care.visits') },
    ],
    [
      'another argument',
      'tvf_parameter_error',
      { tables: call('get_visits', 'null') },
      { tables: call('get_visits', "'NULL'") },
    ],
    ['MEASURE on one side', 'asset_routing_error', { measures: ['total_fee'] }, {}],
    ['another measure', 'wrong_measure', { measures: ['total_fee'] }, { measures: ['visits'] }],
    [
      'another aggregate',
      'wrong_aggregation',
      { aggregates: aggregate('sum') },
      { aggregates: aggregate('avg') },
    ],
    ['a condition left out', 'missing_filter', { predicates: predicate("a = 'x'") }, {}],
    [
      'a date condition left out',
      'missing_temporal_filter',
      { predicates: predicate("d > '2024-01-01'", true) },
      {},
    ],
    ['one condition too many', 'missing_filter', {}, { predicates: predicate("a = 'x'") }],
    ['another limit', 'missing_instruction', { limit: 5 }, { limit: null }],
    ['distinct left out', 'wrong_aggregation', { distinct: true }, { distinct: false }],
    ['no difference', null, { limit: 3 }, { limit: 3 }],
  ])('reads %s as %s', (_, expected, wanted, found) => {
    expect(failureTypeFromSql(facts(wanted), facts(found))).toBe(expected);
  });

  it('does not compare lists that a statement without a tree cannot have', () => {
    const found = facts({ engine: 'lexical', tables: tables('vet.care.visits') });
    expect(
      failureTypeFromSql(facts({ tables: tables('vet.care.visits'), predicates: predicate('a') }), found),
    ).toBeNull();
  });
});
