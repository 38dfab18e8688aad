import { FAILURE_TYPES, type FailureType } from './taxonomy.ts';

/** What the library knows about one failure type. */
export interface FailureTypeEntry {
  readonly meaning: string;
  /** Lever to try first when the blamed object does not decide otherwise; 0 is the review queue. */
  readonly lever: 0 | 1 | 2 | 3 | 4 | 5 | 6;
  /** 0–1: how much one such failure hurts, for ranking clusters. */
  readonly severityWeight: number;
  /** Patch types to think of first, best first. Empty: a person decides. */
  readonly patchTypes: readonly string[];
}

const entry = (
  meaning: string,
  lever: FailureTypeEntry['lever'],
  severityWeight: number,
  patchTypes: readonly string[],
): FailureTypeEntry => ({ meaning, lever, severityWeight, patchTypes });

/**
 * Every failure type with its first lever, weight and first-choice patch types.
 *
 * @see spec/asi-clustering-levers.md §1
 */
export const FAILURE_TAXONOMY: Readonly<Record<FailureType, FailureTypeEntry>> = {
  wrong_table: entry('reads the wrong base asset', 1, 1.0, ['update_description', 'add_description']),
  wrong_column: entry('uses a wrong or non-existent column', 1, 0.9, [
    'add_synonym',
    'update_column_description',
    'hide_column',
  ]),
  wrong_join: entry('joins by the wrong path, key or type', 1, 0.9, [
    'add_join',
    'update_join_condition',
    'update_column_description',
  ]),
  missing_filter: entry('lacks a required predicate', 3, 0.7, [
    'add_sql_snippet_filter',
    'add_default_filter',
  ]),
  missing_temporal_filter: entry('lacks a date restriction', 2, 0.7, [
    'update_column_description',
    'update_mv_yaml',
  ]),
  wrong_aggregation: entry('uses the wrong function, grain or grouping', 2, 0.8, [
    'add_sql_snippet_measure',
    'update_mv_measure',
  ]),
  wrong_measure: entry('right shape, wrong metric', 2, 0.8, ['add_sql_snippet_measure', 'update_mv_measure']),
  missing_instruction: entry('follows no rule because none is stated', 6, 0.6, ['add_instruction']),
  ambiguous_question: entry('several readings are valid', 6, 0.3, ['add_instruction']),
  asset_routing_error: entry('uses the wrong class of asset', 6, 0.9, [
    'update_description',
    'update_tvf_comment',
    'add_instruction',
  ]),
  tvf_parameter_error: entry('passes a wrong argument value, format or order', 3, 0.7, [
    'update_tvf_comment',
    'add_tvf_parameter',
  ]),
  compliance_violation: entry('exposes restricted data', 1, 0.5, ['hide_column', 'add_compliance_tag']),
  performance_issue: entry('is needlessly expensive', 2, 0.3, ['update_mv_yaml', 'add_instruction']),
  repeatability_issue: entry('differs between runs', 1, 0.4, ['update_description', 'add_instruction']),
  missing_synonym: entry("the user's term has no mapping", 1, 0.3, ['add_synonym']),
  description_mismatch: entry('metadata contradicts the data', 1, 0.4, [
    'update_column_description',
    'update_description',
  ]),
  monitoring_gap: entry('a profile or drift table is missing or undocumented', 4, 0.5, [
    'add_table',
    'update_description',
  ]),
  stale_data: entry('is right for old data only', 4, 0.3, ['update_description']),
  data_freshness: entry('misreads how fresh the data are', 4, 0.3, ['update_description']),
  ml_feature_missing: entry('a feature or prediction column is not exposed', 5, 0.5, [
    'add_table',
    'add_column_description',
  ]),
  model_scoring_error: entry('misuses a prediction asset', 5, 0.5, ['update_description']),
  feature_store_mismatch: entry('confuses feature and serving tables', 5, 0.5, ['update_description']),
  other: entry('unclassified', 0, 0.5, []),
};

/**
 * Labels that judges and models use outside the taxonomy, and what they mean inside it.
 *
 * @see spec/asi-clustering-levers.md §1, decisions.md 22
 */
export const FAILURE_TYPE_ALIASES: Readonly<Record<string, FailureType>> = {
  missing_column: 'wrong_column',
  extra_column: 'wrong_column',
  partial_answer: 'wrong_column',
  wrong_filter: 'missing_filter',
  extra_filter: 'missing_filter',
  wrong_literal: 'missing_filter',
  different_scope: 'missing_filter',
  wrong_groupby: 'wrong_aggregation',
  wrong_grouping: 'wrong_aggregation',
  wrong_grain: 'wrong_aggregation',
  different_grain: 'wrong_aggregation',
  distinct_missing: 'wrong_aggregation',
  missing_aggregation: 'wrong_aggregation',
  different_metric: 'wrong_measure',
  missing_measure: 'wrong_measure',
  wrong_orderby: 'missing_instruction',
  missing_order_or_limit: 'missing_instruction',
  wrong_asset_routing: 'asset_routing_error',
  fanout_join: 'wrong_join',
  wrong_join_type: 'wrong_join',
  missing_join_spec: 'wrong_join',
  wrong_join_spec: 'wrong_join',
  missing_join: 'wrong_join',
  tvf_argument: 'tvf_parameter_error',
  missing_table: 'wrong_table',
  missing_format_assistance: 'missing_filter',
  missing_entity_matching: 'missing_filter',
  missing_dimension: 'wrong_column',
};

const KNOWN: ReadonlySet<string> = new Set(FAILURE_TYPES);

/**
 * The canonical failure type of a label, and the label itself when it had to be translated.
 *
 * Case, blanks and hyphens do not matter. An unknown or empty label becomes `other`; an unknown one
 * is kept in `failure_type_raw`, so that it is never lost.
 */
export function normalizeFailureType(label: string | null | undefined): {
  failure_type: FailureType;
  failure_type_raw: string | null;
} {
  if (KNOWN.has(label ?? '')) return { failure_type: label as FailureType, failure_type_raw: null };
  const raw = (label ?? '').trim();
  const key = raw.toLowerCase().replaceAll(/[\s-]+/g, '_');
  if (KNOWN.has(key)) return { failure_type: key as FailureType, failure_type_raw: null };
  const alias = Object.hasOwn(FAILURE_TYPE_ALIASES, key) ? FAILURE_TYPE_ALIASES[key] : undefined;
  return { failure_type: alias ?? 'other', failure_type_raw: raw === '' ? null : raw };
}
