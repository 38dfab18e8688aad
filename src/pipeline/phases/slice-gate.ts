import type { EvaluationResult, EvaluationRow } from '../../evaluation/index.ts';
import type { SliceResult } from '../phases.ts';

/**
 * The cheap check after a change: did the questions that touch it get worse?
 *
 * Compared with the same questions in the last accepted evaluation. Exactly `tolerancePp` worse
 * passes. More than half of the questions excluded is an error, and errors fail closed.
 *
 * @see spec/pipeline.md §6.6
 */
export function judgeSlice(
  slice: EvaluationResult | null,
  reference: readonly EvaluationRow[],
  tolerancePp: number,
  /** Lost questions that a second look did not confirm: they count as they did before. */
  contested: readonly string[] = [],
): SliceResult {
  if (slice === null) {
    return {
      status: 'skipped',
      passed: null,
      accuracy: null,
      reference_accuracy: null,
      question_ids: [],
      losses: [],
    };
  }
  const ids = slice.rows.map((row) => row.question_id);
  const counted = new Set(slice.rows.filter((row) => row.correct !== null).map((row) => row.question_id));
  const before = reference.filter((row) => row.correct !== null && counted.has(row.question_id));
  const common = new Set(before.map((row) => row.question_id));
  const after = slice.rows.filter((row) => common.has(row.question_id));
  const wasRight = new Set(before.filter((row) => row.correct === true).map((row) => row.question_id));
  const losses = after.filter(
    (row) => row.correct === false && wasRight.has(row.question_id) && !contested.includes(row.question_id),
  );
  const kept = after.map((row) => (contested.includes(row.question_id) ? { ...row, correct: true } : row));
  const result = {
    accuracy: accuracyOf(kept),
    reference_accuracy: accuracyOf(before),
    question_ids: ids,
    losses: losses.map((row) => row.question_id),
    ...(contested.length > 0 && { contested: [...contested] }),
  };
  if (counted.size * 2 < ids.length || result.accuracy === null || result.reference_accuracy === null) {
    return { ...result, status: 'error', passed: false };
  }
  const passed = result.accuracy >= result.reference_accuracy - tolerancePp;
  return { ...result, status: passed ? 'passed' : 'failed', passed };
}

const accuracyOf = (rows: readonly EvaluationRow[]): number | null =>
  rows.length === 0 ? null : (100 * rows.filter((row) => row.correct === true).length) / rows.length;
