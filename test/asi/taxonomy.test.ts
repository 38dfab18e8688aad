import { describe, expect, it } from 'vitest';
import {
  buildAsi,
  FAILURE_TAXONOMY,
  FAILURE_TYPE_ALIASES,
  FAILURE_TYPES,
  failureTypeFromRationale,
  normalizeFailureType,
  normalizeVerdict,
} from '../../src/asi/index.ts';

describe('the taxonomy', () => {
  it('has 23 failure types, each with a lever and a weight', () => {
    expect(Object.keys(FAILURE_TAXONOMY).sort()).toEqual([...FAILURE_TYPES].sort());
    expect(FAILURE_TYPES).toHaveLength(23);
    for (const entry of Object.values(FAILURE_TAXONOMY)) {
      expect(entry.severityWeight).toBeGreaterThan(0);
      expect(entry.severityWeight).toBeLessThanOrEqual(1);
    }
  });

  it('reaches every lever, and sends only unclassified failures to review', () => {
    expect(
      [...new Set(Object.values(FAILURE_TAXONOMY).map((entry) => entry.lever))].sort((a, b) => a - b),
    ).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(FAILURE_TYPES.filter((type) => FAILURE_TAXONOMY[type].lever === 0)).toEqual(['other']);
  });

  it('has no alias that is itself a failure type', () => {
    expect(
      Object.keys(FAILURE_TYPE_ALIASES).filter((alias) => FAILURE_TYPES.some((type) => type === alias)),
    ).toEqual([]);
  });
});

describe('normalizeFailureType', () => {
  it.each([
    ['wrong_table', 'wrong_table', null],
    ['Wrong Table', 'wrong_table', null],
    ['extra_filter', 'missing_filter', 'extra_filter'],
    ['wrong_literal', 'missing_filter', 'wrong_literal'],
    ['wrong_grain', 'wrong_aggregation', 'wrong_grain'],
    ['distinct_missing', 'wrong_aggregation', 'distinct_missing'],
    ['wrong_groupby', 'wrong_aggregation', 'wrong_groupby'],
    ['missing_column', 'wrong_column', 'missing_column'],
    ['extra_column', 'wrong_column', 'extra_column'],
    ['missing_order_or_limit', 'missing_instruction', 'missing_order_or_limit'],
    ['fanout_join', 'wrong_join', 'fanout_join'],
    ['wrong_join_type', 'wrong_join', 'wrong_join_type'],
    ['tvf_argument', 'tvf_parameter_error', 'tvf_argument'],
    ['different_metric', 'wrong_measure', 'different_metric'],
    ['wrong_asset_routing', 'asset_routing_error', 'wrong_asset_routing'],
    ['syntax_error', 'other', 'syntax_error'],
    ['constructor', 'other', 'constructor'],
    ['', 'other', null],
    [null, 'other', null],
  ])('reads %j as %s and keeps %j', (label, failure_type, failure_type_raw) => {
    expect(normalizeFailureType(label)).toEqual({ failure_type, failure_type_raw });
  });
});

describe('buildAsi', () => {
  it('fills every field with its default', () => {
    expect(buildAsi({ failure_type: 'wrong_join' })).toEqual({
      failure_type: 'wrong_join',
      failure_type_raw: null,
      severity: 'minor',
      confidence: 0.5,
      wrong_clause: null,
      blame_set: [],
      quoted_metadata_text: null,
      missing_metadata: null,
      ambiguity_detected: false,
      expected_value: null,
      actual_value: null,
      counterfactual_fix: null,
      affected_question_pattern: null,
    });
  });

  it('keeps a foreign label, clamps the confidence and cleans the blame', () => {
    const asi = buildAsi({ failure_type: 'different_scope', confidence: 7, blame_set: [' a.b ', 'a.b', ''] });
    expect(asi).toMatchObject({
      failure_type: 'missing_filter',
      failure_type_raw: 'different_scope',
      confidence: 1,
      blame_set: ['a.b'],
    });
  });
});

describe('normalizeVerdict', () => {
  it.each([
    ['yes', 'pass'],
    [true, 'pass'],
    [1, 'pass'],
    ['both_correct', 'pass'],
    ['genie_correct', 'pass'],
    ['no', 'fail'],
    [' NO ', 'fail'],
    [0, 'fail'],
    ['ground_truth_correct', 'fail'],
    ['neither_correct', 'fail'],
    ['unknown', 'unknown'],
    [null, 'unknown'],
    ['', 'unknown'],
    ['not applicable', 'unknown'],
    ['SELECT now() WHERE x IS NOT NULL', 'unknown'],
    ['skipped', 'skip'],
    ['n/a', 'skip'],
    ['excluded', 'skip'],
  ])('reads %j as %s', (value, expected) => {
    expect(normalizeVerdict(value)).toBe(expected);
  });
});

describe('failureTypeFromRationale', () => {
  it.each([
    ['The wrong table was read.', 'wrong_table'],
    ['A vegetable is missing.', null],
    ['The measure column is wrong', 'wrong_measure'],
    ['The date filter is missing', 'missing_temporal_filter'],
    ['It lacks the status filter', 'missing_filter'],
    ['The join condition is incorrect', 'wrong_join'],
    ['All columns are there.', null],
    ['', null],
  ])('reads %j as %s', (rationale, expected) => {
    expect(failureTypeFromRationale(rationale)).toBe(expected);
  });
});
