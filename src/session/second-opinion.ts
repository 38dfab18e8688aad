import * as z from 'zod';

const outcome = z.enum(['pass', 'fail', 'undecided']);
const counts = z.looseObject({ pass: z.number().int(), fail: z.number().int(), undecided: z.number().int() });

/** How far another evaluator agreed on a state of the space. It decides nothing. @see decisions 8 */
export const secondOpinionSchema = z.looseObject({
  /** The state both looked at: 0 as found, else as accepted in that iteration. */
  iteration: z.number().int(),
  at: z.string(),
  /** The run's own evaluator, and the other one. */
  first: z.string(),
  second: z.string(),
  /** Accuracy of the second, percent 0–100; `null` when it decided nothing. */
  second_accuracy: z.number().nullable(),
  /** `confusion[a][b]`: questions on which the first said `a` and the second `b`. */
  confusion: z.looseObject({ pass: counts, fail: counts, undecided: counts }),
  both_decided: z.number().int(),
  agreement_pct: z.number().nullable(),
  /** Cohen's kappa, −1 to 1. */
  kappa: z.number().nullable(),
  disagreements: z.array(
    z.looseObject({
      question_id: z.string(),
      question: z.string(),
      first: outcome,
      second: outcome,
      first_reason: z.string(),
      second_reason: z.string(),
      same_sql: z.boolean(),
    }),
  ),
  unmatched: z.array(z.string()),
});
