import { isOptimizerError } from '../core/index.ts';
import type { RunContext } from './context.ts';

/** Attempts at making a copy when the connection breaks. */
const MAX_ATTEMPTS = 3;

/**
 * Makes a copy of a space under a title that nothing else bears; returns its id.
 *
 * A connection that breaks leaves open whether the copy was made: it is looked for by its title, and only
 * made again when it is not there.
 */
export async function makeCopy(
  ctx: Pick<RunContext, 'workspace' | 'signal'>,
  copy: { readonly title: string; readonly warehouseId: string; readonly text: string },
): Promise<string> {
  const { genie } = ctx.workspace;
  const { title, warehouseId, text } = copy;
  for (let attempt = 1; ; attempt++) {
    try {
      const made = await genie.createSpace(
        { title, warehouseId, serializedSpace: text },
        { signal: ctx.signal },
      );
      return made.spaceId;
    } catch (error) {
      const mayHelp = isOptimizerError(error) && error.retryable && !ctx.signal?.aborted;
      if (!mayHelp || attempt >= MAX_ATTEMPTS) throw error;
      const [found] = (await genie.listSpaces({ signal: ctx.signal })).filter(
        (space) => space.title === title,
      );
      if (found) return found.spaceId;
    }
  }
}

/** Removes every space with one of these titles. */
export async function removeTitled(
  ctx: Pick<RunContext, 'workspace'>,
  titles: readonly string[],
): Promise<void> {
  const spaces = await ctx.workspace.genie.listSpaces();
  for (const { spaceId, title } of spaces) {
    if (titles.includes(title)) await ctx.workspace.genie.trashSpace(spaceId);
  }
}
