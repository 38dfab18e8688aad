import * as z from 'zod';
import { changeRecordSchema } from './change-record.ts';
import { decisionSchema } from './decision.ts';
import { evidenceLabelSchema } from './evidence-label.ts';
import { arbiterActionSchema, repeatabilityFailureSchema } from './failure-records.ts';
import { p0ResultSchema, sliceResultSchema } from './gate-results.ts';
import { SKIP_REASONS } from './lever-records.ts';

const scores = z.record(z.string(), z.number());
/** A patch as a session keeps it; its payload stays as it is. */
export const patchInSessionSchema = z.looseObject({ id: z.string(), type: z.string() });

/** One full evaluation of a candidate state; 0 is the baseline. */
export const iterationSchema = z.looseObject({
  iteration: z.number().int(),
  lever: z.number().int().min(0).max(6),
  eval_scope: z.literal('full'),
  timestamp: z.string(),
  overall_accuracy: z.number().nullable(),
  adjusted_accuracy: z.number().nullable(),
  total_questions: z.number().int(),
  evaluated_count: z.number().int(),
  correct_count: z.number().int(),
  excluded_count: z.number().int(),
  failures: z.array(z.string()),
  scores,
  thresholds_passed: z.boolean(),
  config_hash: z.string(),
  /** What Unity Catalog said of the objects of the space then; absent in older sessions. */
  catalog_fingerprint: z.string().optional(),
  benchmark_fingerprint: z.string(),
  rows_ref: z.string().nullable(),
  patch_set: z.array(patchInSessionSchema),
  slice_result: sliceResultSchema.nullable(),
  p0_result: p0ResultSchema.nullable(),
  decision: decisionSchema.nullable(),
  accepted: z.boolean(),
  outcome: z.enum(['accepted', 'provisional', 'rolled_back']),
  cross_iteration_repeatability: z.number().nullable(),
  /** Share of equal statements when the state was asked again at the end; absent where that was not done. */
  requery_repeatability: z.number().nullable().optional(),
  /** Questions whose statement changed although it was right; absent when there are none. Input of the next lever. */
  repeatability_failures: z.array(repeatabilityFailureSchema).optional(),
  /** What was done to the space, to undo it or read its text; absent for the baseline and in older sessions. */
  apply_log: changeRecordSchema.nullable().optional(),
  /** Accuracy under corrected answer keys, from the stored answers; absent when no key changed. */
  rescored_accuracy: z.number().nullable().optional(),
  /** Pass rates of the judges under those keys. */
  rescored_scores: scores.optional(),
  /** The rows under those keys; `rows_ref` stays as measured. */
  rescored_ref: z.string().optional(),
  arbiter_actions: z.array(arbiterActionSchema).default([]),
  /** Conditions of the measurement; absent in older sessions. */
  label: evidenceLabelSchema.optional(),
  next_action: z.string(),
});
export type Iteration = z.infer<typeof iterationSchema>;

/** A lever attempt that ended before a full evaluation. */
export const attemptSchema = z.looseObject({
  lever: z.number().int(),
  sweep: z.number().int(),
  stage: z.enum(['propose', 'plan', 'apply', 'persistence', 'snapshot', 'slice', 'p0', 'full_eval']),
  skip_reason: z.enum(SKIP_REASONS),
  detail: z.string(),
  patch_set: z.array(patchInSessionSchema),
  slice_result: sliceResultSchema.nullable(),
  p0_result: p0ResultSchema.nullable(),
  at: z.string(),
});
export type Attempt = z.infer<typeof attemptSchema>;
