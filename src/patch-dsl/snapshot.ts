import type { CatalogSnapshot } from '../ports/index.ts';
import type { Space } from '../spaces/index.ts';
import type { AssetRole } from './asset-role.ts';

/** The state that patches are validated and planned against. */
export interface Snapshot {
  readonly space: Space;
  /** Unity Catalog as far as the space refers to it; what is missing here cannot be checked or changed. */
  readonly catalog: CatalogSnapshot;
  /** What the caller says a table holds, per full name; it decides the lever before tag, name and columns do. */
  readonly roles?: Readonly<Record<string, AssetRole>> | undefined;
}
