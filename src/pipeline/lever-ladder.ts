import { questionsInScope } from '../benchmarks/index.ts';
import { hasCode, messageOf } from '../core/index.ts';
import type { Lever, Proposal } from '../levers/index.ts';
import { applyChange } from './apply-change.ts';
import { requestFor, runGates } from './candidate-gates.ts';
import { decline, giveUp, skip } from './give-up.ts';
import { withAudit } from './ladder-records.ts';
import { linesOf } from './plan-lines.ts';
import { planStep, proposalsFor } from './plan-step.ts';
import type { LadderOutcome } from './position.ts';
import { ask, configHashOf, phaseOf, type Run } from './run.ts';
import { settleCandidate } from './settle-candidate.ts';
import { snapshot, stopWithoutVersion } from './snapshot.ts';
import type { Trying } from './trying.ts';
import { underWay } from './under-way.ts';

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
    ...underWay(ctx, session, 'propose', lever),
    lever_audit: withAudit(session, lever, { attempted: true }),
  }));
  const step = await planStep(run, lever, chosen ?? (await proposalsFor(run, lever)));
  if (!step.ok) return skip(run, lever, step.reason, step.detail);
  const { proposals, plan } = step.selection;
  if ((await ctx.options.confirmPatchSet?.({ lever, plan, proposals })) === false)
    return decline(run, lever, step.selection);
  ctx.emit({
    type: 'proposals_ready',
    lever,
    proposals: step.proposals,
    patches: linesOf(step.selection.plan),
  });
  return tryChange(run, { lever, selection: step.selection, gates: { slice: null, p0: null } });
}

async function tryChange(run: Run, trying: Trying): Promise<LadderOutcome> {
  const { ctx, recorder } = run;
  const { lever, selection } = trying;
  const applied = await applyChange(run, lever, selection);
  if (!applied.ok) return giveUp(run, trying, applied);
  try {
    await phaseOf(run, 'propagate', { waitMs: ctx.options.propagationMs }, async ({ waitMs }) => {
      if (waitMs > 0) await ctx.clock.sleep(waitMs, { signal: ctx.signal });
      return { waitedMs: waitMs };
    });
  } catch (error) {
    return await failed(error);
  }
  try {
    await snapshot(
      run,
      {
        stateHash: configHashOf(applied),
        readFrom: run.place.candidateId,
        iteration: recorder.current().current_iteration + 1,
        lever,
        patches: selection.patches,
        catalog: applied.catalog,
      },
      lever,
    );
  } catch (error) {
    if (ctx.signal?.aborted) throw error;
    return stopWithoutVersion(run, trying, error);
  }
  try {
    const failure = await runGates(run, trying, applied);
    if (failure) return await giveUp(run, trying, failure);
    const evaluation = await phaseOf(
      run,
      'fullEval',
      { ...requestFor(run, applied), scope: 'full', questions: questionsInScope(run.suite, 'full') },
      (input) => ask(ctx, input, run.place.candidateId),
      lever,
    );
    return await settleCandidate(run, trying, {
      state: applied.state,
      catalog: applied.catalog,
      evaluation,
    });
  } catch (error) {
    return await failed(error);
  }

  /** The space must never keep a change that nobody judged; a cancelled run is cleaned up by its caller. */
  async function failed(error: unknown): Promise<LadderOutcome> {
    if (ctx.signal?.aborted || hasCode(error, 'ROLLBACK_FAILED')) throw error;
    if (recorder.current().current_apply_log === null) throw error;
    const detail = messageOf(error);
    const outcome = await giveUp(run, trying, { stage: 'full_eval', reason: 'evaluation_failed', detail });
    // Somebody asked for a run that is recorded, or none.
    if (hasCode(error, 'TRACKING_REQUIRED')) throw error;
    return outcome;
  }
}
