import * as z from 'zod';
import { patchSchema } from '../patch-dsl/index.ts';
import {
  arbiterActionSchema,
  changeRecordSchema,
  correctionSchema,
  decisionSchema,
  leverImpactSchema,
  p0ResultSchema,
  persistenceSchema,
  SKIP_REASONS,
  sliceResultSchema,
} from '../session/index.ts';
import type { PhaseId } from './phase-ids.ts';

const spaceState = z.looseObject({
  text: z.string().min(2),
  hash: z.string().min(1),
  space: z.looseObject({}),
});

const fileEdit = z.looseObject({
  path: z.string().min(1),
  before: z.string().nullable(),
  after: z.string().nullable(),
});

const evaluation = z.looseObject({
  scope: z.string(),
  iteration: z.number().int(),
  overall_accuracy: z.number().min(0).max(100).nullable(),
  scores: z.record(z.string(), z.number().min(0).max(100)),
  rows: z.array(
    z.looseObject({
      question_id: z.string(),
      correct: z.boolean().nullable(),
      verdicts: z.record(z.string(), z.unknown()),
    }),
  ),
});

const proposal = z.looseObject({
  proposal_id: z.string(),
  lever: z.number().int().min(1).max(6),
  confidence: z.number().min(0).max(1),
  net_impact: z.number(),
  question_ids: z.array(z.string()),
  patches: z.array(patchSchema).min(1),
});

const correctedKeys = z.looseObject({
  questions: z.array(z.looseObject({ id: z.string(), expected_sql: z.string() })),
  records: z.array(correctionSchema),
  proposed: z.array(z.looseObject({ question_id: z.string() })),
  remediation: z.array(z.looseObject({ id: z.string() })),
  refreshAdvised: z.boolean(),
});

const askInput = z.looseObject({
  scope: z.string(),
  iteration: z.number().int().min(0),
  questions: z.array(z.looseObject({ id: z.string(), question: z.string() })),
  state: spaceState,
});
const gateInput = z.looseObject({ ...askInput.shape, reference: z.array(z.looseObject({})) });

// Decisions come from rows of single questions, never from totals.
const proposeInput = z.looseObject({
  lever: z.number().int().min(1).max(6),
  rows: z
    .array(z.looseObject({ question_id: z.string(), verdicts: z.record(z.string(), z.unknown()) }))
    .min(1),
  unstable: z.array(z.looseObject({ question_id: z.string(), judge: z.literal('repeatability') })),
  state: spaceState,
});
const proposeOutput = z.looseObject({ proposals: z.array(proposal) });

/** The schema each phase's input must pass, as given by the pipeline and as changed by an override. */
export const PHASE_INPUT_SCHEMAS: { readonly [P in PhaseId]: z.ZodType } = {
  init: z.looseObject({
    spaceId: z.string(),
    domain: z.string(),
    resumed: z.boolean(),
    experiment: z.string().nullable(),
  }),
  preconditions: z.looseObject({ suite: z.looseObject({ questions: z.array(z.looseObject({})) }) }),
  spaceState: z.looseObject({ spaceId: z.string() }),
  temporalFreshness: z.looseObject({ questions: z.array(z.looseObject({})) }),
  benchmarks: z.looseObject({ suite: z.looseObject({ questions: z.array(z.looseObject({})) }) }),
  baseline: askInput,
  propose: proposeInput,
  gepa: proposeInput,
  apply: z.looseObject({
    lever: z.number().int().min(1).max(6),
    plan: z.looseObject({ patches: z.array(z.unknown()), after_hash: z.string() }),
    from: spaceState,
    targetText: z.string().min(2),
    files: z.array(fileEdit),
  }),
  verifyPersistence: z.looseObject({
    record: changeRecordSchema,
    effects: z.array(z.looseObject({ patch_id: z.string(), path: z.string().nullable() })),
  }),
  snapshot: z.looseObject({
    stateHash: z.string(),
    readFrom: z.string(),
    iteration: z.number().int().min(0),
    lever: z.number().int().min(0).max(6),
    patches: z.array(z.unknown()),
  }),
  propagate: z.looseObject({ waitMs: z.number().min(0) }),
  sliceGate: gateInput,
  p0Gate: gateInput,
  fullEval: askInput,
  arbiterTriage: z.looseObject({ rows: z.array(z.looseObject({})) }),
  gtRemediation: z.looseObject({
    history: z.array(z.looseObject({})).min(1),
    questions: z.array(z.looseObject({ id: z.string() })),
    only: z.array(z.string()),
  }),
  crossRepeatability: z.looseObject({
    previous: z.array(z.looseObject({})),
    current: z.array(z.looseObject({})),
    predictedQuestionIds: z.array(z.string()),
    sameDay: z.boolean(),
  }),
  regressionCheck: z.looseObject({ accepted: evaluation, tip: evaluation, candidate: evaluation }),
  leverImpact: z.looseObject({
    lever: z.number().int().min(1).max(6),
    before: z.number().nullable(),
    after: z.number().nullable(),
  }),
  leverExhaustion: z.looseObject({
    audit: z.record(z.string(), z.looseObject({ attempted: z.boolean() })),
    reason: z.enum(SKIP_REASONS),
  }),
  rollback: z.looseObject({ record: changeRecordSchema, reason: z.string() }),
  promote: z.looseObject({ toText: z.string().min(2), fromHash: z.string() }),
  deploy: z.looseObject({ target: z.string().min(1), job: z.string().nullable() }),
  postDeploy: z.looseObject({ iteration: z.number().int(), inLoopPct: z.number(), state: spaceState }),
  finalRepeatability: z.looseObject({ rows: z.array(z.looseObject({})), state: spaceState }),
  corrections: z.looseObject({
    history: z.array(z.looseObject({})),
    questions: z.array(z.looseObject({ id: z.string() })),
  }),
  heldOut: z.looseObject({ questions: z.array(z.looseObject({})), initialText: z.string().min(2) }),
  report: z.looseObject({ session: z.looseObject({ session_id: z.string() }) }),
};

