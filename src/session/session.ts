import * as z from 'zod';
import { changeRecordSchema } from './change-record.ts';
import { arbiterActionSchema, repeatabilityFailureSchema } from './failure-records.ts';
import { patchPointSchema, scorePointSchema } from './history.ts';
import { attemptSchema, iterationSchema, patchInSessionSchema } from './iteration.ts';
import { leverAuditSchema, leverImpactSchema } from './lever-records.ts';
import { secondOpinionSchema } from './second-opinion.ts';
import { suiteQualitySchema } from './suite-quality.ts';
import { trackingRecordSchema } from './tracking.ts';

/** Version of the session file's layout: earlier ones are migrated, an unknown major version is refused. */
export const SESSION_SCHEMA_VERSION = '3';

/** How a run stands. @see spec/session-state.md §1 */
export const RUN_STATUSES = ['in_progress', 'converged', 'stalled', 'max_iterations', 'evaluated'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** Accuracy on questions that no phase has seen, for the space before and after the run. */
export const heldOutResultSchema = z.looseObject({
  before_accuracy: z.number().nullable(),
  after_accuracy: z.number().nullable(),
  total_questions: z.number().int(),
  gap_pp: z.number().nullable(),
  failures: z.array(z.string()),
  note: z.string().nullable(),
});

/** Copies of the space, found again by their titles when their ids were never recorded. */
export const clonesSchema = z.looseObject({
  titles: z.array(z.string()),
  incumbent_id: z.string().nullable(),
  candidate_id: z.string().nullable(),
});

export const promotionSchema = z.looseObject({
  state: z.enum(['intended', 'verified']),
  pre_hash: z.string(),
  post_hash: z.string(),
  at: z.string(),
});

/** A measured state of the space. @see spec/session-state.md §6.3 */
export const statePointSchema = z.looseObject({
  iteration: z.number().int(),
  lever: z.number().int(),
  correctness: z.number(),
  repeatability: z.number().nullable(),
  repeatability_source: z.string(),
  regressions: z.number().int(),
  patch_cost: z.number(),
  patch_cost_delta: z.number(),
  model_id: z.string().nullable(),
  /** `false`: rolled back. */
  accepted: z.boolean(),
});

/** One patch that was tried. */
export const trialSchema = z.looseObject({
  fingerprint: z.string(),
  question_ids: z.array(z.string()),
  failure_type: z.string(),
  lever: z.number().int(),
  /** `inconclusive`: taken back for a reason that was not its own; may be tried once more. */
  outcome: z.enum(['accepted', 'rejected', 'reverted', 'inconclusive']),
  /** Number of the attempt, from 1; absent in older sessions. */
  attempt: z.number().int().optional(),
});
export type Trial = z.infer<typeof trialSchema>;

/** A proposal of high risk that waits for approval. */
export const queuedProposalSchema = z.looseObject({
  lever: z.number().int(),
  rationale: z.string(),
  question_ids: z.array(z.string()),
  patches: z.array(patchInSessionSchema),
});

/** How far answers agree when the same questions are asked again. Percent 0–100. @see spec/pipeline.md §6.14 */
export const repeatabilityTestSchema = z.looseObject({
  average_repeatability_pct: z.number().nullable(),
  /** The same by rows in place of statements; absent in older sessions, like the counts that are optional here. */
  average_answer_repeatability_pct: z.number().nullable().optional(),
  total_questions: z.number().int(),
  identical: z.number().int(),
  minor_variance: z.number().int().optional(),
  unmeasured: z.number().int().optional(),
  no_sql: z.number().int().optional(),
  significant_variance: z.number().int(),
  critical_variance: z.number().int(),
  /** Questions that vary so much that they should be looked at. */
  failures: z.array(z.string()),
  routing_sensitive: z.array(z.string()),
  asks: z.number().int(),
});

/** An answer key that was corrected; `key_version` is the new one. */
export const correctionSchema = z.looseObject({
  question_id: z.string(),
  old_gt: z.string(),
  new_gt: z.string(),
  key_version: z.number().int(),
  arbiter_run_id: z.string().nullable(),
  timestamp: z.string(),
});

/** The write-ahead marker: what the run was about to do when it was last heard of. */
export const pendingSchema = z.looseObject({
  phase: z.string(),
  lever: z.number().int().nullable(),
  sweep: z.number().int(),
  started_at: z.string(),
});

export const workerReadSchema = z.looseObject({
  worker: z.string(),
  handler: z.string(),
  overridden: z.boolean(),
  ok: z.boolean(),
  at: z.string(),
  duration_ms: z.number(),
});

/**
 * The record of one run: everything needed to explain it, resume it, or undo it.
 *
 * Unknown keys are kept on rewrite. @see spec/session-state.md
 */
export const sessionSchema = z.looseObject({
  schema_version: z.string(),
  session_id: z.string(),
  space_id: z.string(),
  domain: z.string(),
  host: z.string(),
  started_at: z.string(),
  updated_at: z.string(),
  finished_at: z.string().nullable(),
  status: z.enum(RUN_STATUSES),
  convergence_reason: z.string().nullable(),
  escalation: z.looseObject({ code: z.string(), detail: z.string(), at: z.string() }).nullable(),
  /** How the deployment ended; absent when none was asked for. */
  deploy_result: z.looseObject({ status: z.string() }).optional(),
  /** What asking the deployed space again showed. */
  post_deploy_result: z.looseObject({ status: z.string() }).optional(),
  /** Repository files that hold accepted changes. */
  files_written: z.array(z.string()).optional(),
  max_iterations: z.number().int().min(0),
  /** Options that decide how the run goes on, by name, for a resume that does not give them again; `null`: older session. */
  run_options: z.record(z.string(), z.unknown()).nullable().default(null),
  current_iteration: z.number().int(),
  /** Levers that reached the space, accepted or not: the budget of `max_iterations`. */
  iterations_used: z.number().int(),
  sweep: z.number().int(),
  /** Whether the sweep under way has kept a change so far. */
  sweep_changed: z.boolean(),
  /** Attempts at `next_lever` that ended already. */
  lever_attempts: z.number().int(),
  /** Next lever of the sweep; `null` once the loop has ended. */
  next_lever: z.number().int().nullable(),
  iterations: z.array(iterationSchema),
  attempts: z.array(attemptSchema),
  best_iteration: z.number().int().nullable(),
  best_overall_accuracy: z.number().nullable(),
  remaining_failures: z.array(z.string()),
  lever_audit: z.record(z.string(), leverAuditSchema),
  lever_impacts: z.record(z.string(), leverImpactSchema),
  /** Canonical text of the space as found, and as last accepted. */
  initial_config: z.string().nullable(),
  accepted_config: z.string().nullable(),
  current_patch_set: z.array(patchInSessionSchema).nullable(),
  patched_objects: z.array(z.string()),
  current_apply_log: changeRecordSchema.nullable(),
  /** Verified applies since the last accepted state, oldest first; empty unless a change awaits its proof. */
  provisional_apply_logs: z.array(changeRecordSchema),
  /** Every patch that was tried, and what came of it; nothing in it is proposed again. */
  history: z.array(trialSchema),
  pending: pendingSchema.nullable(),
  stall_counter: z.number().int(),
  benchmark_fingerprint: z.string().nullable(),
  stale_benchmarks: z.array(z.looseObject({ question_id: z.string(), question: z.string() })),
  held_out_result: heldOutResultSchema.nullable(),
  /** One evaluation of this run doubted three answer keys or more; `corrected_questions` names them. */
  benchmark_correction_needed: z.boolean().default(false),
  corrected_questions: z.array(arbiterActionSchema).default([]),
  /** Where changes are tried: in the space itself, or in copies of it. */
  isolation: z.enum(['live', 'clone']).default('live'),
  /** Copies made for this run and not removed yet; written before they are made. */
  clones: clonesSchema.nullable().default(null),
  /** The one write to the space of a run that worked on copies; written before it is made. */
  promotion: promotionSchema.nullable().default(null),
  /** Every measured state, and those that no other beats; both follow from `iterations`. */
  pareto_points: z.array(statePointSchema).default([]),
  pareto_frontier: z.array(statePointSchema).default([]),
  /** Where the run is tracked in MLflow; `null` when it is not. */
  tracking: trackingRecordSchema.nullable().default(null),
  /** Failures that no more metadata will lift, with what helps. */
  platform_limitations: z
    .array(z.looseObject({ code: z.string(), question_ids: z.array(z.string()), recommendation: z.string() }))
    .default([]),
  /** Routing proposals that told only one of two competing assets apart; nothing of them was applied. */
  needs_bilateral: z
    .array(
      z.looseObject({ lever: z.number().int(), rationale: z.string(), question_ids: z.array(z.string()) }),
    )
    .default([]),
  /** Judges whose reasons lead to no change, for those who tune them. */
  judge_quality: z.array(z.looseObject({})).default([]),
  /** Instructions of least value that could make room; a person decides. */
  instruction_evictions: z.array(z.looseObject({})).default([]),
  /** High-risk proposals that nobody has approved; nothing of them was applied. */
  queued_high_risk: z.array(queuedProposalSchema).default([]),
  /** What a dry run would try first, by lever. */
  planned_steps: z
    .array(
      z.looseObject({
        lever: z.number().int(),
        patches: z.array(patchInSessionSchema),
        changes: z.array(z.string()),
      }),
    )
    .default([]),
  /** Levers that a strategy has used up in the sweep under way. */
  closed_levers: z.array(z.number().int()).default([]),
  /** Questions this run does not ask, and why. */
  excluded_questions: z
    .array(z.looseObject({ question_id: z.string(), reason_code: z.string(), detail: z.string() }))
    .default([]),
  /** The suite as this run asks it: exclusions, generated questions and corrected keys included. */
  suite_ref: z.string().nullable().default(null),
  /** What the questions are worth as a measuring instrument; `null`: not looked at yet. */
  suite_quality: suiteQualitySchema.nullable().default(null),
  /** Asking the accepted state again, at the end. */
  repeatability_test: repeatabilityTestSchema.nullable().default(null),
  /** Scores and patches of every full evaluation; both follow from `iterations`. */
  score_history: z.array(scorePointSchema).default([]),
  patch_history: z.array(patchPointSchema).default([]),
  /** What another evaluator said of the states as found and as accepted, oldest first. */
  second_opinions: z.array(secondOpinionSchema).default([]),
  /** Instability that asking again found at the end of this run, for a later one. */
  final_repeatability_failures: z.array(repeatabilityFailureSchema).default([]),
  /** The same from the run before this one, of the space as this run found it. */
  earlier_repeatability_failures: z.array(repeatabilityFailureSchema).default([]),
  benchmark_corrections: z.array(correctionSchema).default([]),
  /** Iteration whose evaluation led to the latest correction; `null`: none yet, or only after the loop. */
  benchmark_corrections_applied_at: z.number().int().nullable().default(null),
  /** Corrections that wait for a person. */
  proposed_corrections: z.array(z.looseObject({ question_id: z.string() })).default([]),
  rebaselined_at: z.string().nullable().default(null),
  worker_reads: z.array(workerReadSchema),
  warnings: z.array(z.string()),
  report_path: z.string().nullable(),
});
export type Session = z.infer<typeof sessionSchema>;
