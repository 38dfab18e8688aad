import type { CatalogModel, NameScope } from '../catalog/catalog-model.ts';
import type { QueryScope, ScopedRelation } from './relation-scope.ts';

/** What expansion reads and what it leaves behind for later steps. */
export interface Expansion {
  readonly model: CatalogModel;
  readonly names: NameScope;
  /** Every relation met, for suggestions in error messages. */
  readonly seen: ScopedRelation[];
  /** Expands a query tree in place; handed down so that views, functions and metric views can contain each other. */
  readonly expand: (tree: unknown, scope: QueryScope, expansion: Expansion) => void;
  /** Shared by nested expansions, so what a view reads counts for the statement. */
  readonly usage: { informationSchema: boolean };
}
