import { isLoopback, normalizeHost } from '../http/index.ts';
import type { AuthOptions } from './auth-options.ts';
import type { Credentials } from './credentials.ts';
import { cliCredentials } from './databricks-cli.ts';
import type { AuthSources } from './environment.ts';
import { type AuthAttempt, AuthConfigurationError } from './errors.ts';
import { firstValue, hasCredential, type Level } from './levels.ts';
import { oauthM2mCredentials } from './oauth-m2m.ts';
import { providedCredentials, tokenCredentials } from './static-token.ts';

const SUPPORTED_AUTH_TYPES = ['pat', 'oauth-m2m', 'databricks-cli'] as const;

interface CredentialSearch {
  readonly options: AuthOptions;
  readonly levels: readonly Level[];
  readonly host: string;
  readonly profile: string | null;
  readonly cliPath: string | undefined;
  readonly sources: AuthSources;
  readonly attempts: AuthAttempt[];
}

/** The first way to sign in that the levels offer for the host; the command line tool comes last. */
export async function chooseCredentials(search: CredentialSearch): Promise<Credentials> {
  const { options, levels, attempts } = search;
  if (options.tokenProvider !== undefined) return providedCredentials(options.tokenProvider);
  const authType = firstValue(levels, 'authType');
  if (authType !== null && !SUPPORTED_AUTH_TYPES.some((known) => known === authType)) {
    throw new AuthConfigurationError(
      `Sign-in '${authType}' is not supported: use ${SUPPORTED_AUTH_TYPES.join(', ')}, or pass tokenProvider.`,
      attempts,
    );
  }
  for (const level of levels) {
    const credentials = credentialsOf(level, authType, search);
    if (credentials !== null) return credentials;
  }
  if (authType === null || authType === 'databricks-cli') {
    const credentials = await fromCli(search);
    if (credentials !== null) return credentials;
  }
  throw new AuthConfigurationError(`No credentials for ${search.host}.`, attempts);
}

/** Credentials of one level, if it holds any that may go to the host. */
function credentialsOf(
  { source, remedy, values }: Level,
  authType: string | null,
  { host, sources, levels, attempts }: CredentialSearch,
): Credentials | null {
  if (!hasCredential(values)) {
    attempts.push({ source, outcome: 'holds no token, and no client id with client secret' });
    return null;
  }
  if (values.host !== undefined && normalizeHost(values.host) !== host) {
    attempts.push({
      source,
      outcome: `its credentials belong to ${normalizeHost(values.host)}, not to ${host}`,
    });
    return null;
  }
  const usesToken = authType === null || authType === 'pat';
  const usesClient = authType === null || authType === 'oauth-m2m';
  if (
    authType === null &&
    values.token !== undefined &&
    values.clientId !== undefined &&
    values.clientSecret !== undefined
  ) {
    throw new AuthConfigurationError(
      `${capitalize(source)} gives both a token and a service principal. Remove one, or set authType to 'pat' or 'oauth-m2m'.`,
      attempts,
    );
  }
  if (usesToken && values.token !== undefined) {
    const named = source === 'environment' ? 'environment variable DATABRICKS_TOKEN' : source;
    return tokenCredentials(values.token, named, remedy);
  }
  if (usesClient && values.clientId !== undefined && values.clientSecret !== undefined) {
    return oauthM2mCredentials({
      host,
      clientId: values.clientId,
      clientSecret: values.clientSecret,
      accountId: firstValue(levels, 'accountId'),
      source,
      clock: sources.clock,
    });
  }
  const missing = values.clientId === undefined ? 'client id' : 'client secret';
  attempts.push({
    source,
    outcome: authType === null ? `the ${missing} is missing` : `holds nothing for sign-in '${authType}'`,
  });
  return null;
}

async function fromCli({
  host,
  profile,
  cliPath,
  sources,
  attempts,
}: CredentialSearch): Promise<Credentials | null> {
  if (isLoopback(host)) {
    attempts.push({ source: 'command line tool', outcome: 'not asked: the host is this machine' });
    return null;
  }
  const credentials = cliCredentials({ login: profile === null ? { host } : { profile }, cliPath }, sources);
  try {
    await credentials.authorization();
    return credentials;
  } catch (error) {
    if (!(error instanceof AuthConfigurationError)) throw error;
    attempts.push({ source: 'command line tool', outcome: error.message });
    return null;
  }
}

const capitalize = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
