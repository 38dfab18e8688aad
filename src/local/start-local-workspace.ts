import { randomBytes } from 'node:crypto';
import { AbortedError, seededRandom } from '../core/index.ts';
import { serializeSpace } from '../spaces/index.ts';
import { StateFileError } from './errors.ts';
import { workspaceFileRoutes } from './files/workspace-file-routes.ts';
import { WorkspaceTree } from './files/workspace-tree.ts';
import { localGenie } from './genie/index.ts';
import { jobRoutes } from './jobs/job-routes.ts';
import { JobRuns } from './jobs/job-runs.ts';
import { checkOptions, LOCAL_WORKSPACE_DEFAULTS } from './local-workspace.ts';
import type { LocalWorkspace, LocalWorkspaceOptions } from './local-workspace.ts';
import { mlflowRoutes } from './mlflow/mlflow-routes.ts';
import { MlflowStore } from './mlflow/mlflow-store.ts';
import { loadSample } from './samples/load-sample.ts';
import type { LoadedSample } from './samples/load-sample.ts';
import { sampleFolder } from './samples/sample-folder.ts';
import { catalogRoutes } from './server/catalog-routes.ts';
import { conversationRoutes } from './server/conversation-routes.ts';
import { ConversationStore } from './server/conversation-store.ts';
import { EvalRuns } from './server/eval-runs.ts';
import { evalRunRoutes } from './server/eval-run-routes.ts';
import { faultRoutes } from './server/fault-routes.ts';
import { FaultPlan } from './server/faults.ts';
import { GenieAnswers } from './server/genie-answers.ts';
import { startHttpServer } from './server/http-server.ts';
import { identityRoutes, LOCAL_USER } from './server/identity-routes.ts';
import { sampleLatency } from './server/latency.ts';
import { Router } from './server/router.ts';
import { SignedStorage } from './server/signed-storage.ts';
import { spaceRoutes } from './server/space-routes.ts';
import { SpaceStore } from './server/space-store.ts';
import { StartLimiter } from './server/start-limiter.ts';
import { statementRoutes } from './server/statement-routes.ts';
import { StatementStore } from './server/statement-store.ts';
import { acceptSpace } from './server/strict-space.ts';
import { servingRoutes } from './serving/serving-routes.ts';
import { openStateFile } from './state-file.ts';

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
  const nowMs = () => now().getTime();
  const mlflow = await MlflowStore.open(
    options.mlflowFlavor ?? 'databricks',
    nowMs,
    state?.documents ?? null,
  ).catch((cause: unknown) => {
    const file = options.stateFile ?? '';
    throw new StateFileError(file, 'a record in it is damaged. Delete it to start anew.', cause);
  });
  await engine.lock();
  const seed = options.seed ?? LOCAL_WORKSPACE_DEFAULTS.seed;
  const genieDelays = seededRandom(`${seed} answers`);
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
    seed,
    nextFault: (question) => faults.nextQuestion(question),
  });
  const evalRuns = new EvalRuns(answers, statements, now);
  const unknownKeys = options.unknownKeys ?? 'refuse';
  const token = options.token ?? `local-${randomBytes(16).toString('hex')}`;
  const hostname = options.hostname ?? LOCAL_WORKSPACE_DEFAULTS.hostname;
  const tree = new WorkspaceTree(LOCAL_USER, nowMs);
  let host = '';
  const jobs = new JobRuns(options.jobs ?? [], () => ({ host, token }), nowMs);
  const server = await startHttpServer({
    hostname,
    port: options.port ?? 0,
    token,
    faults,
    random: seededRandom(`${seed} requests`),
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
        limiter: new StartLimiter(options.startsPerMinute ?? null, nowMs),
        nextLatencyMs: () =>
          sampleLatency(options.latencyMs ?? LOCAL_WORKSPACE_DEFAULTS.latencyMs, genieDelays),
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
      ...mlflowRoutes(mlflow, {
        storage: new SignedStorage(nowMs),
        folderExists: (path) => tree.isFolder(path === '' ? '/' : path),
        schemaExists: (catalog, schema) => engine.model.schema(catalog, schema) !== null,
      }),
      ...workspaceFileRoutes(tree),
      ...jobRoutes(jobs),
      ...servingRoutes(options.servingEndpoints ?? [], nowMs),
      ...identityRoutes(),
      ...(options.faultRoute === true ? faultRoutes(faults) : []),
    ]),
  });
  host = `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${server.port}`;
  const close = async () => {
    options.signal?.removeEventListener('abort', onAbort);
    await jobs.stop();
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
    host,
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
    addJob: (job) => String(jobs.add(job).jobId),
    clearFaults: () => faults.clear(),
    close,
  };
}

const dateOf = (date: Date): string => date.toISOString().slice(0, 10);
