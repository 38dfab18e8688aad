import { writeSpace } from '../apply/index.ts';
import { isOptimizerError } from '../core/index.ts';
import type { EvaluationResult } from '../evaluation/index.ts';
import { proposeFor, type Lever, type Proposal } from '../levers/index.ts';
import { applyPlan } from '../patch-dsl/index.ts';
import { serializeSpace } from '../spaces/index.ts';
import type { ApplyLog, Attempt, Decision, LeverSkipReason, Session } from '../session/index.ts';
import { decideByThreshold } from './acceptance/threshold-rule.ts';
import { iterationRecord, saveRows } from './iteration-record.ts';
import type { P0Result, SliceResult } from './phases.ts';
import { judgeP0 } from './phases/p0-gate.ts';
import { judgeSlice } from './phases/slice-gate.ts';
import { restoreSpace } from './restore-space.ts';
import { ask, phaseOf, questionsOf, type Run, type Standing } from './run.ts';
import { patchFingerprint, selectPatches, type Selection } from './select-patches.ts';

/** What became of one attempt to improve the space through one lever. */
export interface LadderOutcome {
  readonly outcome: 'skipped' | 'rejected' | 'provisional' | 'accepted';
  /** Questions that turned wrong, when the attempt was rejected for them. */
  readonly losses: readonly string[];
  readonly selection: Selection | null;
}

/**
 * One lever, one patch set: propose, plan, apply, slice gate, P0 gate, full evaluation, decision.
 *
 * Whatever fails after the change was made is rolled back before this returns.
 *
 * @param exclude - proposals left out, because an earlier attempt showed them to do harm
 * @see spec/pipeline.md §6.6
 */
export async function runLadder(run: Run, lever: Lever, exclude: ReadonlySet<string> = new Set()): Promise<LadderOutcome> {
  const { ctx, recorder } = run;
  await recorder.update((session) => ({
    pending: { phase: 'propose', lever, sweep: session.sweep, started_at: ctx.clock.now().toISOString() },
    lever_audit: audit(session, lever, { attempted: true }),
  }));

  const trainRows = run.tip.evaluation.rows.filter((row) => row.split === 'train');
  const { proposals } = await phaseOf(
    run,
    'propose',
    { lever, rows: trainRows, state: run.tip.state, catalog: run.catalog },
    (input) => Promise.resolve({ proposals: defaultProposals(run, input.lever, input.rows) }),
    lever,
  );
  const usable = proposals.filter((proposal) => !exclude.has(proposal.proposal_id));
  await recorder.update((session) => ({
    lever_audit: audit(session, lever, { proposals_generated: proposals.length }),
  }));
  if (usable.length === 0) return skip(run, lever, 'propose', 'no_proposals_generated', 'No cluster of failures leads to this lever.');

  const selected = selectPatches(usable, { space: run.tip.state.space, catalog: run.catalog }, limitsOf(run));
  if (!selected.ok) {
    const reason = { nothing_left: 'no_proposals_generated', high_risk: 'all_patches_high_risk', invalid: 'invalid_patch_set' } as const;
    const detail = selected.refused[0]?.message ?? 'Every proposal was tried before or changes nothing.';
    return skip(run, lever, 'plan', reason[selected.reason], detail);
  }
  const { selection } = selected;
  ctx.emit({ type: 'proposals_ready', lever, proposals: proposals.length, patches: selection.plan.diff_lines });
  return tryPatchSet(run, lever, selection);
}

async function tryPatchSet(run: Run, lever: Lever, selection: Selection): Promise<LadderOutcome> {
  const { ctx, recorder } = run;
  const before = run.tip;
  let slice: SliceResult | null = null;
  let p0: P0Result | null = null;
  const giveUp = (stage: Attempt['stage'], reason: LeverSkipReason, detail: string) =>
    rejectBeforeEvaluation(run, lever, selection, { stage, reason, detail, slice, p0 });

  const applied = await apply(run, lever, selection);
  if (!applied.ok) return giveUp('apply', 'apply_failed', applied.message);
  const candidate = applied.state;
  await phaseOf(run, 'propagate', { waitMs: ctx.options.propagationMs }, async ({ waitMs }) => {
    if (waitMs > 0) await ctx.clock.sleep(waitMs, { signal: ctx.signal });
    return { waitedMs: waitMs };
  });

  const iteration = recorder.current().current_iteration + 1;
  const request = { iteration, state: candidate, catalog: run.catalog };
  const reference = run.accepted.evaluation.rows;
  const touched = {
    patchedObjects: selection.plan.touched,
    predictedQuestionIds: selection.proposals.flatMap((proposal) => [...proposal.question_ids]),
  };
  try {
    slice = await phaseOf(
      run,
      'sliceGate',
      { ...request, scope: 'slice', questions: questionsOf(run.suite, 'slice', touched), reference },
      async (input) => judgeSlice(input.questions.length === 0 ? null : await ask(ctx, input), input.reference, ctx.options.sliceTolerancePp),
      lever,
    );
    ctx.emit({ type: 'gate_finished', gate: 'slice', status: slice.status, detail: sliceDetail(slice) });
    if (slice.passed === false) return await giveUp('slice', 'slice_gate_failed', sliceDetail(slice));

    p0 = await phaseOf(
      run,
      'p0Gate',
      { ...request, scope: 'p0', questions: questionsOf(run.suite, 'p0'), reference },
      async (input) => judgeP0(input.questions.length === 0 ? null : await ask(ctx, input), input.reference, ctx.options.p0Mode),
      lever,
    );
    ctx.emit({ type: 'gate_finished', gate: 'p0', status: p0.status, detail: p0.failures.join(', ') });
    if (p0.passed === false) return await giveUp('p0', 'p0_gate_failed', `P0 questions wrong: ${p0.failures.join(', ')}`);

    const evaluation = await phaseOf(
      run,
      'fullEval',
      { ...request, scope: 'full', questions: questionsOf(run.suite, 'full') },
      (input) => ask(ctx, input),
      lever,
    );
    return await decide(run, lever, selection, { state: candidate, evaluation }, { slice, p0 });
  } catch (error) {
    if (ctx.signal?.aborted) throw error;
    // The space must never keep a change that nobody judged.
    if (recorder.current().current_apply_log !== null && run.tip === before) {
      return giveUp('full_eval', 'evaluation_failed', error instanceof Error ? error.message : String(error));
    }
    throw error;
  }
}

