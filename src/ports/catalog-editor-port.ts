import type { CallOptions } from './call-options.ts';
import type { CatalogFunction, CatalogTable } from './catalog-port.ts';

/** What a comment or tag belongs to; the kind decides how it is written. */
export interface CatalogTarget {
  readonly table: Pick<CatalogTable, 'name' | 'kind'>;
  /** A column of it; without one the table itself is meant. */
  readonly column?: string | undefined;
}

/** Writes to Unity Catalog. Needs MODIFY or ownership, and APPLY TAG for tags. @see spec/databricks-apis.md §5.3 */
export interface CatalogEditorPort {
  /** `null` removes the comment. Columns of a metric view have theirs in its definition. */
  setComment(target: CatalogTarget, comment: string | null, options?: CallOptions): Promise<void>;
  /** Sets tags; `null` removes one. Others stay. */
  setTags(
    target: CatalogTarget,
    tags: Readonly<Record<string, string | null>>,
    options?: CallOptions,
  ): Promise<void>;
  /** Replaces the definition of a metric view, keeping its grants. */
  replaceMetricView(name: string, yaml: string, options?: CallOptions): Promise<void>;
  /** Makes a table-valued function, or replaces it whole: its comment cannot be changed alone. */
  replaceTableFunction(definition: CatalogFunction, options?: CallOptions): Promise<void>;
}
