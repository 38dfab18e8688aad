import {
  assessRepeatability,
  repeatabilityVerdicts,
  type RepeatabilityVerdict,
} from '../../src/repeatability/index.ts';
import type { TrackedEvaluation } from '../../src/logged-models/index.ts';
import { questionDefaults, type SplitBenchmark } from '../../src/benchmarks/index.ts';

const row = (id: string, correct: boolean): TrackedEvaluation['rows'][number] => ({
  question_id: id,
  question: `How many loans does ${id} have?`,
  split: 'train',
  expected_sql: 'SELECT count(*) FROM town.library.loans',
  expected_asset: 'TABLE',
  actual_asset: 'TABLE',
  generated_sql: correct ? 'SELECT count(*) FROM town.library.loans' : 'SELECT 1',
  answer_text: null,
  status: 'COMPLETED',
  conversation_id: `c-${id}`,
  correct,
  verdicts: {
    result_correctness: { value: correct ? 'yes' : 'no', rationale: correct ? 'Equal.' : 'Other rows.' },
    schema_accuracy: { value: correct ? 'yes' : 'no', rationale: 'By its tables.', source: 'LLM_JUDGE' },
    completeness: { value: 'unknown', rationale: 'The judge timed out.' },
    arbiter: { value: 'skipped', rationale: '' },
  },
  asi: correct
    ? []
    : [
        {
          question_id: id,
          judge: 'schema_accuracy',
          rationale: 'The table is missing.',
          asi: {
            failure_type: 'wrong_table',
            failure_type_raw: null,
            severity: 'major',
            confidence: 0.9,
            wrong_clause: 'FROM',
            blame_set: ['town.library.loans'],
            quoted_metadata_text: null,
            missing_metadata: null,
            ambiguity_detected: false,
            expected_value: null,
            actual_value: null,
            counterfactual_fix: null,
            affected_question_pattern: null,
          },
        },
      ],
  timing_ms: { genie: 1200, sql: 300 },
});

/** An evaluation of three questions, `correct` of them right. */
export const trackedEvaluation = (
  iteration: number,
  correct: number,
  changes: Partial<TrackedEvaluation> = {},
): TrackedEvaluation => {
  const rows = ['q1', 'q2', 'q3'].map((id, at) => row(id, at < correct));
  const pct = (100 * correct) / rows.length;
  return {
    iteration,
    scope: 'full',
    started_at: '2026-03-15T08:00:00.000Z',
    overall_accuracy: pct,
    adjusted_accuracy: pct,
    scores: { result_correctness: pct, schema_accuracy: pct },
    failures: rows.filter(({ correct: right }) => right === false).map(({ question_id }) => question_id),
    evaluated_count: rows.length,
    correct_count: correct,
    excluded_count: 0,
    rows,
    ...changes,
  };
};

export const trackedQuestions: readonly SplitBenchmark[] = ['q1', 'q2', 'q3'].map((id) => ({
  ...questionDefaults(),
  id,
  question: `How many loans does ${id} have?`,
  expected_sql: 'SELECT count(*) FROM town.library.loans',
  category: 'aggregation',
  split: 'train',
}));

/** What asking its questions again might have shown. */
export const repeatabilityFound: readonly RepeatabilityVerdict[] = repeatabilityVerdicts(
  await assessRepeatability(
    Object.entries({ q1: ['1', '1', '1'], q2: ['1', '2', '3'], q3: ['1', '1', '2'] }).map(
      ([question_id, answers]) => ({
        question_id,
        question: '?',
        samples: answers.map((answer) => ({
          sql: `SELECT ${answer}`,
          asset: 'TABLE',
          result_hash: answer,
        })),
      }),
    ),
  ),
);
