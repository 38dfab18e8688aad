import { runStatements, writeFileEdits, writeSpace, type FileEdit } from '../apply/index.ts';
import { hasCode, isOptimizerError } from '../core/index.ts';
import type { Lever, Selection } from '../levers/index.ts';
import { applyPlan, type PatchPlan } from '../patch-dsl/index.ts';
import type { ApplyLog } from '../session/index.ts';
import { serializeSpace } from '../spaces/index.ts';
import { enterPlace } from './isolation.ts';
import { repoEdits, repoStore, verifyPersistence } from './repository.ts';
import { restoreSpace } from './restore-space.ts';
import { phaseOf, readCatalog, type Run, type Standing } from './run.ts';
import { linesOf } from './plan-lines.ts';
import { readBack } from './verify-state.ts';

export type ApplyOutcome =
  | ({ readonly ok: true } & Pick<Standing, 'state' | 'catalog'>)
  | { readonly ok: false; readonly message: string };

/**
 * Writes the change to the session, makes it, reads it back.
 *
 * @throws {SpaceEditedElsewhereError} somebody else changed the space; nothing was overwritten
 */
export async function applyChange(run: Run, lever: Lever, selection: Selection): Promise<ApplyOutcome> {
  const { ctx, recorder, tip } = run;
  const { plan } = selection;
  const planned = await filesOf(run, plan);
  if (!planned.ok) return planned;
  const { files } = planned;
  await enterPlace(run);
  const spaceId = run.place.candidateId;
  const targetText = serializeSpace(applyPlan(tip.state.space, plan));
  const log: ApplyLog = {
    apply_id: `apply_${recorder.current().iterations_used + 1}_${plan.after_hash.slice(0, 8)}`,
    space_id: spaceId,
    state: 'intended',
    pre_config: tip.state.text,
    post_config: targetText,
    pre_hash: tip.state.hash,
    post_hash: plan.after_hash,
    applied: selection.patches.map((patch) => patch.id),
    noop: plan.noops.map((noop) => noop.patch_id),
    patched_objects: [...plan.touched],
    statements: plan.statements.map(({ object, sql, inverse_sql }) => ({ object, sql, inverse_sql })),
    ...(files.length === 0 ? {} : { files: [...files] }),
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
      { lever, plan, from: tip.state, targetText, files },
      async ({ targetText: text, from, plan: { statements }, files: edits }) => {
        const { sql, genie } = ctx.workspace;
        await runStatements(sql, statements, { signal: ctx.signal });
        const written = await writeSpace(
          genie,
          spaceId,
          { text, expectedHash: from.hash },
          { signal: ctx.signal },
        );
        await writeFileEdits(repoStore(ctx.options), edits);
        return written;
      },
      lever,
    );
    await readBack(run, 'apply', spaceId, plan.after_hash);
    await verifyPersistence(repoStore(ctx.options), files);
    const catalog = plan.statements.length > 0 ? await readCatalog(ctx, state.space) : tip.catalog;
    const endedAt = ctx.clock.now().toISOString();
    await recorder.update(() => ({ current_apply_log: { ...log, state: 'verified', ended_at: endedAt } }));
    ctx.emit({ type: 'patch_set_applied', lever, patches: linesOf(plan), configHash: state.hash });
    return { ok: true, state, catalog };
  } catch (error) {
    const mustStop = ctx.signal?.aborted || hasCode(error, 'SPACE_EDITED_ELSEWHERE');
    if (mustStop) throw error;
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

/** The edits of files that go with a plan; a file that does not fit it ends the attempt before anything is written. */
async function filesOf(
  run: Run,
  plan: PatchPlan,
): Promise<
  | { readonly ok: true; readonly files: readonly FileEdit[] }
  | { readonly ok: false; readonly message: string }
> {
  try {
    return { ok: true, files: (await repoEdits(run.ctx, plan)).files };
  } catch (error) {
    if (!isOptimizerError(error) || !error.code.startsWith('REPO_FILE_')) throw error;
    return { ok: false, message: error.message };
  }
}

/** Undoes the change of the attempt under way; nothing to do when there is none. */
export async function rollbackChange(run: Run, lever: Lever, reason: string): Promise<void> {
  const log = run.recorder.current().current_apply_log;
  if (log === null) return;
  const { pre_config: toText, post_hash: fromHash, statements, files = [] } = log;
  await restoreSpace(run, { toText, fromHash, statements, files, reason }, lever);
}
