import { readSpace, SpaceEditedElsewhereError, writeSpace, type SpaceState } from '../apply/index.ts';
import { parseSpace, serializeSpace, spaceHash } from '../spaces/index.ts';
import { removeClones } from './isolation.ts';
import { keptRecords, withEvery } from './merge-records.ts';
import { phaseOf, type Run } from './run.ts';
import { readBack } from './verify-state.ts';

/**
 * Writes what was accepted on a copy to the space, once, and removes the copies.
 *
 * What somebody else edited at other places since the run found the space stays. A run that worked in the space
 * itself, or accepted nothing, has nothing to do.
 *
 * @throws {SpaceEditedElsewhereError} somebody else changed the same place; the session keeps `accepted_config`
 */
export async function promote(run: Run): Promise<void> {
  const { ctx, recorder, accepted } = run;
  const { isolation, initial_config: initial, promotion } = recorder.current();
  const hasChanged = initial !== null && accepted.state.hash !== spaceHash(parseSpace(initial));
  if (isolation === 'clone' && hasChanged && promotion?.state !== 'verified') {
    const { text, fromHash, hash } = await targetOf(run, spaceHash(parseSpace(initial)));
    const note = { pre_hash: fromHash, post_hash: hash, at: ctx.clock.now().toISOString() };
    await recorder.update(() => ({ promotion: { state: 'intended' as const, ...note } }));
    await phaseOf(run, 'promote', { toText: text, fromHash }, (input) =>
      writeSpace(
        ctx.workspace.genie,
        ctx.spaceId,
        { text: input.toText, expectedHash: input.fromHash },
        { signal: ctx.signal },
      ),
    );
    const state: SpaceState = await readBack(run, 'promote', ctx.spaceId, hash);
    await recorder.update(() => ({
      promotion: { state: 'verified' as const, ...note },
      accepted_config: state.text,
    }));
    ctx.emit({ type: 'promoted', spaceId: ctx.spaceId, configHash: state.hash });
    run.accepted = { ...accepted, state };
    run.tip = run.accepted;
  }
  await removeClones(run);
  run.place = { candidateId: ctx.spaceId, incumbentId: null };
}

/** What the space is to become, and the state it must still be in then. */
async function targetOf(
  { ctx, recorder, accepted }: Run,
  initialHash: string,
): Promise<{ readonly text: string; readonly hash: string; readonly fromHash: string }> {
  const live = await readSpace(ctx.workspace.genie, ctx.spaceId, { signal: ctx.signal });
  const { text, hash } = accepted.state;
  const session = recorder.current();
  // Written before a kill.
  if (live.hash === session.promotion?.post_hash)
    return { text: live.text, hash: live.hash, fromHash: live.hash };
  if (live.hash === initialHash || live.hash === hash) return { text, hash, fromHash: live.hash };
  const records = keptRecords(session);
  const merged = withEvery(records, live.space);
  const plain = withEvery(records, parseSpace(session.initial_config ?? ''));
  const isWhole = plain !== null && spaceHash(plain) === hash;
  if (merged === null || !isWhole) throw new SpaceEditedElsewhereError(ctx.spaceId, initialHash, live.hash);
  const message =
    'Somebody else edited the space during the run, at other places. The edit is kept; what was accepted was proven without it.';
  ctx.emit({ type: 'warning', code: 'SPACE_MERGED', message });
  await recorder.update(({ warnings }) => ({ warnings: [...new Set([...warnings, message])] }));
  return { text: serializeSpace(merged), hash: spaceHash(merged), fromHash: live.hash };
}
