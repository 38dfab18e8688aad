import * as z from 'zod';

const ids = z.array(z.string());

/** What the questions of a run are worth as a measuring instrument. @see spec/benchmarks.md §12 */
export const suiteQualitySchema = z.looseObject({
  questions: z.number().int(),
  quarantined: z.number().int(),
  /** Groups of questions that ask the same; they count as one observation. */
  families: z.number().int(),
  /** Smallest true gain that a comparison can show, percentage points; `null`: none. */
  smallest_gain_pp: z.number().nullable(),
  /** Fewest wins without a loss that are believed; `null`: the suite is too small for any. */
  fewest_wins: z.number().int().nullable(),
  findings: z.array(
    z.looseObject({ kind: z.string(), question_ids: ids, reason: z.string(), advice: z.string() }),
  ),
  coverage: z.looseObject({
    domain_size: z.string(),
    required_questions: z.number().int(),
    missing_categories: ids,
    uncovered_assets: ids,
    p0: z.number().int(),
    held_out: z.number().int(),
    warnings: ids,
  }),
});
export type SuiteQuality = z.infer<typeof suiteQualitySchema>;
