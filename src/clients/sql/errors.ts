import { OptimizerError } from '../../core/index.ts';
import type { StatementWire } from './wire.ts';

interface StatementFailure {
  readonly statementId: string | null;
  /** Class and sub-class in the brackets of the message: `UNRESOLVED_COLUMN.WITH_SUGGESTION`. */
  readonly errorClass: string | null;
  /** Five characters of the SQL standard: `42703`. */
  readonly sqlState: string | null;
  /** Code of the API: `BAD_REQUEST`, `DEADLINE_EXCEEDED`, … */
  readonly errorCode: string | null;
}

/** Codes of the API that speak of the warehouse, not of the statement. */
const PASSING_CODES: ReadonlySet<string> = new Set([
  'DEADLINE_EXCEEDED',
  'RESOURCE_EXHAUSTED',
  'SERVICE_UNDER_MAINTENANCE',
  'TEMPORARILY_UNAVAILABLE',
  'WORKSPACE_TEMPORARILY_UNAVAILABLE',
  'IO_ERROR',
]);

/**
 * A statement was refused or failed while running.
 *
 * `retryable` is set when the reason lies in the warehouse and not in the statement.
 * @see spec/databricks-apis.md §4
 */
export class SqlStatementError extends OptimizerError {
  readonly errorClass: string | null;
  readonly sqlState: string | null;
  readonly statementId: string | null;

  constructor(serverMessage: string, failure: StatementFailure) {
    super(`The statement failed: ${serverMessage === '' ? 'the server gave no reason' : serverMessage}`, {
      code: 'SQL_STATEMENT_FAILED',
      retryable: PASSING_CODES.has(failure.errorCode ?? ''),
      details: { ...failure, serverMessage },
    });
    this.errorClass = failure.errorClass;
    this.sqlState = failure.sqlState;
    this.statementId = failure.statementId;
  }
}

/** The statement was cancelled on the server by somebody other than the caller. */
export class SqlCanceledError extends OptimizerError {
  constructor(statementId: string) {
    super(
      `Statement ${statementId} was cancelled on the server. Look in the query history for who did it, then run it again.`,
      {
        code: 'SQL_CANCELED',
        retryable: true,
        details: { statementId },
      },
    );
  }
}

/** The statement did not end within the time limit. Our own are cancelled on the server; those of others go on. */
export class SqlTimeoutError extends OptimizerError {
  constructor(statementId: string, timeoutMs: number, state: string, isCancelled = true) {
    super(
      `Statement ${statementId} was still ${state} after ${timeoutMs} ms and ${isCancelled ? 'was cancelled' : 'goes on'}. Pass a larger timeoutMs, or use a larger warehouse.`,
      { code: 'SQL_TIMEOUT', retryable: true, details: { statementId, timeoutMs, state, isCancelled } },
    );
  }
}

/** The statement once succeeded, but its rows are no longer kept. */
export class SqlResultExpiredError extends OptimizerError {
  constructor(statementId: string, cause?: unknown) {
    super(
      `The rows of statement ${statementId} are no longer kept (about one hour). Run the statement again.`,
      {
        code: 'SQL_RESULT_EXPIRED',
        details: { statementId },
        cause,
      },
    );
  }
}

const ERROR_CLASS = /\[([A-Z][A-Z0-9_]*(?:\.[A-Z][A-Z0-9_]*)*)\]/;
const SQL_STATE = /\bSQLSTATE:?\s*([0-9A-Z]{5})\b/;

/** The error class in brackets and the SQLSTATE that a message may carry. */
export function classifyMessage(message: string): { errorClass: string | null; sqlState: string | null } {
  return {
    errorClass: ERROR_CLASS.exec(message)?.[1] ?? null,
    sqlState: SQL_STATE.exec(message)?.[1] ?? null,
  };
}

/** The error for a statement in state FAILED. */
export function statementError(statement: StatementWire): SqlStatementError {
  const message = statement.status.error?.message ?? '';
  const { errorClass, sqlState } = classifyMessage(message);
  return new SqlStatementError(message, {
    statementId: statement.statement_id,
    errorClass,
    sqlState: statement.status.sql_state ?? sqlState,
    errorCode: statement.status.error?.error_code ?? null,
  });
}

/** Start of the one cell by which EXPLAIN reports a bad query in a statement that succeeds. */
const PLANNING_FAILED = 'Error occurred during query planning:';

/** The failure that an EXPLAIN hides in its result, or `null`. */
export function explainError(
  sql: string,
  statementId: string,
  rows: readonly (readonly (string | null)[])[],
): SqlStatementError | null {
  if (!/^\s*EXPLAIN\b/i.test(sql)) return null;
  const cell = rows[0]?.[0] ?? '';
  if (!cell.trimStart().startsWith(PLANNING_FAILED)) return null;
  const message = cell.trimStart().slice(PLANNING_FAILED.length).trim();
  return new SqlStatementError(message, {
    statementId,
    errorCode: 'BAD_REQUEST',
    ...classifyMessage(message),
  });
}
