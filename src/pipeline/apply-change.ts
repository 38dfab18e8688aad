import {
  applyChangeSet,
  intendedRecord,
  type ChangeRecord,
  type ChangeSet,
  type RepoEdits,
} from '../apply/index.ts';
import { isOptimizerError, messageOf } from '../core/index.ts';
import type { Lever, Selection } from '../levers/index.ts';
import type { PatchPlan } from '../patch-dsl/index.ts';
import { withEverythingBegun, type Attempt, type LeverSkipReason } from '../session/index.ts';
import { enterPlace } from './isolation.ts';
import { linesOf } from './plan-lines.ts';
import { changePorts, repoEdits } from './repository.ts';
import { rollBack } from './roll-back.ts';
import { phaseOf, readCatalog, type Run, type Standing } from './run.ts';
import { checkPersistence, NotPersistedError } from './verify-persistence.ts';
import { readBack } from './verify-state.ts';

export type ApplyOutcome =
  | ({ readonly ok: true } & Pick<Standing, 'state' | 'catalog'>)
  | {
      readonly ok: false;
      readonly stage: Attempt['stage'];
      readonly reason: LeverSkipReason;
      readonly detail: string;
    };

/**
 * Makes a change in one transaction: the journal entry of the session first, then its effects, then a look at the
 * space, Unity Catalog and the files. What went wrong is told; taking the rest back is up to the caller.
 *
 * An edit that somebody else made to the space meanwhile ends the attempt: nothing is written over it, and an
 * answer given after it would say nothing about this change alone.
 *
 * @see spec/pipeline.md §6.6, steps 2.5 and 2.6
 */
export async function applyChange(run: Run, lever: Lever, selection: Selection): Promise<ApplyOutcome> {
  const { ctx, recorder, tip } = run;
  const { plan } = selection;
  const planned = await filesOf(run, plan);
  if ('ok' in planned) return planned;
  await enterPlace(run);
  const change: ChangeSet = {
    change_id: `apply_${recorder.current().iterations_used + 1}_${plan.after_hash.slice(0, 8)}`,
    spaceId: run.place.candidateId,
    from: tip.state,
    plan,
    files: planned.files,
  };
  const journal = await openJournal(run, lever, selection, change);
  try {
    const targetText = journal.record().post_config;
    await phaseOf(
      run,
      'apply',
      { lever, plan, from: tip.state, targetText, files: planned.files },
      async (given) => {
        const made = await applyChangeSet(
          { ...change, plan: given.plan, from: given.from, files: given.files },
          changePorts(ctx),
          { save: journal.save, onConcurrentEdit: 'stop', signal: ctx.signal },
        );
        return made.state;
      },
      lever,
    );
    const record = journal.record();
    const state = await readBack(run, 'apply', record.space_id, record.post_hash);
    const { verifications, missing } = await phaseOf(
      run,
      'verifyPersistence',
      { record, effects: planned.effects },
      (input) => checkPersistence(run, input),
      lever,
    );
    if (missing.length > 0) throw new NotPersistedError(verifications, missing);
    const endedAt = ctx.clock.now().toISOString();
    const verified: ChangeRecord = {
      ...record,
      state: 'verified',
      verification: [...verifications],
      ended_at: endedAt,
    };
    await recorder.update(() => ({ current_apply_log: verified }));
    const catalog = plan.statements.length > 0 ? await readCatalog(ctx, state.space) : tip.catalog;
    ctx.emit({ type: 'patch_set_applied', lever, patches: linesOf(plan), configHash: state.hash });
    return { ok: true, state, catalog };
  } catch (error) {
    if (ctx.signal?.aborted) throw error;
    const detail = messageOf(error);
    const isLiveOnly = error instanceof NotPersistedError || journal.isLiveOnly();
    return isLiveOnly
      ? { ok: false, stage: 'persistence', reason: 'dual_persistence_incomplete', detail }
      : { ok: false, stage: 'apply', reason: 'apply_failed', detail };
  }
}

/** Writes the intention into the session; then keeps the journal entry there as the change goes on. */
async function openJournal(
  { ctx, recorder }: Run,
  lever: Lever,
  selection: Selection,
  change: ChangeSet,
): Promise<{
  readonly record: () => ChangeRecord;
  readonly save: (record: ChangeRecord) => Promise<void>;
  /** Whether the last thing that was heard of the change was that its files were being written. */
  readonly isLiveOnly: () => boolean;
}> {
  const isOverridden = ctx.options.phases?.apply !== undefined;
  let record = intendedRecord(change, ctx);
  // An own handler may do anything before it is heard of again.
  if (isOverridden) record = withEverythingBegun(record);
  let reached = record;
  await recorder.update((session) => ({
    pending: { phase: 'apply', lever, sweep: session.sweep, started_at: record.started_at },
    current_patch_set: [...selection.patches],
    patched_objects: [...change.plan.touched],
    current_apply_log: record,
  }));
  return {
    record: () => record,
    async save(next) {
      if (isOverridden) return;
      if (next.state !== 'undone') reached = next;
      record = next;
      await recorder.update(() => ({ current_apply_log: next }));
    },
    isLiveOnly: () =>
      reached.state === 'intended' &&
      reached.progress.space === 'done' &&
      reached.progress.files < reached.files.length,
  };
}

/** The edits of files that go with a plan; a file that does not fit it ends the attempt before anything is written. */
async function filesOf(
  run: Run,
  plan: PatchPlan,
): Promise<RepoEdits | Extract<ApplyOutcome, { readonly ok: false }>> {
  try {
    return await repoEdits(run.ctx, plan);
  } catch (error) {
    if (!isOptimizerError(error) || !error.code.startsWith('REPO_FILE_')) throw error;
    return { ok: false, stage: 'apply', reason: 'apply_failed', detail: error.message };
  }
}

/** Takes the change of the attempt under way back; nothing to do when there is none, or it was never begun. */
export async function rollbackChange(run: Run, lever: Lever, reason: string): Promise<void> {
  const record = run.recorder.current().current_apply_log;
  if (record !== null && record.refused !== true) await rollBack(run, record, reason, lever);
}
