import type { AsiRecord } from '../asi/index.ts';
import type { AssetKind, EvalScope, Priority, Split } from '../benchmarks/index.ts';
import type { ExclusionReason, ResultComparison, SkipReason } from '../judges/index.ts';
import type { SqlFacts } from '../sql/index.ts';

/** One judge's word on one row, as stored in artifacts. */
export interface StoredVerdict {
  /** `yes`, `no`, `excluded`, `skipped`, `unknown` (judge failed) or an arbiter verdict. */
  readonly value: string;
  readonly rationale: string;
  readonly reason: ExclusionReason | SkipReason | null;
  /** Who spoke; absent in results that other evaluators made. */
  readonly source?: 'CODE' | 'LLM_JUDGE';
}

/** One question of one evaluation. No row ever disappears. */
export interface EvaluationRow {
  readonly question_id: string;
  readonly question: string;
  readonly split: Split;
  readonly priority: Priority;
  readonly category: string;
  readonly expected_asset: AssetKind;
  readonly actual_asset: AssetKind | 'NONE';
  /** Resolved and sanitised. */
  readonly expected_sql: string;
  readonly generated_sql: string | null;
  readonly answer_text: string | null;
  readonly status: string;
  readonly conversation_id: string | null;
  /** Genie's own statement, whose rows the warehouse keeps for a while; absent in older results. */
  readonly statement_id?: string | null;
  readonly comparison: ResultComparison;
  readonly verdicts: Readonly<Record<string, StoredVerdict>>;
  /** Failing verdicts with their reasons; empty on a correct row unless a judge complained all the same. */
  readonly asi: readonly AsiRecord[];
  /** `true` / `false`, or `null` when the row is excluded. */
  readonly correct: boolean | null;
  readonly exclusion: { readonly reason_code: ExclusionReason; readonly reason_detail: string } | null;
  /** Judges that complained although the result was right. */
  readonly soft_signals: readonly string[];
  /** Facts of both statements, for proposals. Not persisted. */
  readonly facts: { readonly expected: SqlFacts; readonly generated: SqlFacts | null };
  readonly timing_ms: { readonly genie: number; readonly sql: number };
}

/** Everything one evaluation found. Percentages are 0–100. @see spec/evaluation.md §11 */
export interface EvaluationResult {
  readonly iteration: number;
  readonly scope: EvalScope;
  readonly started_at: string;
  readonly finished_at: string;
  /** Share of evaluated rows that are correct; `null` when nothing could be evaluated. */
  readonly overall_accuracy: number | null;
  /** With arbiter verdicts `genie_correct` / `both_correct` counted as correct. */
  readonly adjusted_accuracy: number | null;
  /** Pass rate per judge over the rows it scored; judges that scored no row are absent. */
  readonly scores: Readonly<Record<string, number>>;
  readonly total_questions: number;
  readonly evaluated_count: number;
  readonly correct_count: number;
  readonly excluded_count: number;
  readonly failures: readonly string[];
  readonly rows: readonly EvaluationRow[];
  /** Hash over (id, question, expected_sql, expected_asset) of the questions asked. */
  readonly benchmark_fingerprint: string;
  /** Hash of the space that answered. */
  readonly config_hash: string;
  readonly degraded_judges: readonly string[];
  readonly evaluator: string;
}
