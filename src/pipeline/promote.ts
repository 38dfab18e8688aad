import { writeSpace, type SpaceState } from '../apply/index.ts';
import { spaceHash, parseSpace } from '../spaces/index.ts';
import { removeClones } from './isolation.ts';
import { phaseOf, type Run } from './run.ts';
import { readBack } from './verify-state.ts';

/**
 * Writes what was accepted on a copy to the space, once, and removes the copies.
 *
 * The space is written only if it is still as the run found it. A run that worked in the space itself,
 * or accepted nothing, has nothing to do.
 *
 * @throws {SpaceEditedElsewhereError} somebody else changed the space; the session keeps `accepted_config`
 */
export async function promote(run: Run): Promise<void> {
  const { ctx, recorder, accepted } = run;
  const session = recorder.current();
  const { initial_config: initial } = session;
  if (session.isolation === 'clone' && initial !== null) {
    const preHash = spaceHash(parseSpace(initial));
    if (accepted.state.hash !== preHash && session.promotion?.state !== 'verified') {
      const note = { pre_hash: preHash, post_hash: accepted.state.hash, at: ctx.clock.now().toISOString() };
      await recorder.update(() => ({ promotion: { state: 'intended' as const, ...note } }));
      const state: SpaceState = await phaseOf(
        run,
        'promote',
        { toText: accepted.state.text, fromHash: preHash },
        ({ toText, fromHash }) =>
          writeSpace(
            ctx.workspace.genie,
            ctx.spaceId,
            { text: toText, expectedHash: fromHash },
            { signal: ctx.signal },
          ),
      );
      await readBack(run, 'promote', ctx.spaceId, accepted.state.hash);
      await recorder.update(() => ({ promotion: { state: 'verified' as const, ...note } }));
      ctx.emit({ type: 'promoted', spaceId: ctx.spaceId, configHash: state.hash });
      run.accepted = { ...accepted, state };
      run.tip = run.accepted;
    }
  }
  await removeClones(run);
  run.place = { candidateId: ctx.spaceId, incumbentId: null };
}
