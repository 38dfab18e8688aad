import * as z from 'zod';

const armSchema = z.looseObject({ n: z.number().int().min(0), correct: z.number().int().min(0) });
const count = z.number().int().min(0);

const judgeChangeSchema = z.looseObject({
  metric: z.string(),
  previous: z.number(),
  current: z.number(),
  delta: z.number(),
});

/** Everything an acceptance rule looks at, with its wire names. @see spec/acceptance.md §4 */
export const decisionFactsSchema = z.looseObject({
  /** Both evaluations asked the same questions with the same answer keys. */
  comparable: z.boolean(),
  /**
   * How the incumbent was asked: `interleaved` with the candidate; in `blocks` before and after it;
   * `pooled` from recorded asks only; `none`: no fresh asks.
   */
  design: z.enum(['interleaved', 'blocks', 'pooled', 'none']),
  questions_compared: count,
  /** Questions that turned right, and wrong, between the two evaluations. */
  wins: z.array(z.string()),
  losses: z.array(z.string()),
  lost_p0: z.array(z.string()),
  /** Difference of the two evaluations on the questions compared, percentage points. */
  delta_pp: z.number().nullable(),
  /** The same with fresh asks in place of the answers that chose the questions. */
  estimated_delta_pp: z.number().nullable(),
  /** 95 % over questions: would it hold for other questions of the same kind? */
  interval_pp: z.tuple([z.number(), z.number()]).nullable(),
  judge_changes: z.array(judgeChangeSchema),
  /** Judges that scored the incumbent and are silent on the candidate. */
  missing_judges: z.array(z.string()),
  /** Verdicts that turned from no to yes since the state the candidate was built on, minus the others. */
  verdicts_improved: z.number().int(),
  /** The questions that turned, with what fresh asks said of them. */
  discordant: z.array(
    z.looseObject({
      question_id: z.string(),
      is_p0: z.boolean(),
      turned: z.enum(['win', 'loss']),
      incumbent: armSchema,
      candidate: armSchema,
      pairs: z.looseObject({ won: count, lost: count, both: count, neither: count }),
    }),
  ),
});
export type DecisionFacts = z.infer<typeof decisionFactsSchema>;

/**
 * How an attempt was judged. Decisions of the built-in rules also hold their facts and the rule's
 * numbers, so that they can be judged again from the record alone.
 */
export const decisionSchema = z.looseObject({
  ...decisionFactsSchema.partial().shape,
  rule: z.string(),
  decision: z.enum(['accepted', 'provisional', 'rejected']),
  reason: z.string(),
  wins: z.array(z.string()),
  losses: z.array(z.string()),
  delta_pp: z.number().nullable(),
  regressions: z.array(judgeChangeSchema),
  /** Fresh asks, both arms. */
  asks_used: count.optional(),
  p_value: z.number().nullable().optional(),
  e_value: z.number().nullable().optional(),
});
export type Decision = z.infer<typeof decisionSchema>;
