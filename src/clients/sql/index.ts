export { SqlCanceledError, SqlResultExpiredError, SqlStatementError, SqlTimeoutError } from './errors.ts';
export { SQL_DEFAULTS, SqlClient, type SqlClientOptions } from './sql-client.ts';
