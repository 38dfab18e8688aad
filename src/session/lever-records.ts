import * as z from 'zod';

/** Why a lever changed nothing. @see spec/pipeline.md §6.9 */
export const SKIP_REASONS = [
  'no_proposals_generated',
  'thresholds_met',
  'max_iterations',
  'stalled',
  'user_disabled',
  'no_row_data',
  'invalid_patch_set',
  'all_patches_high_risk',
  'declined',
  'apply_failed',
  'dual_persistence_incomplete',
  'model_missing',
  'slice_gate_failed',
  'p0_gate_failed',
  'evaluation_failed',
  'regression_detected',
  'no_improvement',
  'not_proven',
  'implausible_answer_keys',
  'instruction_budget_exceeded',
  'known_limitation',
  'needs_bilateral',
] as const;
export type LeverSkipReason = (typeof SKIP_REASONS)[number];

export const leverAuditSchema = z.looseObject({
  attempted: z.boolean(),
  proposals_generated: z.number().int(),
  proposals_applied: z.number().int(),
  skip_reason: z.enum(SKIP_REASONS).nullable(),
});
export type LeverAudit = z.infer<typeof leverAuditSchema>;

export const leverImpactSchema = z.looseObject({
  before: z.number().nullable(),
  after: z.number().nullable(),
  delta: z.number().nullable(),
  proposals: z.array(z.string()),
  status: z.enum(['accepted', 'provisional', 'rolled_back']),
});
