import {
  applyToOther,
  CatalogVerificationError,
  isNoMerge,
  lookAtCatalog,
  readSpace,
  runStatements,
  undoChange,
  type ChangeRecord,
  type SpaceState,
} from '../apply/index.ts';
import { hasCode, OptimizerError } from '../core/index.ts';
import { invertPlan } from '../patch-dsl/index.ts';
import { spaceHash } from '../spaces/index.ts';
import { escalated } from './escalated.ts';
import { changePorts, repoStore } from './repository.ts';
import { restoreVersion } from './restore-version.ts';
import { phaseOf, type Run } from './run.ts';
import { filesOtherThan, StillInFilesError } from './verify-persistence.ts';
import { InvariantError } from './verify-state.ts';

/** Code of the escalation of a run whose change could not be taken back. @see spec/pipeline.md §7.2 */
export const NOT_REVERTED = 'regression_not_reverted';

/** The space could not be put back; the session file holds the text to restore it by hand. */
export class RollbackFailedError extends OptimizerError {
  constructor(spaceId: string, sessionFile: string, cause: unknown) {
    const why = cause instanceof Error ? ` ${cause.message}` : '';
    super(
      `Space ${spaceId} could not be put back to its last accepted state.${why} 'accepted_config' in ${sessionFile} holds that state; run again with resume once the workspace answers.`,
      { code: 'ROLLBACK_FAILED', details: { spaceId, sessionFile }, cause },
    );
  }
}

/**
 * Takes a change back: by its record, then by a look at everything it touched, then by the last accepted version
 * in MLflow where the record was not enough. Safe to repeat; not stopped by the run's signal, because cancelling a
 * run must not leave a change behind.
 *
 * What somebody else edited at other places meanwhile stays. An edit at the same place is never overwritten.
 *
 * @throws {RollbackFailedError} the session then has the escalation `regression_not_reverted`, and nothing more is
 * written to the workspace
 * @see spec/pipeline.md §13
 */
export async function rollBack(
  run: Run,
  record: ChangeRecord,
  reason: string,
  lever: number | null = null,
): Promise<SpaceState> {
  const { ctx, recorder } = run;
  let problem: unknown = null;
  try {
    await phaseOf(
      { ctx: { ...ctx, signal: undefined }, recorder },
      'rollback',
      { record, reason },
      (given) => undoByRecord(run, given.record),
      lever,
    );
  } catch (error) {
    problem = error;
  }
  const found = await look(run, record);
  problem ??= found.problem;
  if (problem !== null) {
    const restored = found.isForeign ? 'Somebody else edited the same place.' : await restoreVersion(run);
    if (restored !== null) {
      ctx.emit({ type: 'warning', code: 'NOT_RESTORED', message: restored });
      return escalate(run, problem);
    }
  }
  await bringBackProvisional(run);
  const state = await readSpace(ctx.workspace.genie, record.space_id);
  const endedAt = ctx.clock.now().toISOString();
  await recorder.update(({ current_apply_log: current }) =>
    current === null ? {} : { current_apply_log: { ...current, state: 'undone', ended_at: endedAt } },
  );
  ctx.emit({ type: 'rolled_back', lever, reason, configHash: state.hash });
  return state;
}

/** Tried twice: an answer that was lost on the way is no reason to give up, and undoing can be repeated. */
async function undoByRecord({ ctx }: Pick<Run, 'ctx'>, record: ChangeRecord): Promise<SpaceState> {
  const save = async (): Promise<void> => undefined;
  try {
    await undoChange(record, changePorts(ctx), { save });
  } catch (error) {
    if (!hasCode(error, 'CHANGE_NOT_UNDONE')) throw error;
    await undoChange(record, changePorts(ctx), { save });
  }
  return readSpace(ctx.workspace.genie, record.space_id);
}

interface Found {
  /** What is not as it was before the change; `null`: nothing. */
  readonly problem: unknown;
  /** Whether the space is in a state that this change did not make. */
  readonly isForeign: boolean;
}

/** Compares everything that a change touched with what was there before it. */
async function look({ ctx, recorder }: Run, record: ChangeRecord): Promise<Found> {
  const isShared = recorder.current().isolation === 'live';
  let isForeign = false;
  try {
    if (record.progress.space !== 'untouched') {
      const live = await readSpace(ctx.workspace.genie, record.space_id);
      const isBack = live.hash === record.pre_hash || (isShared && holdsNothingOf(record, live.space));
      isForeign = isShared && !isBack && live.hash !== record.post_hash;
      if (!isBack) {
        const details = { spaceId: record.space_id, expectedHash: record.pre_hash, foundHash: live.hash };
        const problem = `space ${record.space_id} is not in the state the phase should have left.`;
        return { problem: new InvariantError('rollback', problem, details), isForeign };
      }
    }
    const places = await lookAtCatalog(ctx.workspace.catalog, [invertPlan(record.plan)]);
    isForeign = places.some(({ is }) => is === 'other');
    const wrong = places.filter(({ is }) => is !== 'after');
    if (wrong.length > 0)
      return { problem: new CatalogVerificationError(wrong.map(({ name }) => name)), isForeign };
    const files = await filesOtherThan(repoStore(ctx.options), record.files, 'before');
    return { problem: files.length > 0 ? new StillInFilesError(files) : null, isForeign };
  } catch (problem) {
    return { problem, isForeign };
  }
}

/** Whether every place of a change is as it was before it, whatever else the space says. */
function holdsNothingOf({ plan }: Pick<ChangeRecord, 'plan'>, space: SpaceState['space']): boolean {
  if (plan.patches.length === 0) return false;
  try {
    // There and back again is where it was only if nothing of it was there.
    return spaceHash(applyToOther(applyToOther(space, plan), invertPlan(plan))) === spaceHash(space);
  } catch (error) {
    if (!isNoMerge(error)) throw error;
    return false;
  }
}

/** Switched off while the state before them was asked; on again, since they still await their proof. */
async function bringBackProvisional({ ctx, recorder }: Pick<Run, 'ctx' | 'recorder'>): Promise<void> {
  for (const { plan } of recorder.current().provisional_apply_logs)
    await ensureStatements(ctx.workspace, plan);
}

/**
 * Runs the statements of a plan unless Unity Catalog shows their effect already.
 *
 * @throws {CatalogEditedElsewhereError}
 */
export async function ensureStatements(
  workspace: Parameters<typeof runStatements>[0],
  plan: ChangeRecord['plan'],
): Promise<void> {
  if (plan.statements.length === 0) return;
  const places = await lookAtCatalog(workspace.catalog, [plan]);
  if (places.some(({ is }) => is !== 'after')) await runStatements(workspace, [plan]);
}

async function escalate({ ctx, recorder }: Run, cause: unknown): Promise<never> {
  const error = new RollbackFailedError(ctx.spaceId, ctx.options.sessionFile, cause);
  await recorder.update(() => escalated(ctx.clock, NOT_REVERTED, error.message));
  await ctx.tracking.noteOutcome('rolled_back', NOT_REVERTED);
  throw error;
}
