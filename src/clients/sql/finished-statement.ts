import type { CallOptions, StatementResult } from '../../ports/index.ts';
import type { HttpClient } from '../http/index.ts';
import { readChunks } from './chunks.ts';
import { SqlCanceledError, SqlResultExpiredError, statementError } from './errors.ts';
import { toResultColumn } from './result-columns.ts';
import type { StatementWire } from './wire.ts';

const TERMINAL_STATES: ReadonlySet<string> = new Set(['SUCCEEDED', 'FAILED', 'CANCELED', 'CLOSED']);

/** States that we do not know count as running: the waiting ends by its time limit. */
export const isTerminal = (statement: StatementWire): boolean => TERMINAL_STATES.has(statement.status.state);

/**
 * The statement, when it ended well.
 *
 * @throws {SqlStatementError} @throws {SqlCanceledError} @throws {SqlResultExpiredError}
 */
export function succeeded(statement: StatementWire): StatementWire {
  switch (statement.status.state) {
    case 'FAILED':
      throw statementError(statement);
    case 'CANCELED':
      throw new SqlCanceledError(statement.statement_id);
    case 'CLOSED':
      throw new SqlResultExpiredError(statement.statement_id);
    default:
      return statement;
  }
}

/** All rows and columns of a statement that succeeded. */
export async function toStatementResult(
  http: HttpClient,
  statement: StatementWire,
  options: CallOptions & { readonly rowLimit?: number | undefined },
): Promise<StatementResult> {
  const rows = await readChunks(http, statement, options);
  const { rowLimit } = options;
  const overLimit = rowLimit !== undefined && rows.length > rowLimit;
  return {
    statementId: statement.statement_id,
    columns: (statement.manifest?.schema?.columns ?? []).map(toResultColumn),
    rows: overLimit ? rows.slice(0, rowLimit) : rows,
    truncated: overLimit || statement.manifest?.truncated === true,
  };
}
