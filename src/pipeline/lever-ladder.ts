import { questionsInScope } from '../benchmarks/index.ts';
import type { Lever, Proposal, Selection } from '../levers/index.ts';
import type { Attempt, LeverSkipReason } from '../session/index.ts';
import { decideCandidate, skipReasonOf } from './decide-candidate.ts';
import { applyChange, rollbackChange } from './apply-change.ts';
import { confirmLosses } from './confirm-losses.ts';
import { syncIncumbent } from './isolation.ts';
import { iterationRecord, saveRows, triageOf, withTriage } from './iteration-record.ts';
import { endOfAttempt, withAudit } from './ladder-records.ts';
import type { P0Result, SliceResult } from './phases.ts';
import { leverImpact } from './phases/lever-impact.ts';
import { judgeP0 } from './phases/p0-gate.ts';
import { judgeSlice } from './phases/slice-gate.ts';
import { linesOf } from './plan-lines.ts';
import { planStep, proposalsFor } from './plan-step.ts';
import { nextPosition, type LadderOutcome } from './position.ts';
import { ask, configHashOf, phaseOf, type Run, type Standing } from './run.ts';
import { blameOf, trialsOf, type Blame } from './suspects.ts';

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
export async function runLadder(
  run: Run,
  lever: Lever,
  /** Chosen already, by a strategy. */
  chosen?: readonly Proposal[],
): Promise<LadderOutcome> {
  const { ctx, recorder } = run;
  await recorder.update((session) => ({
    pending: { phase: 'propose', lever, sweep: session.sweep, started_at: ctx.clock.now().toISOString() },
    lever_audit: withAudit(session, lever, { attempted: true }),
  }));
  const step = await planStep(run, lever, chosen ?? (await proposalsFor(run, lever)));
  if (!step.ok) return skip(run, lever, step.reason, step.detail);
  ctx.emit({
    type: 'proposals_ready',
    lever,
    proposals: step.proposals,
    patches: linesOf(step.selection.plan),
  });
  return tryChange(run, lever, step.selection);
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
  await ctx.tracking.recordState({
    stateHash: configHashOf(applied),
    readFrom: run.place.candidateId,
    iteration: recorder.current().current_iteration + 1,
    lever,
    patches: selection.patches,
    catalog: applied.catalog,
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
    async (input) => {
      const answers = input.questions.length === 0 ? null : await ask(ctx, input, run.place.candidateId);
      const look = (contested: readonly string[] = []) =>
        judgeSlice(answers, input.reference, ctx.options.sliceTolerancePp, contested);
      const first = look();
      if (first.status !== 'failed') return first;
      return look((await confirmLosses(run, candidate, first.losses, lever)).contested);
    },
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
    async (input) => {
      const answers = input.questions.length === 0 ? null : await ask(ctx, input, run.place.candidateId);
      const look = (contested: readonly string[] = []) =>
        judgeP0(answers, input.reference, ctx.options.p0Mode, contested);
      const first = look();
      if (first.status !== 'failed' || ctx.options.p0Mode === 'zero-failures') return first;
      return look((await confirmLosses(run, candidate, first.failures, lever)).contested);
    },
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

  const impact = await phaseOf(
    run,
    'leverImpact',
    {
      lever,
      before: run.accepted.evaluation.overall_accuracy,
      after: accuracyPct,
      proposals: selection.proposals.map((proposal) => proposal.rationale),
      status: decision.decision === 'rejected' ? 'rolled_back' : decision.decision,
    },
    (input) => Promise.resolve(leverImpact(input)),
    lever,
  );

  if (decision.decision === 'rejected') {
    await rollbackChange(run, lever, decision.reason);
    await ctx.tracking.noteOutcome('rolled_back', skipReasonOf(decision));
    const blame = blameOf(selection.proposals, { ...decision, isTechnical: false });
    const outcome = outcomeOf(blame, selection);
    await recorder.update((session) => ({
      ...endOfAttempt(session, lever, selection, impact, skipReasonOf(decision)),
      ...nextPosition(session, lever, outcome),
      ...withTriage(triage),
      iterations: [...session.iterations, record],
      current_iteration: iteration,
      history: [...session.history, ...trialsOfBlame(blame)],
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
  await ctx.tracking.noteOutcome(isAccepted ? 'accepted' : 'pending', decision.reason);
  await recorder.update((session) => ({
    ...endOfAttempt(session, lever, selection, impact, null),
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
  const isGate = failure.stage === 'slice' || failure.stage === 'p0';
  await ctx.tracking.noteOutcome(isGate ? 'gate_failed' : 'evaluation_failed', failure.reason);
  const losses = [...(failure.gates.slice?.losses ?? []), ...(failure.gates.p0?.failures ?? [])];
  const isTechnical = failure.stage === 'apply' || failure.stage === 'full_eval';
  const blame = blameOf(selection.proposals, { losses, wins: [], isTechnical });
  const outcome = outcomeOf(blame, selection);
  await recorder.update((session) => ({
    ...endOfAttempt(session, lever, selection, null, failure.reason),
    ...nextPosition(session, lever, outcome),
    history: [...session.history, ...trialsOfBlame(blame)],
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

const trialsOfBlame = ({ blamed, cleared }: Blame) => [
  ...trialsOf(blamed, 'reverted'),
  ...trialsOf(cleared, 'inconclusive'),
];

function outcomeOf({ blamed, cleared }: Blame, { proposals }: Selection): LadderOutcome {
  if (cleared.length > 0) return 'inconclusive';
  return blamed.length < proposals.length ? 'rejected_in_part' : 'rejected';
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
