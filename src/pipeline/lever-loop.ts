import type { Lever } from '../levers/index.ts';
import { lastIteration, type LeverSkipReason, type RunStatus, type Session } from '../session/index.ts';
import { isConverged } from './converged.ts';
import { noteDeadEnd } from './dead-ends.ts';
import { takeBackUnproven } from './drop-provisional.ts';
import { followLive } from './follow-live.ts';
import { skip } from './give-up.ts';
import { assertInvariants, hasOutcome } from './invariants.ts';
import { runLadder } from './lever-ladder.ts';
import { withAudit } from './ladder-records.ts';
import { unaccountedLevers } from './phases/lever-exhaustion.ts';
import { LAST_LEVER } from './position.ts';
import { noteLimits } from './propose.ts';
import { phaseOf, type Run } from './run.ts';
import { MODEL_MISSING } from './snapshot.ts';
import { endsAsStalled, STALLED_AFTER, warnOfStall } from './stall.ts';
import { strategyOf, strategyStep } from './strategy-loop.ts';

export interface LoopEnd {
  readonly status: RunStatus;
  readonly reason: string;
}

/**
 * Sweeps over levers 1–5 until a sweep changes nothing or the budget is used, then lever 6.
 *
 * Starts where the session says, so a resumed run repeats no finished lever. A change that still
 * awaits its proof at the end is rolled back.
 */
export async function runLeverLoop(run: Run): Promise<LoopEnd> {
  const { ctx, recorder } = run;
  const strategy = strategyOf(run);
  await recorder.update(withoutInterrupted);
  let lookedAtCatalogIn: number | null = null;
  for (;;) {
    const { sweep } = recorder.current();
    await followLive(run, { looksAtCatalog: sweep !== lookedAtCatalogIn });
    lookedAtCatalogIn = sweep;
    await assertInvariants(run, 'lever');
    const { escalation } = recorder.current();
    if (escalation?.code === MODEL_MISSING) break;
    const { next_lever: lever, iterations_used: used, max_iterations: budget } = recorder.current();
    if (lever === null || budget === 0 || isConverged(run) || endsAsStalled(run)) break;
    const stalledBefore = recorder.current().stall_counter;
    if (strategy !== null) {
      if (!(await strategyStep(run, strategy))) break;
    } else if (used >= budget && lever !== LAST_LEVER) {
      await recorder.update(() => ({ next_lever: LAST_LEVER, lever_attempts: 0 }));
    } else if (ctx.options.disabledLevers.includes(lever)) {
      await skip(run, lever as Lever, 'user_disabled', 'Switched off by disabledLevers.');
    } else {
      if (lever === LAST_LEVER) await accountForLevers(run, 'max_iterations');
      await runLadder(run, lever as Lever);
    }
    warnOfStall(run, stalledBefore);
  }
  await accountForLevers(
    run,
    isConverged(run) ? 'thresholds_met' : endsAsStalled(run) ? 'stalled' : 'max_iterations',
  );
  await takeBackUnproven(run, 'No later change proved it.');
  await noteLimits(run);
  await noteDeadEnd(run);
  await assertInvariants(run, 'leverExhaustion');
  return endOf(run);
}

/** An attempt that a kill or a cancelled run cut off left nothing behind; it is made again. */
const withoutInterrupted = (session: Session): Partial<Session> => ({
  pending: null,
  current_apply_log: null,
  current_patch_set: null,
  lever_audit: Object.fromEntries(
    Object.entries(session.lever_audit).map(([lever, audit]) => [
      lever,
      hasOutcome(audit) ? audit : { ...audit, attempted: false },
    ]),
  ),
  ...(session.tracking && { tracking: { ...session.tracking, ...acceptedModelOf(session) } }),
});

/** A version may have been noted as accepted right before the kill, and its iteration not. */
function acceptedModelOf(session: Session): { readonly accepted_model_id?: string } {
  const last = lastIteration(session, 'accepted');
  const modelId = session.tracking?.models[String(last?.iteration)];
  return modelId === undefined ? {} : { accepted_model_id: modelId };
}

/** Writes down why each lever that was never tried was left out. */
async function accountForLevers(run: Run, reason: LeverSkipReason): Promise<void> {
  const { skipped } = await phaseOf(
    run,
    'leverExhaustion',
    { audit: run.recorder.current().lever_audit, reason },
    ({ audit, reason: why }) => Promise.resolve(unaccountedLevers(audit, why)),
  );
  if (skipped.length === 0) return;
  await run.recorder.update((session) => ({
    lever_audit: skipped.reduce(
      (audit, { lever, reason: why }) =>
        withAudit({ ...session, lever_audit: audit }, lever as Lever, { skip_reason: why }),
      session.lever_audit,
    ),
  }));
}

/** Status and reason of a finished loop. @see spec/pipeline.md §7.3 */
function endOf(run: Run): LoopEnd {
  const {
    best_iteration: best,
    iterations_used: used,
    max_iterations: budget,
    ...session
  } = run.recorder.current();
  if (isConverged(run)) {
    const where = best === null || best === 0 ? 'at baseline' : `after iteration ${best}`;
    return { status: 'converged', reason: `All thresholds met ${where}.` };
  }
  if (session.escalation?.code === MODEL_MISSING)
    return { status: 'stalled', reason: 'Stopped: a change could not be recorded in MLflow.' };
  if (endsAsStalled(run))
    return { status: 'stalled', reason: `No improvement for ${STALLED_AFTER} consecutive iterations.` };
  if (used >= budget) return { status: 'max_iterations', reason: `Max iterations (${budget}) reached.` };
  const accuracy = session.best_overall_accuracy?.toFixed(1) ?? '–';
  return { status: 'stalled', reason: `Lever sweep exhausted. Best: ${accuracy}%` };
}
