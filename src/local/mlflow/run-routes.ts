import { invalidParameter } from '../server/api-error.ts';
import { LOCAL_USER } from '../server/identity-routes.ts';
import { bodyPage } from '../server/paging.ts';
import { optionalText, requiredText } from '../server/read-fields.ts';
import type { ApiRequest, Route } from '../server/router.ts';
import { entriesOf } from './experiment-routes.ts';
import { checkInputs } from './check-inputs.ts';
import { checkBatch } from './mlflow-limits.ts';
import type { MetricEntry, MlflowStore, RunEntry } from './mlflow-store.ts';
import { addParams, addTags, removeTag } from './mlflow-store.ts';
import { readEntries, readMetrics, readTexts } from './read-entries.ts';
import { searchFilter, searchOrder } from './search-filter.ts';
import type { SearchKind } from './search-filter.ts';
import { inView } from './view-type.ts';

const BASE = '/api/2.0/mlflow/runs';
const STATUSES = new Set(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']);
const RUN_SEARCH: SearchKind = {
  attributes: [
    'run_id',
    'run_name',
    'experiment_id',
    'user_id',
    'status',
    'start_time',
    'end_time',
    'created',
    'artifact_uri',
  ],
  entities: ['metrics', 'params', 'tags'],
};

/** @see spec/mlflow-rest.md §3–5 */
export function runRoutes(store: MlflowStore): Route[] {
  const post = (action: string, handle: (run: RunEntry, body: ApiRequest['body']) => unknown): Route => ({
    method: 'POST',
    path: `${BASE}/${action}`,
    handle: ({ body }) => handle(store.run(requiredText(body, 'run_id')), body) ?? {},
  });
  const log = (run: RunEntry, batch: Readonly<Record<'metrics' | 'params' | 'tags', unknown>>): void => {
    if (run.lifecycle === 'deleted')
      throw invalidParameter(`The run ${run.runId} must be in the 'active' state.`);
    const metrics = readMetrics(batch.metrics);
    const params = readEntries(batch.params, 'params');
    const tags = readEntries(batch.tags, 'tags');
    checkBatch({ metrics, params, tags });
    addParams(run.params, params);
    run.metrics.push(...metrics);
    addTags(run.tags, tags);
    run.name = run.tags.get('mlflow.runName') ?? run.name;
  };
  return [
    {
      method: 'POST',
      path: `${BASE}/create`,
      handle: ({ body }) => {
        const start = Number(body['start_time'] ?? store.now());
        const tags = readEntries(body['tags'], 'tags');
        const run = store.createRun(
          requiredText(body, 'experiment_id'),
          optionalText(body, 'run_name'),
          start,
        );
        log(run, { metrics: [], params: [], tags: [{ key: 'mlflow.runName', value: run.name }, ...tags] });
        return { run: runBody(run) };
      },
    },
    {
      method: 'GET',
      path: `${BASE}/get`,
      handle: ({ query }) => ({ run: runBody(store.run(query.get('run_id') ?? '')) }),
    },
    post('update', (run, body) => {
      const status = optionalText(body, 'status') ?? run.status;
      if (!STATUSES.has(status)) throw invalidParameter(`Invalid run status '${status}'.`);
      run.status = status;
      run.endTime = body['end_time'] === undefined ? run.endTime : Number(body['end_time']);
      run.name = optionalText(body, 'run_name') ?? run.name;
      return { run_info: runBody(run).info };
    }),
    post('log-batch', (run, { metrics, params, tags }) => log(run, { metrics, params, tags })),
    post('log-metric', (run, body) => log(run, { metrics: [body], params: [], tags: [] })),
    post('log-parameter', (run, body) => log(run, { metrics: [], params: [body], tags: [] })),
    post('set-tag', (run, body) => log(run, { metrics: [], params: [], tags: [body] })),
    post('delete-tag', (run, body) => removeTag(run.tags, requiredText(body, 'key'), `run ${run.runId}`)),
    post('log-inputs', (run, body) => {
      const { datasets, models } = checkInputs(body);
      run.datasetInputs.push(...datasets);
      run.modelInputs.push(...models);
    }),
    post('outputs', (run, body) => {
      run.modelOutputs.push(...checkInputs({ models: body['models'] }).models);
    }),
    post('delete', (run) => {
      run.lifecycle = 'deleted';
    }),
    post('restore', (run) => {
      run.lifecycle = 'active';
    }),
    {
      method: 'POST',
      path: `${BASE}/search`,
      handle: ({ body }) => {
        const ids = new Set(readTexts(body['experiment_ids'], 'experiment_ids'));
        const fits = searchFilter(optionalText(body, 'filter'), RUN_SEARCH);
        const orderBy = readTexts(body['order_by'], 'order_by');
        const order = searchOrder([...orderBy, 'start_time DESC', 'run_id'], RUN_SEARCH);
        const view = inView(optionalText(body, 'run_view_type'));
        const found = store.runs
          .values()
          .filter((run) => ids.has(run.experimentId) && view(run))
          .map((run) => ({ run, asked: searchable(run) }))
          .filter(({ asked }) => fits(asked))
          .sort((left, right) => order(left.asked, right.asked));
        const page = bodyPage(found, body, { size: 1000, max: 50_000 });
        return { runs: page.items.map(({ run }) => runBody(run)), ...page.next };
      },
    },
    {
      method: 'GET',
      path: '/api/2.0/mlflow/metrics/get-history',
      handle: ({ query }) => {
        const run = store.run(query.get('run_id') ?? '');
        const metrics = run.metrics.filter(({ key }) => key === query.get('metric_key'));
        const page = bodyPage(metrics, Object.fromEntries(query), { size: 25_000, max: 25_000 });
        return { metrics: page.items, ...page.next };
      },
    },
  ];
}

/** Of several values the one of the latest time counts, of these the largest. */
export function latestMetrics(metrics: readonly MetricEntry[]): MetricEntry[] {
  const latest = new Map<string, MetricEntry>();
  for (const metric of metrics) {
    const known = latest.get(metric.key);
    const isLater =
      known === undefined ||
      metric.timestamp > known.timestamp ||
      (metric.timestamp === known.timestamp && metric.value > known.value);
    if (isLater) latest.set(metric.key, metric);
  }
  return [...latest.values()];
}

const searchable = (run: RunEntry) => ({
  metrics: new Map(latestMetrics(run.metrics).map(({ key, value }) => [key, value] as const)),
  params: run.params,
  tags: run.tags,
  attributes: {
    run_id: run.runId,
    run_name: run.name,
    experiment_id: run.experimentId,
    user_id: LOCAL_USER,
    status: run.status,
    start_time: run.startTime,
    end_time: run.endTime,
    created: run.startTime,
    artifact_uri: run.artifactUri,
  },
});

const runBody = (run: RunEntry) => ({
  info: {
    run_id: run.runId,
    run_uuid: run.runId,
    run_name: run.name,
    experiment_id: run.experimentId,
    user_id: LOCAL_USER,
    status: run.status,
    start_time: run.startTime,
    ...(run.endTime === null ? {} : { end_time: run.endTime }),
    artifact_uri: run.artifactUri,
    lifecycle_stage: run.lifecycle,
  },
  data: {
    metrics: latestMetrics(run.metrics),
    params: entriesOf(run.params),
    tags: entriesOf(run.tags),
  },
  inputs: { dataset_inputs: run.datasetInputs, model_inputs: run.modelInputs },
  outputs: { model_outputs: run.modelOutputs },
});
