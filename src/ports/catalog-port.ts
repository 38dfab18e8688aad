import type { CallOptions } from './call-options.ts';

export interface CatalogColumn {
  readonly name: string;
  /** Databricks type text, upper case: `BIGINT`, `DECIMAL(12,2)`, `DATE`, `STRING`. */
  readonly type: string;
  readonly comment: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

export interface ForeignKey {
  readonly columns: readonly string[];
  /** Full name of the referenced table. */
  readonly referencedTable: string;
  readonly referencedColumns: readonly string[];
}

export interface CatalogTable {
  /** `catalog.schema.table`, as stored. */
  readonly name: string;
  readonly kind: 'table' | 'view' | 'metric_view';
  readonly comment: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly columns: readonly CatalogColumn[];
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly ForeignKey[];
  /** View text, or the YAML of a metric view; `null` for tables. */
  readonly definition: string | null;
}

export interface CatalogFunction {
  readonly name: string;
  readonly comment: string | null;
  readonly parameters: readonly {
    readonly name: string;
    readonly type: string;
    readonly defaultValue: string | null;
    readonly comment: string | null;
  }[];
  /** Columns of a table-valued function; empty for scalar functions. */
  readonly returns: readonly {
    readonly name: string;
    readonly type: string;
    readonly comment?: string | null;
  }[];
  /** Text after RETURN; `null` when the reader may not see it. */
  readonly body: string | null;
  /**
   * The whole `CREATE … FUNCTION` statement, where the reader can get it (`SHOW CREATE FUNCTION`, a repository).
   *
   * With it, edits keep the clauses that the other members do not show (DETERMINISTIC, SQL SECURITY, …) and undoing
   * them restores the statement as it was. Without it a function is rebuilt from the other members.
   */
  readonly definition?: string;
}

/** Unity Catalog as far as a space refers to it, at one moment. Names compare without regard to case. */
export interface CatalogSnapshot {
  readonly tables: readonly CatalogTable[];
  readonly functions: readonly CatalogFunction[];
}

/** Reads Unity Catalog. Objects that do not exist are left out of the answer. */
export interface CatalogPort {
  snapshot(
    names: { readonly tables: readonly string[]; readonly functions: readonly string[] },
    options?: CallOptions,
  ): Promise<CatalogSnapshot>;
}

export const EMPTY_CATALOG: CatalogSnapshot = { tables: [], functions: [] };
