import { isAbsolute, join } from 'node:path';
import { nearestName } from '../../core/index.ts';
import type { AuthOptions } from './auth-options.ts';
import { readBundleWorkspace } from './bundle-file.ts';
import { type ConfigFile, parseConfigFile } from './config-file.ts';
import type { AuthSources } from './environment.ts';
import { type AuthAttempt, AuthConfigurationError } from './errors.ts';
import { hasCredential, type Level, nonEmpty, profileLevel } from './levels.ts';

const DEFAULT_PROFILE = 'DEFAULT';

export interface ChosenProfile {
  readonly name: string | null;
  readonly levels: readonly Level[];
  /** Host that `databricks.yml` gives without a profile. */
  readonly bundleHost: string | null;
}

/**
 * Picks the profile: the named one, that of `databricks.yml`, or the default of the configuration file.
 *
 * @throws {AuthConfigurationError} when a profile that somebody named does not exist
 */
export async function chooseProfile(
  options: AuthOptions,
  sources: AuthSources,
  outer: readonly Level[],
  attempts: AuthAttempt[],
): Promise<ChosenProfile> {
  const envProfile = nonEmpty(sources.env['DATABRICKS_CONFIG_PROFILE']);
  const settled =
    outer.some(({ values }) => values.host !== undefined || hasCredential(values)) ||
    options.tokenProvider !== undefined;
  const named = options.profile ?? envProfile;
  if (named === undefined && settled) {
    attempts.push({
      source: 'configuration file',
      outcome:
        'not read: the options or the environment already name a host or a credential, and no profile was named',
    });
    return { name: null, levels: [], bundleHost: null };
  }
  const bundle = named === undefined ? await fromBundle(options.target, sources, attempts) : null;
  const { file, shownPath } = await readConfigFile(options, sources);
  const wanted = named ?? bundle?.profile ?? null;
  const name = wanted ?? file?.defaultProfile ?? DEFAULT_PROFILE;
  const values = file?.profiles.get(name);
  const bundleHost = bundle?.host ?? null;
  if (values !== undefined) return { name, levels: [profileLevel(name, shownPath, values)], bundleHost };

  const known = [...(file?.profiles.keys() ?? [])];
  const near = nearestName(name, known);
  const outcome =
    file === null
      ? `there is no file ${shownPath}`
      : `no such profile${near === null ? '' : `; did you mean '${near}'?`}${known.length === 0 ? '' : ` (there are: ${known.join(', ')})`}`;
  attempts.push({ source: `profile '${name}' in ${shownPath}`, outcome });
  // A profile that somebody named must exist; the default one may be missing.
  if (wanted !== null)
    throw new AuthConfigurationError(`Profile '${name}' was asked for and cannot be used.`, attempts);
  return { name: null, levels: [], bundleHost };
}

async function readConfigFile(
  options: AuthOptions,
  sources: AuthSources,
): Promise<{ file: ConfigFile | null; shownPath: string }> {
  const given = options.configFile ?? nonEmpty(sources.env['DATABRICKS_CONFIG_FILE']) ?? '~/.databrickscfg';
  const inHome = given.startsWith('~') ? join(sources.homeFolder, given.slice(1)) : given;
  const text = await sources.files.read(isAbsolute(inHome) ? inHome : join(sources.workingFolder, inHome));
  return { file: text === null ? null : parseConfigFile(text), shownPath: given };
}

async function fromBundle(
  target: string | undefined,
  sources: AuthSources,
  attempts: AuthAttempt[],
): Promise<{ profile: string | null; host: string | null } | null> {
  for (const name of ['databricks.yml', 'databricks.yaml']) {
    const text = await sources.files.read(join(sources.workingFolder, name));
    if (text === null) continue;
    const found = await readBundleWorkspace(text, target);
    if (found !== null && (found.profile !== null || found.host !== null)) return found;
    attempts.push({
      source: name,
      outcome: `names no profile or host${target === undefined ? '' : ` for target '${target}'`} that can be used as it stands`,
    });
    return null;
  }
  if (target !== undefined)
    attempts.push({
      source: 'databricks.yml',
      outcome: `not in the working folder, so target '${target}' is unknown`,
    });
  return null;
}
