import { benchmarkFingerprint } from '../benchmarks/index.ts';
import type { EvaluationResult } from '../evaluation/index.ts';
import type { Tracker } from '../logged-models/index.ts';
import { parseEvaluation } from './evaluation-store.ts';
import type { EvaluationRequest } from './phases.ts';

/**
 * An evaluation that MLflow holds whole: the same questions, put to the same state by the same evaluator.
 *
 * @returns `null` when there is none, or MLflow cannot be read
 */
export async function finishedEarlier(
  tracker: Pick<Tracker, 'findEvaluations'>,
  { scope, iteration, questions, catalog }: EvaluationRequest,
  by: { readonly stateHash: string; readonly evaluator: string },
): Promise<{ readonly runId: string; readonly result: EvaluationResult } | null> {
  const fingerprint = benchmarkFingerprint(questions);
  for (const { runId, text } of (await tracker.findEvaluations({ scope, iteration })) ?? []) {
    const result = await parseEvaluation(text, catalog);
    const isSame =
      result?.config_hash === by.stateHash &&
      result.scope === scope &&
      result.iteration === iteration &&
      result.benchmark_fingerprint === fingerprint &&
      result.evaluator === by.evaluator;
    if (isSame) return { runId, result };
  }
  return null;
}
