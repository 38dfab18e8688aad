export { SqlCanceledError, SqlResultExpiredError, SqlStatementError, SqlTimeoutError } from './errors.ts';
export { isTerminal, succeeded, toStatementResult } from './finished-statement.ts';
export { SQL_DEFAULTS, SqlClient, type SqlClientOptions } from './sql-client.ts';
export { type StatementWire, statementWireSchema } from './wire.ts';
