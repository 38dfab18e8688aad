import type { CatalogSnapshot } from '../ports/index.ts';
import type { Space } from '../spaces/index.ts';

/**
 * Where descriptions go: into the space (works on read-only sources and is undone by one PATCH), into Unity
 * Catalog (survives a rebuild of the space, is shared by everybody), or both.
 */
export const DESCRIPTION_PLACES = ['space', 'catalog', 'both'] as const;
export type DescriptionPlace = (typeof DESCRIPTION_PLACES)[number];

/** What a patch may look at while it is rendered. */
export interface RenderContext {
  readonly space: Space;
  readonly catalog: CatalogSnapshot;
  readonly descriptionsIn: DescriptionPlace;
  /** An id that the space does not use yet. */
  newId(): string;
}
