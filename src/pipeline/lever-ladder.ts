import { questionsInScope } from '../benchmarks/index.ts';
import type { Lever } from '../levers/index.ts';
import type { Attempt, LeverSkipReason } from '../session/index.ts';
import { decideCandidate, skipReasonOf } from './decide-candidate.ts';
import { applyChange, rollbackChange } from './apply-change.ts';
import { syncIncumbent } from './isolation.ts';
import { iterationRecord, saveRows, triageOf, withTriage } from './iteration-record.ts';
import { endOfAttempt, withAudit } from './ladder-records.ts';
import type { P0Result, SliceResult } from './phases.ts';
import { judgeP0 } from './phases/p0-gate.ts';
import { judgeSlice } from './phases/slice-gate.ts';
import { nextPosition, type LadderOutcome } from './position.ts';
import { defaultProposals, forbiddenTexts } from './propose.ts';
import { ask, phaseOf, type Run, type Standing } from './run.ts';
import { linesOf, selectPatches, type Selection } from './select-patches.ts';
import { suspectsOf, trialsOf } from './suspects.ts';

interface Gates {
  slice: SliceResult | null;
  p0: P0Result | null;
}

/**
 * One lever, one patch set: propose, plan, apply, slice gate, P0 gate, full evaluation, decision.
 *
 * Whatever fails after the change was made is rolled back before this returns.
 *
 * @see spec/pipeline.md §6.6
 */
export async function runLadder(run: Run, lever: Lever): Promise<LadderOutcome> {
  const { ctx, recorder, tip } = run;
  const { catalog } = tip;
  await recorder.update((session) => ({
    pending: { phase: 'propose', lever, sweep: session.sweep, started_at: ctx.clock.now().toISOString() },
    lever_audit: withAudit(session, lever, { attempted: true }),
  }));
  const rows = tip.evaluation.rows.filter((row) => row.split === 'train');
  if (rows.length === 0) {
    return skip(run, lever, 'no_row_data', 'The last evaluation holds no row of a train question.');
  }
  const { proposals } = await phaseOf(
    run,
    'propose',
    { lever, rows, state: tip.state, catalog },
    (input) => Promise.resolve({ proposals: defaultProposals(run, input) }),
    lever,
  );
  await recorder.update((session) => ({
    lever_audit: withAudit(session, lever, {
      proposals_generated: (session.lever_audit[String(lever)]?.proposals_generated ?? 0) + proposals.length,
    }),
  }));
  if (proposals.length === 0) {
    return skip(run, lever, 'no_proposals_generated', 'No failure calls for this lever.');
  }
  const { maxObjects, maxPatches, forceApply } = ctx.options;
  const selected = selectPatches(
    proposals,
    { space: tip.state.space, catalog },
    {
      maxObjects,
      maxPatches,
      forbiddenTexts: forbiddenTexts(run),
      forceApply: forceApply ?? false,
    },
  );
  if (!selected.ok) {
    const reasons = {
      nothing_left: 'no_proposals_generated',
      high_risk: 'all_patches_high_risk',
      invalid: 'invalid_patch_set',
    } as const;
    return skip(
      run,
      lever,
      reasons[selected.reason],
      selected.refused[0]?.message ?? 'No proposal changes anything.',
    );
  }
  const { selection } = selected;
  ctx.emit({
    type: 'proposals_ready',
    lever,
    proposals: proposals.length,
    patches: linesOf(selection.plan),
  });
  return tryChange(run, lever, selection);
}

