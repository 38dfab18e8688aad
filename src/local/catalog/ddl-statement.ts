/** A statement that changes the catalog or its data, as parsed. Names are unquoted parts, as written. */
export type DdlStatement =
  | {
      readonly kind: 'create_catalog';
      readonly name: string;
      readonly ifNotExists: boolean;
      readonly comment: string | null;
    }
  | {
      readonly kind: 'create_schema';
      readonly name: readonly string[];
      readonly ifNotExists: boolean;
      readonly comment: string | null;
    }
  | CreateTable
  | CreateView
  | CreateFunction
  | ChangeRows
  | {
      readonly kind: 'insert';
      readonly name: readonly string[];
      readonly columns: readonly string[];
      readonly overwrite: boolean;
      readonly source: string;
    }
  | {
      readonly kind: 'comment';
      readonly target: 'catalog' | 'schema' | 'relation' | 'column';
      readonly name: readonly string[];
      readonly comment: string | null;
    }
  | {
      readonly kind: 'column_comment';
      readonly name: readonly string[];
      readonly column: string;
      readonly comment: string;
    }
  | {
      readonly kind: 'tags';
      readonly name: readonly string[];
      readonly column: string | null;
      readonly set: readonly (readonly [string, string])[];
      readonly unset: readonly string[];
    }
  | {
      readonly kind: 'properties';
      readonly name: readonly string[];
      readonly set: readonly (readonly [string, string])[];
      readonly unset: readonly string[];
    }
  | {
      readonly kind: 'add_constraint';
      readonly name: readonly string[];
      readonly constraint: TableConstraint;
    }
  | {
      readonly kind: 'drop_constraint';
      readonly name: readonly string[];
      readonly constraint: string | null;
      readonly ifExists: boolean;
    }
  | {
      readonly kind: 'alter_view';
      readonly name: readonly string[];
      readonly query: string | null;
      readonly yaml: string | null;
    }
  | {
      readonly kind: 'drop';
      readonly target: 'catalog' | 'schema' | 'relation' | 'function';
      readonly name: readonly string[];
      readonly ifExists: boolean;
    }
  | { readonly kind: 'truncate'; readonly name: readonly string[] }
  | { readonly kind: 'use'; readonly target: 'catalog' | 'schema'; readonly name: readonly string[] }
  /** Accepted without effect: the embedded workspace has one user, who may do everything. */
  | { readonly kind: 'ignored'; readonly what: 'grants' | 'optimize' };

export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly comment: string | null;
}

export type TableConstraint =
  | { readonly kind: 'primary_key'; readonly name: string | null; readonly columns: readonly string[] }
  | {
      readonly kind: 'foreign_key';
      readonly name: string | null;
      readonly columns: readonly string[];
      readonly referencedTable: readonly string[];
      /** Empty means the primary key of the referenced table. */
      readonly referencedColumns: readonly string[];
    };

export interface CreateTable {
  readonly kind: 'create_table';
  readonly name: readonly string[];
  readonly orReplace: boolean;
  readonly ifNotExists: boolean;
  readonly columns: readonly ColumnDefinition[];
  readonly constraints: readonly TableConstraint[];
  readonly comment: string | null;
  readonly properties: readonly (readonly [string, string])[];
  readonly query: string | null;
}

export interface CreateView {
  readonly kind: 'create_view';
  readonly name: readonly string[];
  readonly orReplace: boolean;
  readonly ifNotExists: boolean;
  readonly columns: readonly { readonly name: string; readonly comment: string | null }[];
  readonly comment: string | null;
  readonly properties: readonly (readonly [string, string])[];
  /** Text of a plain view. */
  readonly query: string | null;
  /** YAML of a metric view. */
  readonly yaml: string | null;
}

export interface CreateFunction {
  readonly kind: 'create_function';
  readonly name: readonly string[];
  readonly orReplace: boolean;
  readonly ifNotExists: boolean;
  readonly parameters: readonly {
    readonly name: string;
    readonly type: string;
    readonly defaultValue: string | null;
    readonly comment: string | null;
  }[];
  /** `null` for a scalar function; empty when RETURNS TABLE names no columns. */
  readonly returns:
    readonly { readonly name: string; readonly type: string; readonly comment: string | null }[] | null;
  readonly returnType: string | null;
  readonly comment: string | null;
  readonly body: string;
}

/** `UPDATE` or `DELETE`; expressions as written, `condition` `null` for every row. */
export type ChangeRows =
  | {
      readonly kind: 'delete';
      readonly name: readonly string[];
      readonly alias: string | null;
      readonly condition: string | null;
    }
  | {
      readonly kind: 'update';
      readonly name: readonly string[];
      readonly alias: string | null;
      readonly set: readonly { readonly column: string; readonly value: string }[];
      readonly condition: string | null;
    };