async function decide(
  run: Run,
  lever: Lever,
  selection: Selection,
  candidate: Standing,
  gates: { readonly slice: SliceResult; readonly p0: P0Result },
): Promise<LadderOutcome> {
  const { ctx, recorder } = run;
  const decision = await phaseOf(
    run,
    'regressionCheck',
    { accepted: run.accepted.evaluation, tip: run.tip.evaluation, candidate: candidate.evaluation },
    (input) => Promise.resolve(decideByThreshold(input, ctx.options)),
    lever,
  );
  const { iteration, overall_accuracy: accuracyPct } = candidate.evaluation;
  const rowsRef = await saveRows(run, candidate.evaluation);
  ctx.emit({ type: 'decision', lever, iteration, decision, accuracyPct });
  const record = await iterationRecord(run, { lever, candidate, patches: selection.patches, decision, gates, rowsRef });
  const log = recorder.current().current_apply_log;

  if (decision.decision === 'rejected') {
    await rollback(run, lever, decision.reason);
    await recorder.update((session) => ({
      ...endOfAttempt(session, lever, selection, decision),
      iterations: [...session.iterations, record],
      current_iteration: iteration,
      rejected_patches: [...session.rejected_patches, ...(decision.losses.length > 0 ? [] : selection.patches.map(patchFingerprint))],
      stall_counter: session.stall_counter + 1,
    }));
    return { outcome: 'rejected', losses: decision.losses, selection };
  }

  const accepted = decision.decision === 'accepted';
  run.tip = candidate;
  if (accepted) run.accepted = candidate;
  await recorder.update((session) => ({
    ...endOfAttempt(session, lever, selection, decision),
    iterations: [
      ...session.iterations.map((entry) => (accepted && entry.outcome === 'provisional' ? { ...entry, accepted: true, outcome: 'accepted' as const } : entry)),
      record,
    ],
    current_iteration: iteration,
    provisional_apply_logs: accepted ? [] : [...session.provisional_apply_logs, ...(log ? [log] : [])],
    ...(accepted
      ? {
          accepted_config: candidate.state.text,
          best_iteration: iteration,
          best_overall_accuracy: accuracyPct,
          remaining_failures: [...candidate.evaluation.failures],
          stall_counter: 0,
        }
      : {}),
  }));
  return { outcome: decision.decision, losses: [], selection };
}

