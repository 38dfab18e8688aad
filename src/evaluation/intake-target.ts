import type { CallOptions, CatalogSnapshot, Workspace } from '../ports/index.ts';
import { parseSpace, referencedObjects, type Space } from '../spaces/index.ts';

/**
 * A live space with the part of the catalog it refers to: what {@link intake} and validation check against.
 *
 * @throws {SpaceFormatError} when the space cannot be read
 */
export async function readIntakeTarget(
  workspace: Pick<Workspace, 'genie' | 'catalog'>,
  spaceId: string,
  options: CallOptions = {},
): Promise<{ readonly space: Space; readonly catalog: CatalogSnapshot }> {
  const { serializedSpace } = await workspace.genie.getSpace(spaceId, options);
  const space = parseSpace(serializedSpace);
  const catalog = await workspace.catalog.snapshot(referencedObjects(space), options);
  return { space, catalog };
}
