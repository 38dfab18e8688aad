import type { CallOptions } from './call-options.ts';

/** Column of a result: Databricks type name (`BIGINT`, `DECIMAL`, `STRUCT`, …) and full type text (`DECIMAL(12,2)`). */
export interface ResultColumn {
  readonly name: string;
  readonly typeName: string;
  readonly typeText: string;
}

/** Rows as the statement API sends them: every cell a string or null, typed by `columns`. */
export interface StatementResult {
  readonly statementId: string | null;
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** The server or `rowLimit` cut the rows off. */
  readonly truncated: boolean;
}

export interface StatementParameter {
  readonly name: string;
  readonly value: string | null;
  readonly type?: string;
}

/**
 * Executes SQL on a warehouse.
 *
 * `execute` throws `SqlStatementError` (with `details.errorClass`, e.g. `UNRESOLVED_COLUMN.WITH_SUGGESTION`,
 * and `details.sqlState`) when the statement fails; transport failures throw their own errors.
 */
export interface SqlPort {
  execute(
    statement: string,
    options?: CallOptions & {
      readonly parameters?: readonly StatementParameter[] | undefined;
      readonly rowLimit?: number | undefined;
      readonly timeoutMs?: number | undefined;
    },
  ): Promise<StatementResult>;
  /** Rows of a statement that somebody else ran (Genie), without running it again. */
  resultOf(statementId: string, options?: CallOptions): Promise<StatementResult>;
}
