import { randomBytes } from 'node:crypto';
import { AbortedError, InvalidOptionError } from '../core/index.ts';
import { serializeSpace } from '../spaces/index.ts';
import type { LocalGenieEngine } from './genie-engine.ts';
import { localGenie } from './genie/index.ts';
import { mlflowRoutes } from './mlflow/mlflow-routes.ts';
import { loadSample } from './samples/load-sample.ts';
import type { LoadedSample } from './samples/load-sample.ts';
import { sampleFolder } from './samples/sample-folder.ts';
import { catalogRoutes } from './server/catalog-routes.ts';
import { conversationRoutes } from './server/conversation-routes.ts';
import { ConversationStore } from './server/conversation-store.ts';
import { EvalRuns } from './server/eval-runs.ts';
import { evalRunRoutes } from './server/eval-run-routes.ts';
import { FaultPlan } from './server/faults.ts';
import type { FaultRule } from './server/faults.ts';
import { GenieAnswers } from './server/genie-answers.ts';
import type { AskLogEntry } from './server/genie-answers.ts';
import { startHttpServer } from './server/http-server.ts';
import { identityRoutes } from './server/identity-routes.ts';
import { Router } from './server/router.ts';
import { spaceRoutes } from './server/space-routes.ts';
import { SpaceStore } from './server/space-store.ts';
import { StartLimiter } from './server/start-limiter.ts';
import { statementRoutes } from './server/statement-routes.ts';
import { StatementStore } from './server/statement-store.ts';
import { acceptSpace } from './server/strict-space.ts';
import type { UnknownKeys } from './server/strict-space.ts';
import { openStateFile } from './state-file.ts';

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
  /** Least time from question to answer, in milliseconds. Default 0. */
  readonly latencyMs?: number | undefined;
  readonly faults?: readonly FaultRule[] | undefined;
  /** Keeps spaces and catalog changes in this file, so that the next start goes on from them. */
  readonly stateFile?: string | undefined;
  /** Keys in a space that the format does not know: `refuse` (default, as the service) or `keep`. */
  readonly unknownKeys?: UnknownKeys | undefined;
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

/**
 * Starts a workspace in this process: the REST surface of Databricks over an embedded DuckDB, with a
 * simulated Genie.
 *
 * @throws {MissingPeerError} when DuckDB is not installed
 * @throws {SampleError} naming file and line
 * @throws {PortInUseError}
 * @throws {StateFileError}
 * @see spec/local-workspace.md
 */
export async function startLocalWorkspace(options: LocalWorkspaceOptions = {}): Promise<LocalWorkspace> {
  checkOptions(options);
  const now = options.now ?? (() => new Date());
  const sample = await loadSample(
    await sampleFolder(options.sample ?? LOCAL_WORKSPACE_DEFAULTS.sample),
    options.now === undefined ? null : dateOf(now()),
  );
  try {
    return await serve(sample, options, now);
  } catch (error) {
    await sample.engine.close();
    throw error;
  }
}

async function serve(
  sample: LoadedSample,
  options: LocalWorkspaceOptions,
  now: () => Date,
): Promise<LocalWorkspace> {
  const { definition, engine } = sample;
  const spaces = new SpaceStore(now);
  for (const { space, ...rest } of sample.spaces)
    spaces.load({ ...rest, parentPath: '/Shared', serializedSpace: serializeSpace(space) });
  const state =
    options.stateFile === undefined ? null : await openStateFile(options.stateFile, sample, spaces);
  await engine.lock();
  const faults = new FaultPlan(options.faults ?? []);
  const statements = new StatementStore(engine, (sql) => faults.nextStatement(sql));
  const today = () => definition.today ?? dateOf(now());
  const answers = new GenieAnswers({
    engine: options.genie ?? localGenie(),
    sql: engine,
    statements,
    today,
    now,
    variance: options.variance ?? LOCAL_WORKSPACE_DEFAULTS.variance,
    seed: options.seed ?? LOCAL_WORKSPACE_DEFAULTS.seed,
  });
  const evalRuns = new EvalRuns(answers, statements, now);
  const unknownKeys = options.unknownKeys ?? 'refuse';
  const token = options.token ?? `local-${randomBytes(16).toString('hex')}`;
  const hostname = options.hostname ?? LOCAL_WORKSPACE_DEFAULTS.hostname;
  const server = await startHttpServer({
    hostname,
    port: options.port ?? 0,
    token,
    faults,
    edit: async (fault, path) => {
      const spaceId = fault.spaceId ?? /\/spaces\/([^/]+)/.exec(path)?.[1] ?? '';
      const content = JSON.parse(spaces.get(spaceId).serializedSpace) as Record<string, unknown>;
      const serializedSpace = acceptSpace(JSON.stringify(fault.change(content)), unknownKeys);
      await spaces.update(spaceId, { serializedSpace }, undefined);
    },
    maxBodyBytes: options.maxBodyBytes ?? LOCAL_WORKSPACE_DEFAULTS.maxBodyBytes,
    router: new Router([
      ...conversationRoutes({
        spaces,
        conversations: new ConversationStore(),
        answers,
        statements,
        limiter: new StartLimiter(options.startsPerMinute ?? null, () => now().getTime()),
        latencyMs: options.latencyMs ?? LOCAL_WORKSPACE_DEFAULTS.latencyMs,
        now,
      }),
      ...evalRunRoutes(spaces, evalRuns),
      ...spaceRoutes(spaces, engine.model, unknownKeys),
      ...statementRoutes(
        statements,
        { id: definition.warehouse, name: 'Embedded engine' },
        async (sql, statement, names) => {
          if (statement.state === 'SUCCEEDED') await state?.record(sql, names);
        },
      ),
      ...catalogRoutes(engine.model),
      ...mlflowRoutes(now),
      ...identityRoutes(),
    ]),
  });
  const close = async () => {
    options.signal?.removeEventListener('abort', onAbort);
    await server.close();
    await evalRuns.stop();
    await state?.close();
    await engine.close();
  };
  const onAbort = () => void close();
  if (options.signal?.aborted === true) {
    await close();
    throw new AbortedError('The start of the embedded workspace');
  }
  options.signal?.addEventListener('abort', onAbort, { once: true });
  return {
    host: `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${server.port}`,
    token,
    spaceId: sample.spaceId,
    startsPerMinute: options.startsPerMinute ?? null,
    warehouseId: definition.warehouse,
    sample: {
      name: definition.name,
      title: definition.title,
      domain: definition.domain,
      variables: definition.variables,
      today: today(),
      benchmarksPath: sample.benchmarksPath,
    },
    spaces: sample.spaces.map(({ spaceId, title }) => ({ spaceId, title })),
    askLog: answers.askLog,
    inject: (rule) => faults.add(rule),
    close,
  };
}

const dateOf = (date: Date): string => date.toISOString().slice(0, 10);

function checkOptions(options: LocalWorkspaceOptions): void {
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
  if (latencyMs !== undefined && !(latencyMs >= 0))
    throw new InvalidOptionError('latencyMs', `must be 0 or more, got ${latencyMs}`);
  if (maxBodyBytes !== undefined && !(maxBodyBytes > 0))
    throw new InvalidOptionError('maxBodyBytes', `must be more than 0, got ${maxBodyBytes}`);
}
