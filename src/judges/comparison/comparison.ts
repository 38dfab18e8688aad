import type { ExclusionReason } from '../judge.ts';

/** Tiers of agreement, best first. @see spec/evaluation.md §7.4 */
export const MATCH_TYPES = [
  'identical_sql',
  'exact',
  'column_alias',
  'column_superset',
  'approx',
  'column_subset',
  'tied_limit',
  'both_empty',
  'mismatch',
  'not_evaluated',
] as const;
export type MatchType = (typeof MATCH_TYPES)[number];

/** Difference of two results, for blame. */
export interface ResultDiff {
  /** Columns of the answer key that the answer lacks, and the other way round. */
  readonly missingColumns: readonly string[];
  readonly extraColumns: readonly string[];
  /** Rows of the answer minus rows of the answer key. */
  readonly rowDelta: number;
  readonly firstDifference: string | null;
}

/** Outcome of comparing the answer key's result with Genie's. */
export interface ResultComparison {
  /** `null`: could not be decided (see `exclusion` and `error`). */
  readonly match: boolean | null;
  readonly matchType: MatchType;
  readonly expectedRows: number | null;
  readonly actualRows: number | null;
  readonly expectedHash: string | null;
  readonly actualHash: string | null;
  readonly diff: ResultDiff | null;
  readonly truncated: boolean;
  /** Set when the row does not count, with the reason. */
  readonly exclusion: ExclusionReason | null;
  /** Failure of one side's execution. Genie's own errors are failures, not exclusions. */
  readonly error: {
    readonly side: 'expected' | 'actual';
    readonly errorClass: string | null;
    readonly message: string;
  } | null;
  /** Whether the order of rows agreed; `null` when order does not matter. */
  readonly orderMatch: boolean | null;
}
