import { isLoopback, normalizeHost } from '../http/index.ts';
import type { AuthOptions } from './auth-options.ts';
import { chooseCredentials } from './choose-credentials.ts';
import { chooseProfile, type ChosenProfile } from './choose-profile.ts';
import type { Credentials } from './credentials.ts';
import type { AuthSources } from './environment.ts';
import { type AuthAttempt, AuthConfigurationError } from './errors.ts';
import { environmentValues, firstValue, type Level, nonEmpty, present } from './levels.ts';

/** Where and as whom we signed in. */
export interface ResolvedAuth {
  readonly host: string;
  readonly credentials: Credentials;
  readonly warehouseId: string | null;
  readonly workspaceId: string | null;
  /** Profile that was used; `null` when none was. */
  readonly profile: string | null;
}

/**
 * Finds host and credentials in the unified order: options, environment, profile.
 *
 * A profile named in the options counts as an option. With no profile named, the configuration file is read only
 * when options and environment give neither host nor credential, so that a secret never meets a host of elsewhere.
 *
 * @throws {AuthConfigurationError} with everything that was tried, and why it gave nothing
 * @see spec/databricks-apis.md §1.1–1.6
 */
export async function resolveAuth(options: AuthOptions, sources: AuthSources): Promise<ResolvedAuth> {
  const attempts: AuthAttempt[] = [];
  const explicit: Level = {
    source: 'explicit options',
    remedy: 'Pass a valid token in the options.',
    values: present(options),
  };
  const environment: Level = {
    source: 'environment',
    remedy:
      'Set the environment variables (DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET) to valid values.',
    values: environmentValues(sources.env),
  };
  const profile = await chooseProfile(options, sources, [explicit, environment], attempts);
  const levels = [
    explicit,
    ...(options.profile === undefined ? [environment, ...profile.levels] : [...profile.levels, environment]),
  ];

  const host = chooseHost(levels, profile, attempts);
  const cliPath = options.databricksCliPath ?? nonEmpty(sources.env['DATABRICKS_CLI_PATH']);
  const credentials = await chooseCredentials({
    options,
    levels,
    host,
    profile: profile.name,
    cliPath,
    sources,
    attempts,
  });
  return {
    host,
    credentials,
    warehouseId: firstValue(levels, 'warehouseId'),
    workspaceId: firstValue(levels, 'workspaceId'),
    profile: profile.levels.length === 0 ? null : profile.name,
  };
}

function chooseHost(levels: readonly Level[], profile: ChosenProfile, attempts: AuthAttempt[]): string {
  const hosts = levels
    .filter(({ values }) => values.host !== undefined)
    .map(({ source, values }) => ({ source, host: normalizeHost(values.host ?? '') }));
  const chosen =
    hosts[0]?.host ?? (profile.bundleHost === null ? undefined : normalizeHost(profile.bundleHost));
  if (chosen === undefined) {
    for (const { source } of levels) attempts.push({ source, outcome: 'names no host' });
    throw new AuthConfigurationError(
      'No workspace is configured: pass a host or a profile, set DATABRICKS_HOST, or run: databricks auth login.',
      attempts,
    );
  }
  if (chosen.startsWith('http:') && !isLoopback(chosen)) {
    throw new AuthConfigurationError(
      `${chosen} is a plain HTTP address, over which a token would travel readable by anybody. Use https://.`,
      attempts,
    );
  }
  return chosen;
}
