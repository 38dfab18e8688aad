import type { Asi } from '../asi/index.ts';
import type { AssetKind, Benchmark } from '../benchmarks/index.ts';
import type { OptimizerError } from '../core/index.ts';
import type { CatalogSnapshot } from '../ports/index.ts';
import type { Space } from '../spaces/index.ts';
import type { SqlFacts } from '../sql/index.ts';
import type { ResultComparison } from './comparison/comparison.ts';

/** Names of the eight built-in judges, in scoring order; the arbiter is last. @see spec/judges.md §1 */
export const JUDGE_NAMES = [
  'syntax_validity',
  'schema_accuracy',
  'logical_accuracy',
  'semantic_equivalence',
  'completeness',
  'asset_routing',
  'result_correctness',
  'arbiter',
] as const;
export type JudgeName = (typeof JUDGE_NAMES)[number];

/** Why a question or verdict does not count. Excluded rows stay in the result, with this reason. */
export type ExclusionReason =
  | 'infrastructure'
  | 'permission_blocked'
  | 'parameterized_sql'
  | 'unresolved_template'
  | 'ground_truth_failed'
  | 'missing_expected_sql'
  | 'genie_result_unavailable'
  | 'both_empty'
  | 'row_cap'
  | 'temporal_stale'
  /** Put aside: neither its answer key nor any answer was right. */
  | 'quarantined';

export type SkipReason =
  'no_sql' | 'no_model' | 'results_match' | 'not_applicable' | 'unparsed' | 'ground_truth_unavailable';

/** What a judge says. No failure without ASI; an error is never a silent no. */
export type JudgeOutcome =
  | { readonly status: 'scored'; readonly value: 'yes'; readonly rationale: string }
  | { readonly status: 'scored'; readonly value: 'no'; readonly rationale: string; readonly asi: Asi }
  | {
      readonly status: 'verdict';
      readonly value: ArbiterVerdict;
      readonly rationale: string;
      readonly asi: Asi | null;
      /** Set where a judge that may ask a model decided without it. */
      readonly decidedBy?: 'code';
    }
  | { readonly status: 'excluded'; readonly reason: ExclusionReason; readonly rationale: string }
  | { readonly status: 'skipped'; readonly reason: SkipReason; readonly rationale: string }
  | { readonly status: 'errored'; readonly error: OptimizerError; readonly rationale: string };

export type ArbiterVerdict = 'genie_correct' | 'ground_truth_correct' | 'both_correct' | 'neither_correct';

/** Result of EXPLAIN on Genie's statement. `null` on the input when there was no statement. */
export interface ExplainOutcome {
  readonly ok: boolean;
  readonly errorClass: string | null;
  readonly message: string | null;
}

/** The first rows of a result, as the statement API sends them. */
export interface ResultSample {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Everything a judge may read. A judge never runs SQL and never calls Genie. */
export interface JudgeInput {
  readonly benchmark: Benchmark;
  /** Answer key, resolved and sanitised. */
  readonly expectedSql: string;
  /** Genie's statement, sanitised; `null` when there was none. */
  readonly generatedSql: string | null;
  readonly answerText: string | null;
  readonly expectedFacts: SqlFacts;
  readonly generatedFacts: SqlFacts | null;
  readonly explain: ExplainOutcome | null;
  readonly comparison: ResultComparison;
  readonly expectedAsset: AssetKind;
  readonly actualAsset: AssetKind | 'NONE';
  readonly space: Space;
  readonly catalog: CatalogSnapshot;
  /** First rows of both results, for judges that look at values; `null` where a side has none. */
  readonly resultSamples?: { readonly expected: ResultSample | null; readonly actual: ResultSample | null };
  /** Day on which the question was asked, YYYY-MM-DD. */
  readonly today?: string;
}

export interface Judge {
  readonly name: string;
  readonly kind: 'code' | 'llm';
  /** Pass rate to reach, percent 0–100; `null` when the judge has no target. */
  readonly targetPct: number | null;
  readonly judge: (
    input: JudgeInput,
    options?: { readonly signal?: AbortSignal | undefined },
  ) => JudgeOutcome | Promise<JudgeOutcome>;
}
