import type { CatalogSnapshot } from '../ports/index.ts';
import type { Space } from '../spaces/index.ts';

/** The state that patches are validated and planned against. */
export interface Snapshot {
  readonly space: Space;
  /** Unity Catalog as far as the space refers to it; what is missing here cannot be checked or changed. */
  readonly catalog: CatalogSnapshot;
}
