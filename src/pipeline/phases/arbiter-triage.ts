import type { EvaluationRow } from '../../evaluation/index.ts';
import type { ArbiterAction } from '../../session/index.ts';

/** Answer keys that must look wrong in one evaluation before any is corrected. @see spec/pipeline.md §6.11 */
export const CORRECTION_TRIGGER = 3;

const VERDICTS = ['genie_correct', 'ground_truth_correct', 'both_correct', 'neither_correct'] as const;

/** What the arbiter said of an evaluation, and whether its answer keys need a look. */
export interface ArbiterTriage {
  readonly actions: readonly ArbiterAction[];
  /** Three answer keys or more look wrong. */
  readonly correction_needed: boolean;
}

/**
 * Collects what the arbiter said, one entry per disputed question.
 *
 * Rows it skipped (results matched, or the statement failed) are no dispute. Held-out questions are
 * no part of it: an answer key that is corrected because of them would leak them.
 */
export function triageArbiter(rows: readonly EvaluationRow[]): ArbiterTriage {
  const actions = rows.flatMap((row): ArbiterAction[] => {
    const stored = row.verdicts['arbiter'];
    const verdict = VERDICTS.find((name) => name === stored?.value);
    if (verdict === undefined || row.split === 'held_out') return [];
    return [
      {
        question_id: row.question_id,
        question: row.question,
        verdict,
        expected_sql: row.expected_sql,
        generated_sql: row.generated_sql,
        rationale: stored?.rationale ?? '',
      },
    ];
  });
  const doubted = actions.filter(({ verdict }) => verdict === 'genie_correct').length;
  return { actions, correction_needed: doubted >= CORRECTION_TRIGGER };
}
