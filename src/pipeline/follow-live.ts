import { readSpace, SpaceEditedElsewhereError, type SpaceState } from '../apply/index.ts';
import type { Session } from '../session/index.ts';
import { measureAsFound } from './baseline.ts';
import { takeBackUnproven } from './drop-provisional.ts';
import { keepsEvery, keptRecords } from './merge-records.ts';
import { readCatalog, type Run } from './run.ts';
import { InvariantError } from './verify-state.ts';

/**
 * Looks whether the space is as this run left it, where it works in the space itself.
 *
 * An edit of somebody else at places that the run has not changed is kept: what awaits its proof is taken back, and
 * the space is measured again as it is now, since no figure from before the edit says anything about it.
 *
 * @throws {SpaceEditedElsewhereError} the edit is at a place that the run has changed; nothing is overwritten
 * @throws {InvariantError} the space is back in a state that this run had left behind
 * @see docs/decisions/0009-edits-of-others-are-followed.md
 */
export async function followLive(run: Run): Promise<void> {
  const { ctx, recorder } = run;
  const session = recorder.current();
  if (session.isolation !== 'live') return;
  const found = await readSpace(ctx.workspace.genie, ctx.spaceId, { signal: ctx.signal });
  const { tip, accepted } = run;
  if (found.hash === tip.state.hash && measuredHash(session) === accepted.state.hash) return;
  if (found.hash !== tip.state.hash) {
    const details = { spaceId: ctx.spaceId, expectedHash: tip.state.hash, foundHash: found.hash };
    if (statesOf(session).has(found.hash))
      throw new InvariantError('lever', `space ${ctx.spaceId} is in a state that the run had left.`, details);
    if (!keepsEvery(keptRecords(session), found.space))
      throw new SpaceEditedElsewhereError(ctx.spaceId, tip.state.hash, found.hash);
  }
  const message =
    'Somebody else edited the space during the run. The edit is kept; the space is measured again with it.';
  ctx.emit({ type: 'warning', code: 'SPACE_FOLLOWED', message });
  await recorder.update(({ warnings }) => ({ warnings: [...new Set([...warnings, message])] }));
  await takeBackUnproven(run, 'Somebody else edited the space meanwhile.');
  const live = await readSpace(ctx.workspace.genie, ctx.spaceId, { signal: ctx.signal });
  await measureAgain(run, live);
}

async function measureAgain(run: Run, live: SpaceState): Promise<void> {
  const { ctx, recorder, suite } = run;
  await recorder.update(() => ({ accepted_config: live.text }));
  const { accepted, tip, ...measured } = await measureAsFound(
    { ctx, recorder, suite, live, catalog: await readCatalog(ctx, live.space) },
    recorder.current().current_iteration + 1,
    'The space with the edit of somebody else.',
  );
  Object.assign(run, { accepted, tip, suite: measured.suite });
}

/** State that the last accepted figures belong to. */
const measuredHash = ({ iterations }: Session): string | undefined =>
  iterations.findLast(({ outcome }) => outcome === 'accepted')?.config_hash;

/** Every state of the space that the run has made or found. */
const statesOf = ({ iterations }: Session): ReadonlySet<string> =>
  new Set(
    iterations.flatMap(({ config_hash: measured, apply_log: record }) => [
      measured,
      ...(record ? [record.pre_hash, record.post_hash] : []),
    ]),
  );
