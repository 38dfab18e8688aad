import { OptimizerError } from '../../src/core/index.ts';
import type {
  Assessment,
  DatasetRecord,
  LoggedModel,
  Metric,
  MlflowPort,
  NewTrace,
  Run,
} from '../../src/ports/index.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type ModelMetric = LoggedModel['metrics'][number];

/** MLflow in memory, as far as a run uses it: a fake that remembers every call and can be made to fail. */
export interface MemoryMlflow extends MlflowPort {
  /** `runs.start`, `models.create`, … in the order they were made. */
  readonly calls: readonly string[];
  readonly runList: readonly Run[];
  readonly modelList: readonly LoggedModel[];
  readonly metricLog: readonly (Metric & { readonly runId: string })[];
  readonly files: ReadonlyMap<string, string>;
  readonly traceList: readonly { readonly trace: NewTrace; readonly assessments: readonly Assessment[] }[];
  readonly linkedTraces: ReadonlyMap<string, readonly string[]>;
  readonly prompts: MlflowPort['prompts'];
  readonly datasetRecords: ReadonlyMap<string, readonly DatasetRecord[]>;
  readonly experimentTags: Readonly<Record<string, string>>;
  /** From now on this call fails, so many times. */
  fail(call: string, times?: number): void;
}

export function memoryMlflow(flavor: MlflowPort['flavor'] = 'open-source'): MemoryMlflow {
  const calls: string[] = [];
  const failing = new Map<string, number>();
  const runs: Writable<Run>[] = [];
  const models: Writable<LoggedModel>[] = [];
  const metricLog: (Metric & { runId: string })[] = [];
  const files = new Map<string, string>();
  const traces: { trace: NewTrace; assessments: Assessment[] }[] = [];
  const linkedTraces = new Map<string, string[]>();
  const prompts = new Map<string, string[]>();
  const aliases = new Map<string, string>();
  const datasets = new Map<string, DatasetRecord[]>();
  const experimentTags: Record<string, string> = {};

  const enter = (call: string): void => {
    calls.push(call);
    const left = failing.get(call) ?? 0;
    if (left === 0) return;
    failing.set(call, left - 1);
    throw new OptimizerError(`${call} is out of order.`, { code: 'FAKE_FAILURE' });
  };
  const found = <T>(value: T | undefined, what: string): T => {
    if (value === undefined) throw new OptimizerError(`There is no ${what}.`, { code: 'NOT_FOUND' });
    return value;
  };
  const runOf = (runId: string) =>
    found(
      runs.find((run) => run.runId === runId),
      `run ${runId}`,
    );
  const modelOf = (modelId: string) =>
    found(
      models.find((model) => model.modelId === modelId),
      `model ${modelId}`,
    );
  /** Conditions on tags, joined by AND: all that a run asks for. */
  const matches = (tags: Readonly<Record<string, string>>, filter = ''): boolean =>
    [...filter.matchAll(/tags\.`?([\w.]+)`? = '([^']*)'/g)].every(
      ([, key, value]) => tags[key ?? ''] === value,
    );
  const keyOf = (owner: object, name: string): string =>
    `${'runId' in owner ? String(owner.runId) : 'model'}/${name}`;

  return {
    flavor,
    host: 'memory://mlflow',
    calls,
    runList: runs,
    modelList: models,
    metricLog,
    files,
    traceList: traces,
    linkedTraces,
    datasetRecords: datasets,
    experimentTags,
    fail: (call, times = Number.MAX_SAFE_INTEGER) => {
      failing.set(call, times);
    },
    experiments: {
      findByName: async (name) => ({
        experimentId: '1',
        name,
        artifactLocation: null,
        isDeleted: false,
        tags: { ...experimentTags },
      }),
      ensure: async () => {
        enter('experiments.ensure');
        return '1';
      },
      setTag: async (_id, key, value) => {
        enter('experiments.setTag');
        experimentTags[key] = value;
      },
    },
    runs: {
      start: async ({ experimentId, name = '', tags = {} }) => {
        enter('runs.start');
        const runId = `run${runs.length + 1}`;
        const run: Writable<Run> = {
          runId,
          runName: name,
          experimentId,
          status: 'RUNNING',
          artifactUri: `memory:/${runId}`,
          params: {},
          metrics: {},
          tags: { ...tags },
          datasets: [],
          evaluatedModelIds: [],
          createdModelIds: [],
        };
        runs.push(run);
        return { ...run };
      },
      get: async (runId) => ({ ...runOf(runId) }),
      log: async (runId, batch) => {
        const kinds = (['params', 'tags', 'metrics'] as const).filter((kind) => batch[kind] !== undefined);
        enter(`runs.log:${kinds.join('+')}`);
        const run = runOf(runId);
        run.params = { ...run.params, ...batch.params };
        run.tags = { ...run.tags, ...batch.tags };
        for (const metric of batch.metrics ?? []) {
          metricLog.push({ ...metric, runId });
          run.metrics = { ...run.metrics, [metric.key]: metric.value };
          if (metric.modelId === undefined) continue;
          const model = modelOf(metric.modelId);
          const logged: ModelMetric = { key: metric.key, value: metric.value, runId };
          model.metrics = [...model.metrics, logged];
        }
        return [];
      },
      logInputs: async (runId, inputs) => {
        enter('runs.logInputs');
        const run = runOf(runId);
        run.evaluatedModelIds = inputs.modelIds ?? [];
        run.datasets = inputs.datasets ?? [];
      },
      logOutputs: async (runId, made) => {
        enter('runs.logOutputs');
        runOf(runId).createdModelIds = made.map(({ modelId }) => modelId);
      },
      end: async (runId, status = 'FINISHED') => {
        enter(`runs.end:${status}`);
        runOf(runId).status = status;
      },
      search: async ({ filter, limit = 1000 }) =>
        runs.filter((run) => matches(run.tags, filter)).slice(0, limit),
      metricHistory: async () => [],
    },
    models: {
      create: async (model) => {
        enter('models.create');
        const created: Writable<LoggedModel> = {
          modelId: `m-${models.length + 1}`,
          experimentId: model.experimentId,
          name: model.name,
          status: 'LOGGED_MODEL_PENDING',
          sourceRunId: model.sourceRunId,
          artifactUri: 'memory:/model',
          createdMs: models.length,
          params: { ...model.params },
          tags: { ...model.tags, 'mlflow.model.isExternal': 'true' },
          metrics: [],
        };
        models.push(created);
        return { ...created };
      },
      createExternal: async () => found<LoggedModel>(undefined, 'such call in a run'),
      finalize: async (modelId, status) => {
        enter(`models.finalize:${status}`);
        modelOf(modelId).status = status;
        return { ...modelOf(modelId) };
      },
      get: async (modelId) => ({ ...modelOf(modelId) }),
      setTags: async (modelId, tags) => {
        enter('models.setTags');
        const model = modelOf(modelId);
        model.tags = { ...model.tags, ...tags };
      },
      deleteTag: async (modelId, key) => {
        const model = modelOf(modelId);
        model.tags = Object.fromEntries(Object.entries(model.tags).filter(([name]) => name !== key));
      },
      delete: async () => undefined,
      search: async ({ filter }) => models.filter((model) => matches(model.tags, filter)),
    },
    artifacts: {
      write: async (owner, name, content) => {
        enter(`artifacts.write:${name}`);
        files.set(
          keyOf(owner, name),
          typeof content === 'string' ? content : new TextDecoder().decode(content),
        );
      },
      read: async (owner, name) => {
        enter('artifacts.read');
        const text = files.get(keyOf(owner, name));
        return text === undefined ? null : new TextEncoder().encode(text);
      },
      list: async (owner, folder = '') =>
        [...files.keys()]
          .filter((key) => key.startsWith(keyOf(owner, folder)))
          .map((key) => ({ path: key.slice(keyOf(owner, '').length), isFolder: false, size: null })),
    },
    traces: {
      log: async (trace) => {
        enter('traces.log');
        traces.push({ trace, assessments: [] });
        return { traceId: `t${traces.length}`, rootSpanId: `s${traces.length}`, spansError: null };
      },
      addAssessment: async (traceId, assessment) => {
        enter('traces.addAssessment');
        found(traces[Number(traceId.slice(1)) - 1], `trace ${traceId}`).assessments.push(assessment);
        return `a${traceId}`;
      },
      linkToRun: async (traceIds, runId) => {
        enter('traces.linkToRun');
        linkedTraces.set(runId, [...(linkedTraces.get(runId) ?? []), ...traceIds]);
      },
      setTag: async () => undefined,
      search: async ({ filter = '' }) =>
        traces.flatMap(({ trace, assessments }, at) =>
          trace.runId !== undefined && filter.includes(`'${trace.runId}'`)
            ? [
                {
                  traceId: `t${at + 1}`,
                  state: 'OK',
                  metadata: {},
                  tags: { ...trace.tags },
                  assessmentNames: assessments.map(({ name }) => name),
                  assessments: assessments.map((given) => ({
                    assessmentId: `a${at + 1}`,
                    name: given.name,
                    source: given.source,
                    value: given.value,
                    rationale: given.rationale ?? null,
                    spanId: given.spanId ?? null,
                    runId: given.runId ?? null,
                    metadata: given.metadata ?? {},
                  })),
                },
              ]
            : [],
        ),
      tablesOf: ({ tags }) => {
        const location = tags['trace_tables'];
        return location === undefined ? null : { location, spansTable: `${location}_otel_spans` };
      },
      keepInTables: async (_id, { catalog, schema, prefix }) => {
        enter('traces.keepInTables');
        const location = `${catalog}.${schema}.${prefix}`;
        experimentTags['trace_tables'] = location;
        return { location, spansTable: `${location}_otel_spans` };
      },
    },
    prompts: {
      register: async ({ name, template }) => {
        enter('prompts.register');
        const versions = [...(prompts.get(name) ?? []), template];
        prompts.set(name, versions);
        return { name, template, version: String(versions.length) };
      },
      load: async (name, version) => {
        const template = prompts.get(name)?.[Number(version) - 1];
        return template === undefined ? null : { name, version, template };
      },
      setAlias: async (name, alias, version) => {
        aliases.set(`${name}@${alias}`, version);
      },
      loadByAlias: async (name, alias) => {
        const version = aliases.get(`${name}@${alias}`);
        const template = prompts.get(name)?.[Number(version) - 1];
        return version === undefined || template === undefined ? null : { name, version, template };
      },
    },
    datasets: {
      create: async ({ name }) => {
        enter('datasets.create');
        datasets.set(name, []);
        return name;
      },
      upsertRecords: async (id, records) => {
        enter('datasets.upsertRecords');
        const known = found(datasets.get(id), `dataset ${id}`);
        const byInputs = new Map(known.map((record) => [JSON.stringify(record.inputs), record]));
        const before = byInputs.size;
        for (const record of records) byInputs.set(JSON.stringify(record.inputs), record);
        datasets.set(id, [...byInputs.values()]);
        return { inserted: byInputs.size - before, updated: records.length - (byInputs.size - before) };
      },
      records: async (id) => datasets.get(id) ?? [],
    },
  };
}
