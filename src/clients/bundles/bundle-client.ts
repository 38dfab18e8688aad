import * as z from 'zod';
import { InvalidOptionError, OptimizerError, redactSecrets, throwIfAborted } from '../../core/index.ts';
import type { BundleOptions, BundlePort, BundleResource } from '../../ports/index.ts';
import { type AuthSources, type CommandResult, processSources } from '../auth/index.ts';
import { parseWireJson } from '../http/wire-json.ts';

/** Longest time of one command; a deployment with many files is the slowest. */
export const BUNDLE_DEFAULTS = { timeoutMs: 900_000, runTimeoutMs: 3_600_000 } as const;

export interface BundleClientOptions {
  /** Folder with `databricks.yml`. */
  readonly folder: string;
  /** Profile to sign in with; default: what the bundle or the environment says. */
  readonly profile?: string | undefined;
  /** Path of the program; default: `DATABRICKS_CLI_PATH`, else the PATH is searched. */
  readonly cliPath?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly sources?: Partial<AuthSources> | undefined;
}

/** A bundle command failed; `details.reason` is what the program said, without secrets. */
export class BundleError extends OptimizerError {
  constructor(command: string, folder: string, reason: string, exitCode: number | null) {
    super(
      `databricks bundle ${command} failed in ${folder}: ${reason} Run the same command there to see all of its output.`,
      { code: 'BUNDLE_FAILED', details: { command, folder, reason, exitCode } },
    );
  }
}

const summarySchema = z.looseObject({
  resources: z
    .record(
      z.string(),
      z.record(z.string(), z.looseObject({ id: z.coerce.string().nullish(), url: z.string().nullish() })),
    )
    .nullish(),
});

/** Asset bundles through the `databricks` command line tool, as a child process. @see spec/databricks-apis.md §6 */
export class BundleClient implements BundlePort {
  readonly #options: BundleClientOptions;
  readonly #sources: AuthSources;

  constructor(options: BundleClientOptions) {
    this.#options = options;
    this.#sources = processSources(options.sources);
  }

  async validate(options: BundleOptions = {}): Promise<void> {
    await this.#bundle(['validate', '--output', 'json'], options);
  }

  async deploy(options: BundleOptions = {}): Promise<void> {
    await this.#bundle(['deploy', '--auto-approve'], options);
  }

  async resources(options: BundleOptions = {}): Promise<readonly BundleResource[]> {
    const { stdout } = await this.#bundle(['summary', '--output', 'json'], options);
    const summary = summarySchema.safeParse(parseJson(stdout));
    if (!summary.success)
      throw new BundleError(
        'summary',
        this.#options.folder,
        'it printed something other than a summary. Update the tool.',
        0,
      );
    return Object.entries(summary.data.resources ?? {}).flatMap(([type, ofType]) =>
      Object.entries(ofType).map(([key, { id, url }]) => ({ type, key, id: id ?? null, url: url ?? null })),
    );
  }

  async run(
    key: string,
    options: BundleOptions & { readonly parameters?: Readonly<Record<string, string>> | undefined } = {},
  ): Promise<void> {
    const parameters = Object.entries(options.parameters ?? {});
    for (const [name, value] of parameters) {
      // The program splits at commas and has no way to escape one.
      if (`${name}${value}`.includes(','))
        throw new InvalidOptionError('parameters', `may not hold a comma: '${name}'; encode it as base64`);
    }
    const given = parameters.map(([name, value]) => `${name}=${value}`).join(',');
    await this.#bundle(
      ['run', resourceKey(key), ...(given === '' ? [] : ['--params', given])],
      options,
      BUNDLE_DEFAULTS.runTimeoutMs,
    );
  }

  async generateSpace(spaceId: string, key: string, options: BundleOptions = {}): Promise<void> {
    await this.#bundle(
      [
        'generate',
        'genie-space',
        '--existing-id',
        resourceKey(spaceId),
        '--key',
        resourceKey(key),
        '--force',
      ],
      options,
    );
  }

  async #bundle(
    args: readonly string[],
    { target, variables, signal }: BundleOptions,
    timeoutMs: number = BUNDLE_DEFAULTS.timeoutMs,
  ): Promise<CommandResult> {
    const { folder, profile } = this.#options;
    const [command = ''] = args;
    const program = await this.#program();
    const common = [
      ...(target === undefined ? [] : ['--target', target]),
      ...(profile === undefined ? [] : ['--profile', profile]),
      ...Object.entries(variables ?? {}).flatMap(([name, value]) => ['--var', `${name}=${value}`]),
    ];
    const result = await this.#sources.runCommand(program, ['bundle', ...args, ...common], {
      timeoutMs: this.#options.timeoutMs ?? timeoutMs,
      cwd: folder,
      signal,
    });
    throwIfAborted(signal, `databricks bundle ${command}`);
    if (result.exitCode !== 0) throw new BundleError(command, folder, reasonOf(result), result.exitCode);
    return result;
  }

  async #program(): Promise<string> {
    const { env, findProgram } = this.#sources;
    const given = this.#options.cliPath ?? env['DATABRICKS_CLI_PATH'] ?? '';
    const program = given === '' ? await findProgram('databricks', env['PATH'] ?? '') : given;
    if (program === null)
      throw new OptimizerError(
        'The databricks command line tool was not found on the PATH. Install it, or pass cliPath.',
        { code: 'CLI_NOT_FOUND' },
      );
    return program;
  }
}

/** A key is an argument of its own, so it must not look like an option. */
function resourceKey(key: string): string {
  if (!/^\w[\w.-]*$/.test(key))
    throw new InvalidOptionError('key', `must consist of letters, digits, '_', '.' and '-', got '${key}'`);
  return key;
}

/** The first line that names an error, else the last line, else how the program ended. */
function reasonOf({ stderr, failure, exitCode }: CommandResult): string {
  const lines = redactSecrets(stderr)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const line = lines.find((candidate) => /^error\b/i.test(candidate)) ?? lines.at(-1);
  const reason = failure ?? line ?? `exit code ${exitCode}`;
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}

/** `undefined` for text that is no JSON; the schema then refuses it. */
function parseJson(text: string): unknown {
  try {
    return parseWireJson(text);
  } catch {
    return undefined;
  }
}
