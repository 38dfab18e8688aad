import type { Decision, Iteration, Session } from '../session/index.ts';
import { rollbackChange } from './apply-change.ts';
import { rescoredEntry, takeOver, type KeysInForce } from './apply-keys.ts';
import { decideCandidate, skipReasonOf } from './decide-candidate.ts';
import { syncIncumbent } from './isolation.ts';
import { iterationRecord, saveRows, triageOf, withTriage } from './iteration-record.ts';
import { endOfAttempt } from './ladder-records.ts';
import { leverImpact, type LeverImpact } from './phases/lever-impact.ts';
import { newlyRead } from './newly-read.ts';
import { nextPosition, type LadderOutcome } from './position.ts';
import { announceKeys, remedyKeys } from './remedy-keys.ts';
import { withLimits } from './propose.ts';
import { routingLimits } from './routing-passes.ts';
import { phaseOf, type Run, type Standing } from './run.ts';
import { blameOf, trialsOf } from './suspects.ts';
import { outcomeOf, trialsOfBlame, type Trying } from './trying.ts';

/** A candidate that was fully evaluated and decided on, with what the session is to keep of it. */
interface Settled {
  readonly decision: Decision;
  readonly impact: LeverImpact;
  readonly record: Iteration;
  readonly keys: KeysInForce & { readonly candidate: Standing };
  /** What every outcome writes. */
  readonly common: (session: Session) => Partial<Session> & Pick<Session, 'iterations'>;
}

/**
 * Decides on a candidate whose whole evaluation is there: answer keys first, then the comparison under them, then
 * keep or take back. All of it is recorded in one save.
 */
export async function settleCandidate(run: Run, trying: Trying, measured: Standing): Promise<LadderOutcome> {
  const settled = await judge(run, trying, measured);
  const outcome =
    settled.decision.decision === 'rejected'
      ? await takeBack(run, trying, settled)
      : await keep(run, trying, settled);
  announceKeys(run, settled.keys);
  return outcome;
}

async function judge(run: Run, { lever, selection, gates }: Trying, measured: Standing): Promise<Settled> {
  const { ctx } = run;
  const triage = await triageOf(run, measured.evaluation, lever);
  const remedied = await remedyKeys(run, measured, triage, lever);
  const candidate = remedied.candidate ?? measured;
  const keys = { ...remedied, candidate };
  // The run itself keeps the old keys until the outcome is on disk.
  const view: Run = { ...run, suite: keys.suite, accepted: keys.accepted, tip: keys.tip };
  const decision = await phaseOf(
    run,
    'regressionCheck',
    {
      accepted: view.accepted.evaluation,
      tip: view.tip.evaluation,
      candidate: candidate.evaluation,
    },
    (input) => decideCandidate(view, candidate, input, lever),
    lever,
  );
  const limits = await routingLimits(view, { selection }, candidate);
  const { iteration, overall_accuracy: accuracyPct } = candidate.evaluation;
  const rowsRef = await saveRows(run, measured.evaluation);
  ctx.emit({ type: 'decision', lever, iteration, decision, accuracyPct });
  const record = rescoredEntry(
    await iterationRecord(view, {
      triage,
      lever,
      candidate: measured,
      rows: candidate.evaluation.rows,
      patches: selection.patches,
      decision,
      gates,
      rowsRef,
    }),
    candidate.evaluation,
    keys.candidateRef,
  );
  const impact = await phaseOf(
    run,
    'leverImpact',
    {
      lever,
      before: view.accepted.evaluation.overall_accuracy,
      after: accuracyPct,
      proposals: selection.proposals.map((proposal) => proposal.rationale),
      status: decision.decision === 'rejected' ? 'rolled_back' : decision.decision,
    },
    (input) => Promise.resolve(leverImpact(input)),
    lever,
  );
  return {
    decision,
    impact,
    record,
    keys,
    common: (session) => {
      const kept = keys.keep(session);
      return {
        ...kept,
        ...withTriage(triage),
        platform_limitations: withLimits(session, limits),
        iterations: [...(kept.iterations ?? session.iterations), record],
        current_iteration: iteration,
      };
    },
  };
}

async function takeBack(
  run: Run,
  { lever, selection }: Trying,
  { decision, impact, keys, common }: Settled,
): Promise<LadderOutcome> {
  const { ctx, recorder } = run;
  await rollbackChange(run, lever, decision.reason);
  await ctx.tracking.noteOutcome('rolled_back', skipReasonOf(decision));
  const read = newlyRead(decision.losses, keys.accepted.evaluation, keys.candidate.evaluation);
  const blame = blameOf(selection.proposals, { ...decision, isTechnical: false, read });
  const outcome = outcomeOf(blame, selection);
  await recorder.update((session) => ({
    ...common(session),
    ...endOfAttempt(session, lever, selection, impact, skipReasonOf(decision)),
    ...nextPosition(session, lever, outcome),
    history: [...session.history, ...trialsOfBlame(blame, session.iterations_used + 1)],
    stall_counter: session.stall_counter + 1,
  }));
  takeOver(run, keys);
  return outcome;
}

async function keep(
  run: Run,
  { lever, selection }: Trying,
  { decision, impact, keys, common }: Settled,
): Promise<LadderOutcome> {
  const { ctx, recorder } = run;
  const { candidate } = keys;
  const log = recorder.current().current_apply_log;
  const isAccepted = decision.decision === 'accepted';
  const outcome: LadderOutcome = isAccepted ? 'accepted' : 'provisional';
  await ctx.tracking.noteOutcome(isAccepted ? 'accepted' : 'pending', decision.reason);
  await recorder.update((session) => {
    const { iterations, ...rest } = common(session);
    return {
      ...rest,
      ...endOfAttempt(session, lever, selection, impact, null),
      ...nextPosition(session, lever, outcome),
      iterations: isAccepted ? iterations.map(proven) : iterations,
      history: [
        ...session.history,
        ...trialsOf(selection.proposals, 'accepted', session.iterations_used + 1),
      ],
      provisional_apply_logs: isAccepted ? [] : [...session.provisional_apply_logs, ...(log ? [log] : [])],
      ...(isAccepted && {
        accepted_config: candidate.state.text,
        best_iteration: candidate.evaluation.iteration,
        best_overall_accuracy: candidate.evaluation.overall_accuracy,
        remaining_failures: [...candidate.evaluation.failures],
        stall_counter: 0,
      }),
    };
  });
  takeOver(run, keys);
  run.tip = candidate;
  if (!isAccepted) return outcome;
  const before = run.accepted;
  run.accepted = candidate;
  await syncIncumbent(run, before);
  return outcome;
}

/** A change that awaited its proof stays with the accepted one that was built on it. */
const proven = (entry: Iteration): Iteration =>
  entry.outcome === 'provisional' ? { ...entry, accepted: true, outcome: 'accepted' } : entry;
