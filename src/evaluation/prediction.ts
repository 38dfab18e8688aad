import type { Benchmark } from '../benchmarks/index.ts';
import type { JudgeInput } from '../judges/index.ts';
import type { EvaluationRow } from './evaluation-result.ts';

/** One question answered and compared, before anybody judged it. */
export interface Prediction {
  /** What the judges see. `comparison.exclusion` says that the row does not count, and why. */
  readonly input: JudgeInput;
  /** How the answer ended, in the words of the service. */
  readonly status: string;
  readonly conversationId: string | null;
  readonly statementId: string | null;
  readonly timing: EvaluationRow['timing_ms'];
  /** Genie was asked, so the ask belongs in the record. */
  readonly asked: boolean;
}

/**
 * Where answers come from: Genie by default, or anything else that can be judged.
 *
 * Throws only what would meet every further question too; what is wrong with one answer belongs in the
 * comparison of its prediction.
 */
export type Predictor = (
  benchmark: Benchmark,
  options: { readonly signal?: AbortSignal | undefined },
) => Prediction | Promise<Prediction>;
