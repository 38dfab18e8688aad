import * as z from 'zod';
import { asiSchema } from '../asi/index.ts';

/** What the arbiter said of one disputed question. */
export const arbiterActionSchema = z.looseObject({
  question_id: z.string(),
  question: z.string(),
  verdict: z.enum(['genie_correct', 'ground_truth_correct', 'both_correct', 'neither_correct']),
  expected_sql: z.string(),
  generated_sql: z.string().nullable(),
  rationale: z.string(),
});
export type ArbiterAction = z.infer<typeof arbiterActionSchema>;

/** A failure made from instability, not from a wrong answer; it counts in no score. @see spec/repeatability.md §5 */
export const repeatabilityFailureSchema = z.looseObject({
  question_id: z.string(),
  judge: z.literal('repeatability'),
  synthetic: z.literal(true),
  rationale: z.string(),
  asi: asiSchema,
});
export type RepeatabilityFailure = z.infer<typeof repeatabilityFailureSchema>;
