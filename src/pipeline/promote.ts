import { MAX_MERGES, readSpace, writeSpace, type SpaceState } from '../apply/index.ts';
import { hasCode } from '../core/index.ts';
import type { Session } from '../session/index.ts';
import { parseSpace, serializeSpace, spaceHash } from '../spaces/index.ts';
import { removeClones } from './isolation.ts';
import { EDITED_BY_OTHERS, withAccepted } from './merge-records.ts';
import { phaseOf, type Run } from './run.ts';
import { readBack } from './verify-state.ts';
import { withWarnings } from './with-warnings.ts';

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
    const { state, note } = await written(run, spaceHash(parseSpace(initial)));
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

type PromotionNote = Pick<NonNullable<Session['promotion']>, 'pre_hash' | 'post_hash' | 'at'>;

/** Writes what was accepted, and reads it back; an edit of somebody else that comes in between is merged. */
async function written(
  run: Run,
  initialHash: string,
): Promise<{ readonly state: SpaceState; readonly note: PromotionNote }> {
  const { ctx, recorder } = run;
  for (let merges = 0; ; merges++) {
    const { text, fromHash, hash } = await targetOf(run, initialHash);
    const note = { pre_hash: fromHash, post_hash: hash, at: ctx.clock.now().toISOString() };
    await recorder.update(() => ({ promotion: { state: 'intended' as const, ...note } }));
    try {
      await phaseOf(run, 'promote', { toText: text, fromHash }, (input) =>
        writeSpace(
          ctx.workspace.genie,
          ctx.spaceId,
          { text: input.toText, expectedHash: input.fromHash },
          { signal: ctx.signal },
        ),
      );
      return { state: await readBack(run, 'promote', ctx.spaceId, hash), note };
    } catch (error) {
      const isForeign = hasCode(error, 'SPACE_EDITED_ELSEWHERE') || hasCode(error, 'SPACE_VERIFICATION');
      if (!isForeign || merges >= MAX_MERGES) throw error;
    }
  }
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
  const merged = withAccepted(session, live);
  const message = `${EDITED_BY_OTHERS} the space during the run, at other places. The edit is kept; what was accepted was proven without it.`;
  ctx.emit({ type: 'warning', code: 'SPACE_MERGED', message });
  await recorder.update((now) => withWarnings(now, message));
  return { text: serializeSpace(merged), hash: spaceHash(merged), fromHash: live.hash };
}
