import { parseSpace, serializeSpace, spaceHash } from '../spaces/index.ts';
import type { RunContext } from './context.ts';
import { makeCopy, removeTitled } from './copies.ts';
import type { HeldOutInput, HeldOutOutput } from './phases.ts';
import { ask } from './run.ts';

/** Marks the temporary copy of a space, so a killed run's copy can be found and removed. */
const copyTitle = (sessionId: string): string => `[genie-optimizer ${sessionId}] before`;

/**
 * Asks the held-out questions, once, at the very end: of the space as it is now, and of a temporary
 * copy of the space as it was.
 *
 * Without the right to create a space only the first is asked, and the note says so.
 */
export async function checkHeldOut(ctx: RunContext, input: HeldOutInput): Promise<HeldOutOutput> {
  const { state, catalog, questions, initialText } = input;
  const request = {
    scope: 'held_out' as const,
    iteration: ctx.session().current_iteration,
    questions,
    catalog,
  };
  const after = await ask(ctx, { ...request, state }, ctx.spaceId);
  const initial = parseSpace(initialText);
  const initialState = { ...state, space: initial, text: serializeSpace(initial), hash: spaceHash(initial) };
  if (initialState.hash === state.hash) return { before: after, after, note: 'The space was not changed.' };
  if (state.warehouseId === null) {
    return {
      before: null,
      after,
      note: 'The space names no warehouse, so no copy could be made to compare with.',
    };
  }
  const title = copyTitle(ctx.session().session_id);
  await removeTitled(ctx, [title]);
  let copyId: string;
  try {
    copyId = await makeCopy(ctx, { title, warehouseId: state.warehouseId, text: initialState.text });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      before: null,
      after,
      note: `No copy of the space as it was could be made to compare with: ${why}`,
    };
  }
  try {
    return { before: await ask(ctx, { ...request, state: initialState }, copyId), after, note: null };
  } finally {
    await ctx.workspace.genie.trashSpace(copyId);
  }
}
