import { InvalidOptionError } from '../core/index.ts';
import type { MlflowFlavor } from '../ports/index.ts';
import type { LocalGenieEngine } from './genie-engine.ts';
import type { LocalJob } from './jobs/local-job.ts';
import type { FaultRule } from './server/faults.ts';
import type { AskLogEntry } from './server/genie-answers.ts';
import { checkLatency } from './server/latency.ts';
import type { Latency } from './server/latency.ts';
import type { UnknownKeys } from './server/strict-space.ts';
import type { ServingEndpoint } from './serving/serving-endpoint.ts';

export interface LocalWorkspaceOptions {
  /** Name of a shipped sample or path of a folder in the sample format. Default `tpch`. */
  readonly sample?: string | undefined;
  /** 0 (default) takes any free port. */
  readonly port?: number | undefined;
  /** Default `127.0.0.1`: nobody else can reach it. */
  readonly hostname?: string | undefined;
  /** Default: made anew at every start. */
  readonly token?: string | undefined;
  /** 0 (default): the local Genie is deterministic; up to 1: it wavers as a real one does. */
  readonly variance?: number | undefined;
  readonly seed?: string | number | undefined;
  /** Another engine in place of the local Genie. */
  readonly genie?: LocalGenieEngine | undefined;
  /** Questions per minute before 429, as the service has; `null` (default) for no limit. */
  readonly startsPerMinute?: number | null | undefined;
  /** Least time from question to answer, in milliseconds: a number, or a distribution drawn from by `seed`. Default 0. */
  readonly latencyMs?: Latency | undefined;
  readonly faults?: readonly FaultRule[] | undefined;
  /** Lets tests in another process add faults at `POST /api/2.0/embedded/faults`. Default: no such route. */
  readonly faultRoute?: boolean | undefined;
  /** Keeps spaces, catalog changes and what MLflow holds in this file, so that the next start goes on from them. */
  readonly stateFile?: string | undefined;
  /** Keys in a space that the format does not know: `refuse` (default, as the service) or `keep`. */
  readonly unknownKeys?: UnknownKeys | undefined;
  /**
   * What MLflow looks like: `databricks` (default) keeps files behind signed addresses and wants experiments
   * to have absolute paths; `open-source` keeps files behind its proxy and takes any name.
   */
  readonly mlflowFlavor?: MlflowFlavor | undefined;
  /** Jobs that can be run, by name. Default: none. */
  readonly jobs?: readonly LocalJob[] | undefined;
  /** Models behind serving endpoints. Default: none. */
  readonly servingEndpoints?: readonly ServingEndpoint[] | undefined;
  /** Default 17 MiB. */
  readonly maxBodyBytes?: number | undefined;
  readonly now?: (() => Date) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A running workspace. */
export interface LocalWorkspace {
  /** `http://127.0.0.1:PORT`. */
  readonly host: string;
  readonly token: string;
  /** The space that the sample's questions belong to. */
  readonly spaceId: string;
  readonly warehouseId: string;
  /** Questions per minute that the workspace takes; `null`: no limit. A client that is told need not wait. */
  readonly startsPerMinute: number | null;
  readonly sample: {
    readonly name: string;
    readonly title: string;
    readonly domain: string;
    readonly variables: Readonly<Record<string, string>>;
    /** What `current_date()` answers, YYYY-MM-DD. */
    readonly today: string;
    readonly benchmarksPath: string;
  };
  /** Every space of the sample. */
  readonly spaces: readonly { readonly spaceId: string; readonly title: string }[];
  /** Every question asked since the start, in order; grows. */
  readonly askLog: readonly AskLogEntry[];
  /** A fault from now on, beside those of the options. */
  inject(rule: FaultRule): void;
  /** A job beside those of the options; returns its id. */
  addJob(job: LocalJob): string;
  /** Takes every fault away. */
  clearFaults(): void;
  /** Ends the server and the database; safe to call at any time and twice. */
  close(): Promise<void>;
}

export const LOCAL_WORKSPACE_DEFAULTS = {
  sample: 'tpch',
  hostname: '127.0.0.1',
  variance: 0,
  seed: 1,
  latencyMs: 0,
  maxBodyBytes: 17 * 1024 * 1024,
} as const;

/** The `variance` at which a measurement over several seeds says something; the workspace itself starts with 0. */
export const TYPICAL_VARIANCE = 0.2;

/** Numbers and names at the door. @throws {InvalidOptionError} */
export function checkOptions(options: LocalWorkspaceOptions): void {
  const { port, variance, startsPerMinute, latencyMs, maxBodyBytes } = options;
  if (port !== undefined && (!Number.isInteger(port) || port < 0 || port > 65_535))
    throw new InvalidOptionError('port', `must be a whole number from 0 to 65535, got ${port}`);
  if (variance !== undefined && !(variance >= 0 && variance <= 1))
    throw new InvalidOptionError('variance', `must be from 0 to 1, got ${variance}`);
  if (
    startsPerMinute !== undefined &&
    startsPerMinute !== null &&
    !(Number.isInteger(startsPerMinute) && startsPerMinute >= 1)
  ) {
    throw new InvalidOptionError(
      'startsPerMinute',
      `must be a whole number of at least 1, or null for no limit, got ${startsPerMinute}`,
    );
  }
  if (latencyMs !== undefined) checkLatency('latencyMs', latencyMs);
  if (maxBodyBytes !== undefined && !(maxBodyBytes > 0))
    throw new InvalidOptionError('maxBodyBytes', `must be more than 0, got ${maxBodyBytes}`);
  checkNames('jobs', options.jobs ?? []);
  checkNames('servingEndpoints', options.servingEndpoints ?? []);
}

function checkNames(option: string, entries: readonly { readonly name: string }[]): void {
  const names = entries.map(({ name }) => name);
  if (names.some((name) => name === ''))
    throw new InvalidOptionError(option, 'must have names that are not empty');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new InvalidOptionError(option, `must have names of their own, got '${twice}' twice`);
}
