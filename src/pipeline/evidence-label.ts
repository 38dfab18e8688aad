import type { EvaluationResult } from '../evaluation/index.ts';
import type { EvidenceLabel } from '../session/index.ts';

/** Version of the rules by which results are compared; raised when the same answer could be judged otherwise. */
export const COMPARATOR_VERSION = '1';

/** The conditions under which an evaluation was measured. @see spec/acceptance.md §5 */
export function labelOf(
  evaluation: EvaluationResult,
  modelVersions: Readonly<Record<string, string>> = {},
): EvidenceLabel {
  const splits = [...new Set(evaluation.rows.map(({ split }) => split))].sort();
  return {
    scope: evaluation.scope,
    split: splits.join('+'),
    evaluator: evaluation.evaluator,
    comparator_version: COMPARATOR_VERSION,
    answer_key_version: evaluation.benchmark_fingerprint,
    model_versions: { ...modelVersions },
    questions: evaluation.total_questions,
    asks: evaluation.total_questions,
    config_hash: evaluation.config_hash,
  };
}