async function tryChange(run: Run, lever: Lever, selection: Selection): Promise<LadderOutcome> {
  const { ctx, recorder } = run;
  const gates: Gates = { slice: null, p0: null };
  const applied = await applyChange(run, lever, selection);
  if (!applied.ok)
    return giveUp(run, lever, selection, {
      stage: 'apply',
      reason: 'apply_failed',
      detail: applied.message,
      gates,
    });
  await phaseOf(run, 'propagate', { waitMs: ctx.options.propagationMs }, async ({ waitMs }) => {
    if (waitMs > 0) await ctx.clock.sleep(waitMs, { signal: ctx.signal });
    return { waitedMs: waitMs };
  });
  try {
    const failure = await runGates(run, lever, selection, applied, gates);
    if (failure) return await giveUp(run, lever, selection, { ...failure, gates });
    const evaluation = await phaseOf(
      run,
      'fullEval',
      { ...requestFor(run, applied), scope: 'full', questions: questionsInScope(run.suite, 'full') },
      (input) => ask(ctx, input, run.place.candidateId),
      lever,
    );
    return await decide(
      run,
      lever,
      selection,
      { state: applied.state, catalog: applied.catalog, evaluation },
      gates,
    );
  } catch (error) {
    // The space must never keep a change that nobody judged; a cancelled run is cleaned up by its caller.
    if (ctx.signal?.aborted || recorder.current().current_apply_log === null) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    return giveUp(run, lever, selection, { stage: 'full_eval', reason: 'evaluation_failed', detail, gates });
  }
}

const requestFor = (run: Run, { state, catalog }: Pick<Standing, 'state' | 'catalog'>) => ({
  iteration: run.recorder.current().current_iteration + 1,
  state,
  catalog,
  reference: run.accepted.evaluation.rows,
});

interface Failure {
  readonly stage: Attempt['stage'];
  readonly reason: LeverSkipReason;
  readonly detail: string;
}

/** Slice gate, then P0 gate; fills in `gates` and returns the failure, if any. */
async function runGates(
  run: Run,
  lever: Lever,
  selection: Selection,
  candidate: Pick<Standing, 'state' | 'catalog'>,
  gates: Gates,
): Promise<Failure | null> {
  const { ctx, suite } = run;
  const request = requestFor(run, candidate);
  const touched = {
    patchedObjects: selection.plan.touched,
    predictedQuestionIds: selection.proposals.flatMap((proposal) => [...proposal.question_ids]),
  };
  const slice = await phaseOf(
    run,
    'sliceGate',
    { ...request, scope: 'slice', questions: questionsInScope(suite, 'slice', touched) },
    async (input) =>
      judgeSlice(
        input.questions.length === 0 ? null : await ask(ctx, input, run.place.candidateId),
        input.reference,
        ctx.options.sliceTolerancePp,
      ),
    lever,
  );
  gates.slice = slice;
  ctx.emit({ type: 'gate_finished', gate: 'slice', status: slice.status, detail: sliceDetail(slice) });
  if (slice.passed === false)
    return { stage: 'slice', reason: 'slice_gate_failed', detail: sliceDetail(slice) };

  const p0 = await phaseOf(
    run,
    'p0Gate',
    { ...request, scope: 'p0', questions: questionsInScope(suite, 'p0') },
    async (input) =>
      judgeP0(
        input.questions.length === 0 ? null : await ask(ctx, input, run.place.candidateId),
        input.reference,
        ctx.options.p0Mode,
      ),
    lever,
  );
  gates.p0 = p0;
  ctx.emit({ type: 'gate_finished', gate: 'p0', status: p0.status, detail: p0.failures.join(', ') });
  if (p0.passed !== false) return null;
  return {
    stage: 'p0',
    reason: 'p0_gate_failed',
    detail: `P0 questions that are wrong now: ${p0.failures.join(', ')}`,
  };
}

