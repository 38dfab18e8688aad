export * from './auth/index.ts';
export * from './bundles/index.ts';
export * from './catalog/index.ts';
export { type ConnectedWorkspace, connect, type ConnectOptions, WarehouseUnknownError } from './connect.ts';
export * from './genie/index.ts';
export * from './http/index.ts';
export * from './identity/index.ts';
export * from './jobs/index.ts';
export * from './limiter/index.ts';
export * from './mlflow/index.ts';
export { defaultPollInterval, type PollInterval } from './poll-interval.ts';
export * from './serving/index.ts';
// By name: the rest of the folder is for the client of conversations.
export {
  SQL_DEFAULTS,
  SqlCanceledError,
  SqlClient,
  type SqlClientOptions,
  SqlResultExpiredError,
  SqlStatementError,
  SqlTimeoutError,
} from './sql/index.ts';
export * from './system/index.ts';
export { ProfileRefusedError, type SignedInBy } from './verify-access.ts';
export * from './workspace-files/index.ts';
export type * from '../ports/index.ts';
