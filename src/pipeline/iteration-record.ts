import { allThresholdsMet, type EvaluationResult, type EvaluationRow } from '../evaluation/index.ts';
import type { Patch } from '../patch-dsl/index.ts';
import { crossIterationRepeatability, syntheticFailures } from '../repeatability/index.ts';
import type { Decision, Iteration, Session } from '../session/index.ts';
import { catalogFingerprint } from './catalog-fingerprint.ts';
import { evaluationPath, saveEvaluation } from './evaluation-store.ts';
import { labelOf } from './evidence-label.ts';
import type { P0Result, SliceResult } from './phases.ts';
import { triageArbiter, type ArbiterTriage } from './phases/arbiter-triage.ts';
import { phaseOf, type Run, type Standing } from './run.ts';

/** Stores the rows of an evaluation; returns where. */
export async function saveRows(
  run: Pick<Run, 'ctx' | 'recorder'>,
  evaluation: EvaluationResult,
): Promise<string> {
  const { outputDir, files } = run.ctx.options;
  const path = evaluationPath(outputDir, run.recorder.current().session_id, evaluation.iteration);
  await saveEvaluation(files, path, evaluation);
  return path;
}

/** What the arbiter said of a full evaluation. */
export const triageOf = (
  run: Pick<Run, 'ctx' | 'recorder'>,
  evaluation: EvaluationResult,
  lever: number | null = null,
): Promise<ArbiterTriage> =>
  phaseOf(
    run,
    'arbiterTriage',
    { rows: evaluation.rows },
    ({ rows }) => Promise.resolve(triageArbiter(rows)),
    lever,
  );

/** What a triage changes in the session: the latest evaluation that doubts enough keys is kept. */
export const withTriage = ({ actions, correction_needed: isNeeded }: ArbiterTriage): Partial<Session> =>
  isNeeded
    ? {
        benchmark_correction_needed: true,
        corrected_questions: actions.filter(({ verdict }) => verdict === 'genie_correct'),
      }
    : {};

/**
 * The session's entry for one full evaluation.
 *
 * From the second one on it holds how much of the SQL stayed the same, and the failures that instability gives the
 * next lever to work on; a state that was rolled back gives none.
 *
 * @param run - the last accepted evaluation in it is under the same answer keys as `facts.rows`
 */
export async function iterationRecord(
  run: Pick<Run, 'ctx' | 'accepted' | 'recorder'>,
  facts: {
    readonly lever: number;
    readonly candidate: Standing;
    /** The candidate's rows as they were judged; default as measured. */
    readonly rows?: readonly EvaluationRow[] | undefined;
    readonly patches: readonly Patch[];
    readonly decision: Decision | null;
    readonly gates: { readonly slice: SliceResult | null; readonly p0: P0Result | null } | null;
    readonly rowsRef: string;
    readonly triage: ArbiterTriage;
  },
): Promise<Iteration> {
  const { candidate, decision } = facts;
  const { evaluation } = candidate;
  const repeatability =
    decision === null
      ? null
      : await phaseOf(
          run,
          'crossRepeatability',
          {
            previous: run.accepted.evaluation.rows,
            current: facts.rows ?? evaluation.rows,
            predictedQuestionIds: predictedSince(run.recorder.current(), facts.patches),
            sameDay: dayOf(run.accepted.evaluation) === dayOf(evaluation),
          },
          ({ previous, current, ...options }) => crossIterationRepeatability(previous, current, options),
          facts.lever,
        );
  const outcome = decision?.decision === 'rejected' ? 'rolled_back' : (decision?.decision ?? 'accepted');
  return {
    iteration: evaluation.iteration,
    lever: facts.lever,
    eval_scope: 'full',
    timestamp: evaluation.finished_at,
    overall_accuracy: evaluation.overall_accuracy,
    adjusted_accuracy: evaluation.adjusted_accuracy,
    total_questions: evaluation.total_questions,
    evaluated_count: evaluation.evaluated_count,
    correct_count: evaluation.correct_count,
    excluded_count: evaluation.excluded_count,
    failures: [...evaluation.failures],
    scores: { ...evaluation.scores },
    thresholds_passed: allThresholdsMet(evaluation.scores, run.ctx.options.targets),
    config_hash: candidate.state.hash,
    catalog_fingerprint: catalogFingerprint(candidate.catalog),
    benchmark_fingerprint: evaluation.benchmark_fingerprint,
    rows_ref: facts.rowsRef,
    patch_set: [...facts.patches],
    slice_result: facts.gates?.slice ?? null,
    p0_result: facts.gates?.p0 ?? null,
    decision,
    apply_log: run.recorder.current().current_apply_log,
    accepted: outcome === 'accepted',
    outcome,
    cross_iteration_repeatability: repeatability?.avg_pct ?? null,
    ...(outcome !== 'rolled_back' &&
      repeatability?.details && {
        repeatability_failures: syntheticFailures({ details: repeatability.details }).map((failure) => ({
          ...failure,
        })),
      }),
    arbiter_actions: [...facts.triage.actions],
    label: labelOf(evaluation),
    next_action:
      decision === null
        ? 'Start with lever 1.'
        : outcome === 'rolled_back'
          ? 'Go on from the state before.'
          : 'Go on from this state.',
  };
}

/** Questions that the changes since the last accepted state were meant to affect. */
const predictedSince = ({ iterations }: Session, patches: readonly Patch[]): string[] => [
  ...new Set(
    [
      ...patches,
      ...iterations
        .filter(({ outcome }) => outcome === 'provisional')
        .flatMap(({ patch_set: set }) => set as unknown as readonly Patch[]),
    ].flatMap(({ predicted_affected_questions: ids }) => [...(ids ?? [])]),
  ),
];

/** Calendar day of an evaluation: results of relative periods compare within one only. */
const dayOf = ({ finished_at: at }: EvaluationResult): string => at.slice(0, 10);