async function decide(
  run: Run,
  lever: Lever,
  selection: Selection,
  candidate: Standing,
  gates: Gates,
): Promise<LadderOutcome> {
  const { ctx, recorder } = run;
  const triage = await triageOf(run, candidate.evaluation, lever);
  const decision = await phaseOf(
    run,
    'regressionCheck',
    { accepted: run.accepted.evaluation, tip: run.tip.evaluation, candidate: candidate.evaluation },
    (input) => decideCandidate(run, candidate, input, lever),
    lever,
  );
  const { iteration, overall_accuracy: accuracyPct } = candidate.evaluation;
  const rowsRef = await saveRows(run, candidate.evaluation);
  ctx.emit({ type: 'decision', lever, iteration, decision, accuracyPct });
  const record = await iterationRecord(run, {
    triage,
    lever,
    candidate,
    patches: selection.patches,
    decision,
    gates,
    rowsRef,
  });

  if (decision.decision === 'rejected') {
    await rollbackChange(run, lever, decision.reason);
    const suspects = suspectsOf(selection.proposals, decision.losses);
    const outcome = suspects.length < selection.proposals.length ? 'rejected_in_part' : 'rejected';
    await recorder.update((session) => ({
      ...endOfAttempt(session, lever, selection, decision, skipReasonOf(decision)),
      ...nextPosition(session, lever, outcome),
      ...withTriage(triage),
      iterations: [...session.iterations, record],
      current_iteration: iteration,
      history: [...session.history, ...trialsOf(suspects, 'reverted')],
      stall_counter: session.stall_counter + 1,
    }));
    return outcome;
  }

  const log = recorder.current().current_apply_log;
  const isAccepted = decision.decision === 'accepted';
  const before = run.accepted;
  run.tip = candidate;
  if (isAccepted) run.accepted = candidate;
  const outcome = decision.decision;
  await recorder.update((session) => ({
    ...endOfAttempt(session, lever, selection, decision, null),
    ...nextPosition(session, lever, outcome),
    ...withTriage(triage),
    iterations: [
      ...session.iterations.map((entry) =>
        isAccepted && entry.outcome === 'provisional'
          ? { ...entry, accepted: true, outcome: 'accepted' as const }
          : entry,
      ),
      record,
    ],
    current_iteration: iteration,
    history: [...session.history, ...trialsOf(selection.proposals, 'accepted')],
    provisional_apply_logs: isAccepted ? [] : [...session.provisional_apply_logs, ...(log ? [log] : [])],
    ...(isAccepted && {
      accepted_config: candidate.state.text,
      best_iteration: iteration,
      best_overall_accuracy: accuracyPct,
      remaining_failures: [...candidate.evaluation.failures],
      stall_counter: 0,
    }),
  }));
  if (isAccepted) await syncIncumbent(run, before);
  return outcome;
}

/** Takes the change back and notes why, when it never reached a full evaluation. */
async function giveUp(
  run: Run,
  lever: Lever,
  selection: Selection,
  failure: Failure & { readonly gates: Gates },
): Promise<LadderOutcome> {
  const { ctx, recorder } = run;
  await rollbackChange(run, lever, failure.detail);
  const losses = [...(failure.gates.slice?.losses ?? []), ...(failure.gates.p0?.failures ?? [])];
  const suspects = suspectsOf(selection.proposals, losses);
  const outcome = suspects.length < selection.proposals.length ? 'rejected_in_part' : 'rejected';
  await recorder.update((session) => ({
    ...endOfAttempt(session, lever, selection, null, failure.reason),
    ...nextPosition(session, lever, outcome),
    history: [...session.history, ...trialsOf(suspects, 'reverted')],
    attempts: [
      ...session.attempts,
      {
        lever,
        sweep: session.sweep,
        stage: failure.stage,
        skip_reason: failure.reason,
        detail: failure.detail,
        patch_set: [...selection.patches],
        slice_result: failure.gates.slice,
        p0_result: failure.gates.p0,
        at: ctx.clock.now().toISOString(),
      },
    ],
  }));
  ctx.emit({ type: 'lever_skipped', lever, reason: failure.reason, detail: failure.detail });
  return outcome;
}

/** Goes on without a change, noting why. */
export async function skip(
  run: Run,
  lever: Lever,
  reason: LeverSkipReason,
  detail: string,
): Promise<LadderOutcome> {
  await run.recorder.update((session) => ({
    lever_audit: withAudit(session, lever, { skip_reason: reason }),
    ...nextPosition(session, lever, 'skipped'),
    pending: null,
  }));
  run.ctx.emit({ type: 'lever_skipped', lever, reason, detail });
  return 'skipped';
}

const sliceDetail = (slice: SliceResult): string =>
  slice.accuracy === null || slice.reference_accuracy === null
    ? `${slice.question_ids.length} questions`
    : `${slice.accuracy.toFixed(1)} % on ${slice.question_ids.length} questions, before ${slice.reference_accuracy.toFixed(1)} %`;
