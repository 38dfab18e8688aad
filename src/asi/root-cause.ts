import type { SqlFacts } from '../sql/index.ts';
import type { AsiRecord } from './asi.ts';
import { normalizeFailureType } from './failure-taxonomy.ts';
import { failureTypeFromRationale } from './rationale.ts';
import { failureTypeFromSql } from './sql-difference.ts';
import type { FailureType } from './taxonomy.ts';

/** Where a failure type came from, most trusted first. */
export const RESOLUTION_METHODS = ['asi', 'sql_diff', 'rationale', 'unresolved'] as const;
export type ResolutionMethod = (typeof RESOLUTION_METHODS)[number];

/** How far the failure type of each source is trusted, 0–1. */
export const RESOLUTION_TRUST: Readonly<Record<ResolutionMethod, number>> = {
  asi: 1,
  sql_diff: 0.9,
  rationale: 0.7,
  unresolved: 0.5,
};

/** The two statements' facts of one answer; `generated` is `null` when there was no statement. */
export interface StatementPair {
  readonly expected: SqlFacts;
  readonly generated: SqlFacts | null;
}

/**
 * The root cause of one complaint: its own label, else the difference of the statements, else its
 * words, else `other`.
 *
 * @see spec/asi-clustering-levers.md §4
 */
export function resolveRootCause(
  record: AsiRecord | null,
  facts: StatementPair | undefined,
): { readonly failureType: FailureType; readonly method: ResolutionMethod } {
  if (record !== null) {
    const { failure_type: own } = normalizeFailureType(record.asi.failure_type);
    if (own !== 'other') return { failureType: own, method: 'asi' };
    // ASI written by older judges may carry the real label only as the raw one.
    const { failure_type: raw } = normalizeFailureType(record.asi.failure_type_raw);
    if (raw !== 'other') return { failureType: raw, method: 'asi' };
  }
  if (facts !== undefined && facts.generated !== null) {
    const fromSql = failureTypeFromSql(facts.expected, facts.generated);
    if (fromSql !== null) return { failureType: fromSql, method: 'sql_diff' };
  }
  const fromWords = record === null ? null : failureTypeFromRationale(record.rationale);
  return fromWords === null
    ? { failureType: 'other', method: 'unresolved' }
    : { failureType: fromWords, method: 'rationale' };
}