/** Journals the change, makes it, reads it back. */
async function apply(
  run: Run,
  lever: Lever,
  selection: Selection,
): Promise<{ ok: true; state: Standing['state'] } | { ok: false; message: string }> {
  const { ctx, recorder, tip } = run;
  const { plan } = selection;
  const targetText = serializeSpace(applyPlan(tip.state.space, plan));
  const log: ApplyLog = {
    apply_id: `apply_${recorder.current().iterations_used + 1}_${plan.after_hash.slice(0, 8)}`,
    space_id: ctx.spaceId,
    state: 'intended',
    pre_config: tip.state.text,
    post_config: targetText,
    pre_hash: tip.state.hash,
    post_hash: plan.after_hash,
    applied: selection.patches.map((patch) => patch.id),
    noop: [...plan.noops],
    patched_objects: [...plan.touched],
    started_at: ctx.clock.now().toISOString(),
    ended_at: null,
  };
  await recorder.update((session) => ({
    pending: { phase: 'apply', lever, sweep: session.sweep, started_at: log.started_at },
    current_patch_set: [...selection.patches],
    patched_objects: [...plan.touched],
    current_apply_log: log,
  }));
  try {
    const state = await phaseOf(
      run,
      'apply',
      { lever, plan, from: tip.state, targetText },
      (input) => writeSpace(ctx.workspace.genie, ctx.spaceId, { text: input.targetText, expectedHash: input.from.hash }, { signal: ctx.signal }),
      lever,
    );
    await recorder.update(() => ({ current_apply_log: { ...log, state: 'verified', ended_at: ctx.clock.now().toISOString() } }));
    ctx.emit({ type: 'patch_set_applied', lever, patches: plan.diff_lines, configHash: state.hash });
    return { ok: true, state };
  } catch (error) {
    if (ctx.signal?.aborted || (isOptimizerError(error) && error.code === 'SPACE_EDITED_ELSEWHERE')) throw error;
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/** Undoes the change of the attempt under way. */
async function rollback(run: Run, lever: Lever, reason: string): Promise<void> {
  const log = run.recorder.current().current_apply_log;
  if (log !== null) await restoreSpace(run, { toText: log.pre_config, fromHash: log.post_hash, reason }, lever);
}

async function rejectBeforeEvaluation(
  run: Run,
  lever: Lever,
  selection: Selection,
  failure: { stage: Attempt['stage']; reason: LeverSkipReason; detail: string; slice: SliceResult | null; p0: P0Result | null },
): Promise<LadderOutcome> {
  await rollback(run, lever, failure.detail);
  const { clock } = run.ctx;
  await run.recorder.update((session) => ({
    ...endOfAttempt(session, lever, selection, null),
    lever_audit: audit(session, lever, { skip_reason: failure.reason }),
    attempts: [
      ...session.attempts,
      {
        lever,
        sweep: session.sweep,
        stage: failure.stage,
        skip_reason: failure.reason,
        detail: failure.detail,
        patch_set: [...selection.patches],
        slice_result: failure.slice,
        p0_result: failure.p0,
        at: clock.now().toISOString(),
      },
    ],
  }));
  run.ctx.emit({ type: 'lever_skipped', lever, reason: failure.reason, detail: failure.detail });
  return { outcome: 'rejected', losses: [...(failure.p0?.failures ?? [])], selection };
}

async function skip(run: Run, lever: Lever, stage: Attempt['stage'], reason: LeverSkipReason, detail: string): Promise<LadderOutcome> {
  await run.recorder.update((session) => ({ lever_audit: audit(session, lever, { skip_reason: reason }), pending: null }));
  run.ctx.emit({ type: 'lever_skipped', lever, reason, detail: `${stage}: ${detail}` });
  return { outcome: 'skipped', losses: [], selection: null };
}

/** What every finished attempt writes, in the same save as its outcome: a kill in between repeats it whole. */
function endOfAttempt(session: Session, lever: Lever, selection: Selection, decision: Decision | null): Partial<Session> {
  const kept = decision !== null && decision.decision !== 'rejected';
  const accuracyBefore = session.best_overall_accuracy;
  return {
    pending: null,
    current_patch_set: null,
    current_apply_log: null,
    patched_objects: [],
    iterations_used: session.iterations_used + 1,
    lever_audit: audit(session, lever, {
      proposals_applied: (session.lever_audit[String(lever)]?.proposals_applied ?? 0) + (kept ? selection.proposals.length : 0),
      skip_reason: kept ? null : decision?.losses.length === 0 && decision.regressions.length === 0 ? 'no_improvement' : 'regression_detected',
    }),
    lever_impacts: {
      ...session.lever_impacts,
      [String(lever)]: {
        before: accuracyBefore,
        after: accuracyBefore !== null && decision?.delta_pp !== null && decision !== null ? accuracyBefore + decision.delta_pp : null,
        delta: decision?.delta_pp ?? null,
        proposals: selection.proposals.map((proposal) => proposal.rationale),
        status: decision === null || decision.decision === 'rejected' ? 'rolled_back' : decision.decision,
      },
    },
  };
}

function audit(session: Session, lever: Lever, change: Partial<Session['lever_audit'][string]>): Session['lever_audit'] {
  const row = session.lever_audit[String(lever)] ?? { attempted: false, proposals_generated: 0, proposals_applied: 0, skip_reason: null };
  return { ...session.lever_audit, [String(lever)]: { ...row, ...change } };
}

function defaultProposals(run: Run, lever: Lever, rows: EvaluationResult['rows']): readonly Proposal[] {
  return proposeFor(lever, {
    rows,
    space: run.tip.state.space,
    catalog: run.catalog,
    protectedTexts: protectedTexts(run),
    allowTrainExamples: run.ctx.options.allowTrainExamples ?? false,
  });
}

/** Texts of every benchmark question and answer key: none may appear in a patch. */
const protectedTexts = (run: Run): string[] => run.suite.questions.flatMap((question) => [question.question, question.expected_sql]);

const limitsOf = (run: Run) => ({
  maxObjects: run.ctx.options.maxObjects,
  maxPatches: run.ctx.options.maxPatches,
  forbiddenTexts: protectedTexts(run),
  rejected: new Set(run.recorder.current().rejected_patches),
  forceApply: run.ctx.options.forceApply ?? false,
});

const sliceDetail = (slice: SliceResult): string =>
  slice.accuracy === null || slice.reference_accuracy === null
    ? `${slice.question_ids.length} questions`
    : `${slice.accuracy.toFixed(1)} % on ${slice.question_ids.length} questions, before ${slice.reference_accuracy.toFixed(1)} %`;
