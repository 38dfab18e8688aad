import * as z from 'zod';
import { correctionsSchema } from './corrections-section.ts';
import { instabilitySchema } from './instability-section.ts';
import { notesSchema } from './notes-section.ts';
import { secondOpinionReportSchema } from './second-opinion-section.ts';
import { excludedSchema, suiteQualitySchema } from './suite-section.ts';

/** Version of the report's JSON form. */
export const REPORT_VERSION = 1;

const text = z.string();
/** Percent 0–100 or points; `null`: not measured, shown as `n/a` and never as zero. */
const figure = z.number().nullable();
const ids = z.array(z.string());

/**
 * The report of a run as data; the Markdown is rendered from this and from nothing else.
 *
 * @see spec/logged-model-lifecycle.md §10
 */
export const reportSchema = z.strictObject({
  report_version: z.literal(REPORT_VERSION),
  header: z.strictObject({
    date: text,
    space_id: text,
    host: text,
    domain: text,
    session_id: text,
    experiment: text.nullable(),
    iterations_used: z.number(),
    max_iterations: z.number(),
    status: text,
    reason: text.nullable(),
    evaluator: text,
    started_at: text,
    finished_at: text.nullable(),
    /** Both under the answer keys in force at the end: a corrected key is no progress. */
    accuracy: z.strictObject({ initial: figure, final: figure, change: figure }),
    questions: z.strictObject({ asked: z.number(), excluded: z.number() }),
  }),
  summary: z.array(
    z.strictObject({
      dimension: text,
      initial: figure,
      final: figure,
      target: z.number(),
      change: figure,
    }),
  ),
  iterations: z.array(
    z.strictObject({
      iteration: z.number(),
      lever: z.number(),
      /** As measured then. */
      accuracy: figure,
      /** Under the answer keys in force at the end. */
      accuracy_now: figure,
      correct: z.number(),
      evaluated: z.number(),
      failures: z.number(),
      clusters: z.number().nullable(),
      proposals_applied: z.number(),
      regressions: ids,
      same_sql_pct: figure,
      outcome: text,
      reason: text.nullable(),
    }),
  ),
  attempts: z.array(z.strictObject({ lever: z.number(), stage: text, result: text, detail: text })),
  clusters: z.array(
    z.strictObject({
      cluster_id: text,
      root_cause: text,
      blame: text.nullable(),
      questions: ids,
      judges: ids,
      levers: z.array(z.number()),
      /** Questions of the cluster that are right in the end. */
      solved: z.number(),
    }),
  ),
  proposals: z.array(
    z.strictObject({
      proposal_id: text,
      iteration: z.number(),
      cluster: text.nullable(),
      change: text,
      predicted: ids,
      fixed: ids,
      regressions: ids,
      outcome: text,
    }),
  ),
  arbiter: z.strictObject({
    invocations: z.number(),
    auto_corrections: z.number(),
    disambiguations: z.number(),
    rows: z.array(
      z.strictObject({
        question_id: text,
        verdict: text,
        old_key: text,
        new_key: text.nullable(),
        reason: text,
      }),
    ),
  }),
  questions: z.array(
    z.strictObject({
      question_id: text,
      question: text,
      expected_asset: text,
      actual_asset: text,
      verdicts: z.record(z.string(), text),
      status: z.enum(['PASS', 'FAIL', 'EXCLUDED']),
    }),
  ),
  levers: z.array(
    z.strictObject({
      lever: z.number(),
      name: text,
      before: figure,
      after: figure,
      delta: figure,
      proposals: z.number(),
      kept: z.number(),
      status: text,
    }),
  ),
  changes: z.array(
    z.strictObject({ lever: z.number().nullable(), change: text, questions: ids, where: text }),
  ),
  mlflow: z
    .strictObject({
      experiment: text,
      experiment_id: text,
      evaluation_runs: z.number(),
      best_run_id: text.nullable(),
      best_iteration: z.number().nullable(),
      promoted_model_id: text.nullable(),
      models: z.record(z.string(), text),
    })
    .nullable(),
  gepa: z.unknown().nullable(),
  persistence: z.array(z.strictObject({ check: text, result: text.nullable() })),
  files: ids,
  remaining: z.array(
    z.strictObject({
      question_id: text,
      question: text,
      issue: text,
      root_cause: text.nullable(),
      fix: text.nullable(),
      priority: z.enum(['High', 'Medium', 'Low']),
    }),
  ),
  learnings: z.array(text),
  next_steps: z.array(text),
  additions: z.strictObject({
    decisions: z.array(
      z.strictObject({
        iteration: z.number(),
        rule: text,
        decision: text,
        wins: ids,
        losses: ids,
        estimated_delta_pp: figure,
        p_value: figure,
        asks_used: z.number().nullable(),
        reason: text,
      }),
    ),
    evidence: z.array(
      z.strictObject({
        iteration: z.number(),
        scope: text,
        split: text,
        evaluator: text,
        comparator_version: text,
        answer_key_version: text,
        questions: z.number(),
        asks: z.number(),
        config_hash: text,
      }),
    ),
    pareto: z.array(
      z.strictObject({
        iteration: z.number(),
        correctness: z.number(),
        repeatability: figure,
        regressions: z.number(),
        patch_cost: z.number(),
        accepted: z.boolean(),
        on_frontier: z.boolean(),
      }),
    ),
    repeatability: instabilitySchema,
    corrections: correctionsSchema,
    suite_quality: suiteQualitySchema,
    excluded_questions: excludedSchema,
    notes: notesSchema,
    held_out: z
      .strictObject({
        questions: z.number(),
        before: figure,
        after: figure,
        gap_pp: figure,
        note: text.nullable(),
      })
      .nullable(),
    escalation: z.strictObject({ code: text, detail: text, at: text }).nullable(),
    second_opinions: z.array(secondOpinionReportSchema),
    stale_benchmarks: z.array(z.strictObject({ question_id: text, question: text })),
    queued_patches: z.array(
      z.strictObject({
        patch_id: text,
        lever: z.number().nullable(),
        change: text,
        questions: ids,
        why: text,
      }),
    ),
    judge_health: z.array(
      z.strictObject({ judge: text, scored: z.number(), failed: z.number(), excluded: z.number() }),
    ),
    known_limits: z.array(z.strictObject({ id: text, questions: ids, recommendation: text })),
    uc_changes: z.array(
      z.strictObject({
        iteration: z.number(),
        columns: z.number(),
        tags: z.number(),
        routines: z.number(),
        objects: z.number(),
      }),
    ),
    warnings: z.array(text),
  }),
});
export type Report = z.infer<typeof reportSchema>;
