import { compareCodeUnits, sha256 } from '../core/index.ts';
import type { Benchmark } from './benchmark.ts';

/**
 * Hash over (id, question, expected_sql, expected_asset): two evaluations compare only when it is equal.
 *
 * The order of the questions, their splits and all other fields do not matter.
 *
 * @see spec/evaluation.md §4
 */
export function benchmarkFingerprint(questions: readonly Benchmark[]): string {
  const rows = questions
    .map(
      (question) => [question.id, question.question, question.expected_sql, question.expected_asset] as const,
    )
    .sort(([a], [b]) => compareCodeUnits(a, b));
  // Lists of texts are canonical as they are.
  return sha256(JSON.stringify(rows));
}
