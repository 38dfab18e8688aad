export { type Credentials, NO_CREDENTIALS } from './credentials.ts';
export { type AuthSources, type CommandOptions, type CommandResult, processSources } from './environment.ts';
export { type AuthAttempt, AuthConfigurationError } from './errors.ts';
export type { AuthOptions } from './auth-options.ts';
export { type ResolvedAuth, resolveAuth } from './resolve-auth.ts';