/** The schema each phase's output must pass, default or override alike. */
export const PHASE_OUTPUT_SCHEMAS: { readonly [P in PhaseId]: z.ZodType } = {
  init: z.looseObject({ experiment: z.string().min(1).nullable() }),
  preconditions: z.looseObject({ warnings: z.array(z.string()) }),
  spaceState,
  temporalFreshness: z.looseObject({
    stale: z.array(z.looseObject({ question_id: z.string(), question: z.string() })),
  }),
  benchmarks: z.looseObject({
    suite: z.looseObject({
      domain: z.string(),
      questions: z.array(
        z.looseObject({
          id: z.string(),
          question: z.string(),
          expected_sql: z.string(),
          split: z.enum(['train', 'val', 'held_out']),
        }),
      ),
    }),
    excluded: z.array(
      z.looseObject({ question_id: z.string(), reason_code: z.string(), detail: z.string() }),
    ),
  }),
  baseline: evaluation,
  propose: proposeOutput,
  gepa: proposeOutput,
  apply: spaceState,
  verifyPersistence: z.looseObject({
    verifications: z.array(persistenceSchema),
    missing: z.array(z.string()),
  }),
  snapshot: z.looseObject({ modelId: z.string().nullable() }),
  propagate: z.looseObject({ waitedMs: z.number().min(0) }),
  sliceGate: sliceResultSchema,
  p0Gate: p0ResultSchema,
  fullEval: evaluation,
  arbiterTriage: z.looseObject({ actions: z.array(arbiterActionSchema), correction_needed: z.boolean() }),
  gtRemediation: correctedKeys,
  crossRepeatability: z.looseObject({
    avg_pct: z.number().min(0).max(100).nullable(),
    details: z
      .array(z.looseObject({ question_id: z.string(), kind: z.string(), dominant_asset: z.string() }))
      .optional(),
  }),
  regressionCheck: decisionSchema,
  leverImpact: leverImpactSchema,
  leverExhaustion: z.looseObject({
    skipped: z.array(z.looseObject({ lever: z.number().int().min(1).max(5), reason: z.enum(SKIP_REASONS) })),
  }),
  rollback: spaceState,
  promote: spaceState,
  deploy: z.looseObject({
    status: z.enum(['SUCCESS', 'VALIDATED', 'VALIDATE_FAILED', 'DEPLOY_FAILED', 'JOB_FAILED', 'ESCALATED']),
    escalation: z.looseObject({ code: z.string() }).nullable(),
  }),
  postDeploy: z.looseObject({
    status: z.enum(['ok', 'inconclusive', 'discrepancy']),
    rounds: z.array(z.looseObject({})),
    escalation: z.looseObject({ code: z.string() }).nullable(),
  }),
  finalRepeatability: z.looseObject({
    average_repeatability_pct: z.number().min(0).max(100).nullable(),
    results: z.array(z.looseObject({ question_id: z.string() })),
  }),
  corrections: correctedKeys,
  heldOut: z.looseObject({ before: evaluation.nullable(), after: evaluation, note: z.string().nullable() }),
  report: z.looseObject({ markdown: z.string().min(1) }),
};
