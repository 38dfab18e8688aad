import { hasCode, messageOf } from '../core/index.ts';
import { escalated } from './escalated.ts';
import { reportAborted } from './finish.ts';
import { tryRemoveClones } from './isolation.ts';
import { takeBackUnjudged } from './resume.ts';
import { NOT_REVERTED, RollbackFailedError } from './roll-back.ts';
import type { Run } from './run.ts';

/**
 * Ends a run that cannot go on: takes back what nobody has judged when it was cancelled, removes its copies, notes
 * why and reports.
 *
 * After a change that could not be taken back nothing more is written to the workspace, the copies included.
 *
 * @returns the error to end with
 */
export async function breakOff(
  { ctx: stopped, recorder, run }: Pick<Run, 'ctx' | 'recorder'> & { readonly run: Run | null },
  cause: unknown,
): Promise<unknown> {
  const ctx = { ...stopped, signal: undefined };
  const error = stopped.signal?.aborted === true ? await undone({ ctx, recorder }, cause) : cause;
  const isRestored = !hasCode(error, 'ROLLBACK_FAILED');
  if (isRestored) await tryRemoveClones({ ctx, recorder });
  const detail = messageOf(error);
  const code = isRestored ? 'aborted' : NOT_REVERTED;
  await recorder.update(() => escalated(ctx.clock, code, detail));
  await reportAborted({ ctx, recorder, run });
  await ctx.tracking.close();
  return error;
}

async function undone({ ctx, recorder }: Pick<Run, 'ctx' | 'recorder'>, cause: unknown): Promise<unknown> {
  if (hasCode(cause, 'ROLLBACK_FAILED')) return cause;
  try {
    await takeBackUnjudged({ ctx, recorder });
    return cause;
  } catch (error) {
    return new RollbackFailedError(ctx.spaceId, ctx.options.sessionFile, error);
  }
}
