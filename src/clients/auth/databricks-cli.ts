import * as z from 'zod';
import { parseJson, redactSecrets } from '../../core/index.ts';
import type { AuthSources } from './environment.ts';
import type { Credentials } from './credentials.ts';
import { AuthConfigurationError } from './errors.ts';
import { bearer } from './static-token.ts';
import { type Token, TokenCache } from './token-cache.ts';

const CLI_TIMEOUT_MS = 30_000;

const outputSchema = z.looseObject({ access_token: z.string().min(1), expiry: z.string().optional() });

export interface CliOptions {
  /** Which sign-in to use: a profile, else a host. */
  readonly login: { readonly profile: string } | { readonly host: string };
  /** Explicit path of the program; else it is searched for. */
  readonly cliPath?: string | undefined;
}

/** Signs in with the token of `databricks auth login`, which the command line tool keeps fresh. */
export function cliCredentials(options: CliOptions, sources: AuthSources): Credentials {
  const cache = new TokenCache(() => fetchCliToken(options, sources), sources.clock);
  const source = `the command line tool (databricks auth token ${loginArguments(options).join(' ')})`;
  return {
    type: 'databricks-cli',
    source,
    remedy: `Sign in again: databricks auth login ${loginArguments(options).join(' ')}`,
    authorization: async (call) => bearer(await cache.get(call), source),
    invalidate: (authorization) => cache.invalidate(authorization.replace(/^Bearer /, '')),
  };
}

const loginArguments = ({ login }: CliOptions): string[] =>
  'profile' in login ? ['--profile', login.profile] : ['--host', login.host];

/** @see spec/databricks-apis.md §1.5 */
async function fetchCliToken(options: CliOptions, sources: AuthSources): Promise<Token> {
  const program = options.cliPath ?? (await sources.findProgram('databricks', sources.env['PATH'] ?? ''));
  if (program === null) {
    throw new AuthConfigurationError(
      'The databricks command line tool was not found on the PATH. Install it, or set DATABRICKS_CLI_PATH.',
      [],
    );
  }
  const result = await sources.runCommand(program, ['auth', 'token', ...loginArguments(options)], {
    timeoutMs: CLI_TIMEOUT_MS,
  });
  if (result.exitCode !== 0) {
    // Only what it says about the failure; its output proper is the secret.
    const reason =
      result.failure ?? firstLine(redactSecrets(result.stderr)) ?? `exit code ${result.exitCode}`;
    throw new AuthConfigurationError(
      `databricks auth token failed (${reason}). Sign in with: databricks auth login ${loginArguments(options).join(' ')}`,
      [],
    );
  }
  // What cannot be read is not repeated anywhere: it may hold the token.
  const output = outputSchema.safeParse(parseJson(result.stdout));
  if (!output.success) {
    throw new AuthConfigurationError(
      'databricks auth token printed something other than a token. Update the command line tool to 0.207.1 or later.',
      [],
    );
  }
  const expiresAt = Date.parse(output.data.expiry ?? '');
  return { value: output.data.access_token, expiresAt: Number.isNaN(expiresAt) ? null : expiresAt };
}

const firstLine = (text: string): string | null =>
  text
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.trim() ?? null;
