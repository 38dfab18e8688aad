import type { Lever, Selection } from '../levers/index.ts';
import type { LeverSkipReason } from '../session/index.ts';
import { rollbackChange } from './apply-change.ts';
import { endOfAttempt, withAudit } from './ladder-records.ts';
import { nextPosition, type LadderOutcome } from './position.ts';
import type { Run } from './run.ts';
import { blameOf, trialsOf } from './suspects.ts';
import { outcomeOf, trialsOfBlame, type Failure, type Trying } from './trying.ts';

/** Takes the change back and notes why, when it never reached a full evaluation. */
export async function giveUp(
  run: Run,
  { lever, selection, gates }: Trying,
  failure: Failure,
): Promise<LadderOutcome> {
  const { ctx, recorder } = run;
  await rollbackChange(run, lever, failure.detail);
  const isGate = failure.stage === 'slice' || failure.stage === 'p0';
  await ctx.tracking.noteOutcome(isGate ? 'gate_failed' : 'evaluation_failed', failure.reason);
  const losses = [...(gates.slice?.losses ?? []), ...(gates.p0?.failures ?? [])];
  const isTechnical = !isGate;
  const blame = blameOf(selection.proposals, { losses, wins: [], isTechnical });
  const outcome = outcomeOf(blame, selection);
  await recorder.update((session) => ({
    ...endOfAttempt(session, lever, selection, null, failure.reason),
    ...nextPosition(session, lever, outcome),
    history: [...session.history, ...trialsOfBlame(blame, session.iterations_used + 1)],
    attempts: [
      ...session.attempts,
      {
        lever,
        sweep: session.sweep,
        stage: failure.stage,
        skip_reason: failure.reason,
        detail: failure.detail,
        patch_set: [...selection.patches],
        slice_result: gates.slice,
        p0_result: gates.p0,
        at: ctx.clock.now().toISOString(),
      },
    ],
  }));
  ctx.emit({ type: 'lever_skipped', lever, reason: failure.reason, detail: failure.detail });
  return outcome;
}

/** Leaves a patch set aside that a person did not want; it is not proposed again. */
export async function decline(run: Run, lever: Lever, { proposals }: Selection): Promise<LadderOutcome> {
  await run.recorder.update((session) => ({
    history: [...session.history, ...trialsOf(proposals, 'rejected', session.iterations_used + 1)],
  }));
  return skip(run, lever, 'declined', 'Whoever was asked said no.');
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
