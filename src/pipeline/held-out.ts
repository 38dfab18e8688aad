import { messageOf } from '../core/index.ts';
import { parseSpace, serializeSpace, spaceHash } from '../spaces/index.ts';
import type { RunContext } from './context.ts';
import type { Session } from '../session/index.ts';
import { makeCopy, removeTitled } from './copies.ts';
import { acceptedRecords, EDITED_BY_OTHERS } from './merge-records.ts';
import type { HeldOutInput, HeldOutOutput } from './phases.ts';
import { ask } from './run.ts';

/** Marks the temporary copy of a space, so a killed run's copy can be found and removed. */
const copyTitle = (sessionId: string): string => `[genie-optimizer ${sessionId}] before`;

/**
 * Asks the held-out questions, once, at the very end: of the space as it is now, and of a temporary
 * copy of the space as it was.
 *
 * Without the right to create a space only the first is asked, and the note says so. The note also says whether the
 * copy is exact: texts of Unity Catalog belong to both spaces, and are not changed just to measure.
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
  const shared = sharedTexts(ctx.session());
  if (initialState.hash === state.hash) {
    return shared.length === 0
      ? { before: after, after, note: 'The space was not changed.' }
      : {
          before: null,
          after,
          note: `Only Unity Catalog was changed (${shared.join(', ')}), which a copy of the space shares: the state before could not be asked.`,
        };
  }
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
    const why = messageOf(error);
    return {
      before: null,
      after,
      note: `No copy of the space as it was could be made to compare with: ${why}`,
    };
  }
  try {
    const before = await ask(ctx, { ...request, state: initialState }, copyId);
    return { before, after, note: noteOn(shared, ctx.session().warnings) };
  } finally {
    await ctx.workspace.genie.trashSpace(copyId);
  }
}

/** Objects of Unity Catalog whose texts the run changed and kept. */
const sharedTexts = (session: Pick<Session, 'iterations'>): readonly string[] => [
  ...new Set(acceptedRecords(session).flatMap(({ plan }) => plan.statements.map(({ object }) => object))),
];

/** Whether the state before was asked just as it was found, and differs by the changes of the run alone. */
function noteOn(shared: readonly string[], warnings: readonly string[]): string {
  if (shared.length > 0)
    return `Before is not exact: the copy shares what the run changed in Unity Catalog (${shared.join(', ')}), so the gain can be larger than shown.`;
  return warnings.some((warning) => warning.startsWith(EDITED_BY_OTHERS))
    ? 'Before is exact; after also holds what somebody else edited during the run.'
    : 'Before is exact: the copy differs from the space in everything that the run changed.';
}
