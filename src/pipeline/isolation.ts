import { readSpace, SpaceVerificationError, writeSpace } from '../apply/index.ts';
import { messageOf, OptimizerError } from '../core/index.ts';
import type { RunContext } from './context.ts';
import { makeCopy, removeTitled } from './copies.ts';
import type { Run, Standing } from './run.ts';

/** Where changes are tried. @see decisions 10 */
export interface Place {
  /** The space that carries the change under trial. */
  readonly candidateId: string;
  /** A space that stays as last accepted, to be asked beside it; `null` when there is none. */
  readonly incumbentId: string | null;
}

/** No copy of the space could be made to work on. */
export class IsolationError extends OptimizerError {
  constructor(spaceId: string, problem: string, cause?: unknown) {
    super(
      `Space ${spaceId} could not be copied: ${problem} Get the right to create spaces, or set isolation: 'live' to work in the space itself.`,
      { code: 'ISOLATION', details: { spaceId }, cause },
    );
  }
}

type Holder = Pick<Run, 'ctx' | 'recorder'>;

const titlesOf = (sessionId: string) => ({
  incumbent: `[genie-optimizer ${sessionId}] incumbent`,
  candidate: `[genie-optimizer ${sessionId}] candidate`,
});

/**
 * Makes the two copies a run works on, at its first change; in the live space nothing is needed.
 *
 * Their titles are in the session before they are made, so a run killed in between finds and removes them.
 *
 * @throws {IsolationError}
 */
export async function enterPlace(run: Run): Promise<void> {
  const { ctx, recorder } = run;
  if (recorder.current().isolation === 'live' || run.place.incumbentId !== null) return;
  const titles = titlesOf(recorder.current().session_id);
  await recorder.update(() => ({
    clones: { titles: Object.values(titles), incumbent_id: null, candidate_id: null },
  }));
  const incumbentId = await copyOf(ctx, run.accepted, titles.incumbent);
  const candidateId = await copyOf(ctx, run.tip, titles.candidate);
  await recorder.update(() => ({
    clones: { titles: Object.values(titles), incumbent_id: incumbentId, candidate_id: candidateId },
  }));
  run.place = { incumbentId, candidateId };
}

async function copyOf(ctx: RunContext, { state }: Standing, title: string): Promise<string> {
  if (state.warehouseId === null) throw new IsolationError(ctx.spaceId, 'it names no warehouse.');
  let spaceId: string;
  try {
    spaceId = await makeCopy(ctx, { title, warehouseId: state.warehouseId, text: state.text });
  } catch (error) {
    if (ctx.signal?.aborted) throw error;
    const why = messageOf(error);
    throw new IsolationError(ctx.spaceId, why, error);
  }
  const { hash } = await readSpace(ctx.workspace.genie, spaceId, { signal: ctx.signal });
  if (hash !== state.hash) throw new SpaceVerificationError(spaceId, state.hash, hash);
  return spaceId;
}

/** Brings the incumbent's copy to what was last accepted. */
export async function syncIncumbent(run: Run, from: Standing): Promise<void> {
  const { ctx, place, accepted } = run;
  if (place.incumbentId === null) return;
  const target = { text: accepted.state.text, expectedHash: from.state.hash };
  await writeSpace(ctx.workspace.genie, place.incumbentId, target, { signal: ctx.signal });
}

/**
 * Removes the copies of this run, by id and by title. Not stopped by the run's signal.
 *
 * Nothing else in the workspace bears these titles: they hold the id of the session.
 */
export async function removeClones(holder: Holder): Promise<void> {
  const { ctx, recorder } = holder;
  const { clones } = recorder.current();
  if (clones === null) return;
  await removeTitled(ctx, clones.titles);
  await recorder.update(() => ({ clones: null }));
}

/** The same on the way out of a failed run: what cannot be removed now is removed on resume. */
export async function tryRemoveClones(holder: Holder): Promise<void> {
  try {
    await removeClones(holder);
  } catch (error) {
    const why = messageOf(error);
    holder.ctx.emit({
      type: 'warning',
      code: 'CLONES_LEFT',
      message: `The copies of the space could not be removed (${why}); resuming the run removes them.`,
    });
  }
}
