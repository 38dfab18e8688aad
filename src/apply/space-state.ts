import { OptimizerError } from '../core/index.ts';
import type { CallOptions, GeniePort, SpaceExport } from '../ports/index.ts';
import { parseSpace, serializeSpace, spaceHash, updateGuarded, type Space } from '../spaces/index.ts';

/** A space as read, in the model, with what is needed to write it back guarded. */
export interface SpaceState {
  readonly space: Space;
  /** Canonical text; equal texts mean equal content. */
  readonly text: string;
  readonly hash: string;
  readonly etag: string | null;
  readonly title: string;
  readonly warehouseId: string | null;
}

/** The space came back empty: without edit permission the server hides the content. */
export class SpaceNotReadableError extends OptimizerError {
  constructor(spaceId: string) {
    super(
      `Space ${spaceId} has no readable content. Ask for CAN EDIT on the space: without it the server sends no 'serialized_space'.`,
      { code: 'SPACE_NOT_READABLE', details: { spaceId } },
    );
  }
}

/** Somebody else changed the space while the run was working on it; nothing was overwritten. */
export class SpaceEditedElsewhereError extends OptimizerError {
  constructor(
    spaceId: string,
    expectedHash: string,
    foundHash: string,
    more: {
      /** Where both edits are; empty or absent: not known. */
      readonly places?: readonly string[] | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    const { places = [], cause } = more;
    const where = places.length === 0 ? '' : ` at ${places.join(', ')}, which this run changes too`;
    const next =
      places.length === 0
        ? 'Review the change, then start a new run.'
        : 'Put these places back as they were and resume, or start a new run, which takes the space as it is.';
    super(`Space ${spaceId} was changed by somebody else${where}. Nothing was overwritten. ${next}`, {
      code: 'SPACE_EDITED_ELSEWHERE',
      details: { spaceId, expectedHash, foundHash, places },
      cause,
    });
  }
}

/** The space reads back differently from what was written. */
export class SpaceVerificationError extends OptimizerError {
  constructor(spaceId: string, expectedHash: string, foundHash: string) {
    super(`Space ${spaceId} reads back differently from what was written; the change is rolled back.`, {
      code: 'SPACE_VERIFICATION',
      details: { spaceId, expectedHash, foundHash },
    });
  }
}

/** Reads a space with its content. @throws {SpaceNotReadableError} */
export async function readSpace(
  genie: GeniePort,
  spaceId: string,
  options?: CallOptions,
): Promise<SpaceState> {
  return stateOf(await genie.getSpace(spaceId, options));
}

function stateOf(found: SpaceExport): SpaceState {
  if (found.serializedSpace.trim() === '') throw new SpaceNotReadableError(found.spaceId);
  const space = parseSpace(found.serializedSpace);
  return {
    space,
    text: serializeSpace(space),
    hash: spaceHash(space),
    etag: found.etag,
    title: found.title,
    warehouseId: found.warehouseId,
  };
}

/**
 * Replaces the content of a space that must still be in the state `expectedHash`, and reads it back.
 *
 * Writing a state the space already has is a no-op, so the call can be repeated after a kill.
 *
 * @throws {SpaceEditedElsewhereError} the space is in a third state
 * @throws {SpaceVerificationError} the space reads back differently
 */
export async function writeSpace(
  genie: GeniePort,
  spaceId: string,
  target: { readonly text: string; readonly expectedHash: string },
  options?: CallOptions,
): Promise<SpaceState> {
  const targetHash = spaceHash(parseSpace(target.text));
  await updateGuarded(
    genie,
    spaceId,
    (found) => {
      const { hash } = stateOf(found);
      if (hash === targetHash) return null;
      if (hash !== target.expectedHash)
        throw new SpaceEditedElsewhereError(spaceId, target.expectedHash, hash);
      return { serializedSpace: target.text };
    },
    options,
  );
  const stored = await readSpace(genie, spaceId, options);
  if (stored.hash !== targetHash) throw new SpaceVerificationError(spaceId, targetHash, stored.hash);
  return stored;
}

/** Times an edit of somebody else that comes between reading and writing is merged before it counts as a fight. */
export const MAX_MERGES = 3;
