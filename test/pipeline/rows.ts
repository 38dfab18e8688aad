import type { EvaluationResult, EvaluationRow } from '../../src/evaluation/index.ts';
import { lexicalFacts } from '../../src/sql/index.ts';

/** A row as an evaluation makes it, with only what a decision reads. */
export function row(
  questionId: string,
  correct: boolean | null,
  changes: Partial<EvaluationRow> = {},
): EvaluationRow {
  const value = correct === null ? 'excluded' : correct ? 'yes' : 'no';
  return {
    question_id: questionId,
    question: `Question ${questionId}?`,
    split: 'train',
    priority: 'P1',
    category: 'aggregation',
    expected_asset: 'TABLE',
    actual_asset: 'TABLE',
    expected_sql: 'SELECT 1',
    generated_sql: 'SELECT 2',
    answer_text: null,
    status: 'COMPLETED',
    conversation_id: null,
    comparison: {
      match: correct,
      matchType: correct === true ? 'exact' : 'mismatch',
      expectedRows: 1,
      actualRows: 1,
      expectedHash: null,
      actualHash: null,
      diff: null,
      truncated: false,
      exclusion: null,
      error: null,
      orderMatch: null,
    },
    verdicts: { result_correctness: { value, rationale: '', reason: null } },
    asi: [],
    correct,
    exclusion: null,
    soft_signals: [],
    facts: { expected: lexicalFacts('SELECT 1'), generated: null },
    timing_ms: { genie: 0, sql: 0 },
    ...changes,
  };
}

/** An evaluation over the given rows. */
export function evaluation(
  rows: readonly EvaluationRow[],
  changes: Partial<EvaluationResult> = {},
): EvaluationResult {
  const counted = rows.filter((candidate) => candidate.correct !== null);
  const right = counted.filter((candidate) => candidate.correct === true);
  return {
    iteration: 1,
    scope: 'full',
    started_at: '2026-10-01T08:00:00.000Z',
    finished_at: '2026-10-01T08:00:00.000Z',
    overall_accuracy: counted.length === 0 ? null : (100 * right.length) / counted.length,
    adjusted_accuracy: null,
    scores: {},
    total_questions: rows.length,
    evaluated_count: counted.length,
    correct_count: right.length,
    excluded_count: rows.length - counted.length,
    failures: counted
      .filter((candidate) => candidate.correct === false)
      .map((candidate) => candidate.question_id),
    rows,
    benchmark_fingerprint: 'f',
    config_hash: 'c',
    degraded_judges: [],
    evaluator: 'test',
    ...changes,
  };
}

/** `verdicts` with one judge's word. */
export const verdict = (judge: string, value: string): EvaluationRow['verdicts'] => ({
  [judge]: { value, rationale: '', reason: null },
});
