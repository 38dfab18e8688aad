import { hasCode } from '../core/index.ts';
import type { CallOptions, GeniePort, SpaceExport, SpaceUpdate } from '../ports/index.ts';

/** Times an update is tried again when somebody else's write came between reading and writing. */
const MAX_CONFLICTS = 3;

/**
 * Updates a space under the etag just read; reads and decides again when the etag moved meanwhile.
 *
 * @param updateFor - what to write over the space as it is; `null`: nothing. What it throws is thrown on
 * @throws what the service says, the fourth conflict in a row (code `SPACE_CONFLICT`) included
 */
export async function updateGuarded(
  genie: Pick<GeniePort, 'getSpace' | 'updateSpace'>,
  spaceId: string,
  updateFor: (live: SpaceExport) => Omit<SpaceUpdate, 'etag'> | null,
  options?: CallOptions,
): Promise<void> {
  for (let conflicts = 0; ; conflicts++) {
    const live = await genie.getSpace(spaceId, options);
    const update = updateFor(live);
    if (update === null) return;
    try {
      await genie.updateSpace(spaceId, { ...update, etag: live.etag }, options);
      return;
    } catch (error) {
      if (!hasCode(error, 'SPACE_CONFLICT') || conflicts >= MAX_CONFLICTS) throw error;
    }
  }
}
