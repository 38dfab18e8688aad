import { invalidParameter } from '../server/api-error.ts';
import { pageOf } from '../server/paging.ts';
import { optionalCount, optionalText, requiredText } from '../server/read-fields.ts';
import type { ApiRequest, Route } from '../server/router.ts';
import { entriesOf } from './experiment-routes.ts';
import { checkBatch } from './mlflow-limits.ts';
import type { MetricEntry, MlflowStore, RunEntry } from './mlflow-store.ts';
import { addParams, addTags } from './mlflow-store.ts';
import { readEntries, readMetrics, readTexts } from './read-entries.ts';
import { searchFilter } from './search-filter.ts';

const BASE = '/api/2.0/mlflow/runs';
const STATUSES = new Set(['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']);

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
    post('log-inputs', (run, { datasets, models }) => {
      run.datasetInputs.push(...(Array.isArray(datasets) ? (datasets as unknown[]) : []));
      run.modelInputs.push(...(Array.isArray(models) ? (models as unknown[]) : []));
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
        const fits = searchFilter(optionalText(body, 'filter'));
        const found = [...store.runs.values()].filter(
          (run) => ids.has(run.experimentId) && run.lifecycle === 'active' && fits(searchable(run)),
        );
        const page = bodyPage(
          found.reverse().sort((a, b) => b.startTime - a.startTime),
          body,
          {
            size: 1000,
            max: 50_000,
          },
        );
        return { runs: page.items.map(runBody), ...page.next };
      },
    },
    {
      method: 'GET',
      path: '/api/2.0/mlflow/metrics/get-history',
      handle: ({ query }) => {
        const run = store.run(query.get('run_id') ?? '');
        const metrics = run.metrics.filter(({ key }) => key === query.get('metric_key'));
        const size = query.get('max_results');
        const page = pageOf(metrics, withSize(query.get('page_token'), size), { size: 25_000, max: 25_000 });
        return {
          metrics: page.items,
          ...(page.nextPageToken === undefined ? {} : { next_page_token: page.nextPageToken }),
        };
      },
    },
  ];
}

const withSize = (token: string | null, size: string | null): URLSearchParams =>
  new URLSearchParams({
    ...(token === null ? {} : { page_token: token }),
    ...(size === null ? {} : { page_size: size }),
  });

/** One page by `max_results` and `page_token` of the body. */
export function bodyPage<T>(
  items: readonly T[],
  body: ApiRequest['body'],
  limits: { readonly size: number; readonly max: number },
) {
  const size = optionalCount(body, 'max_results') ?? limits.size;
  if (size > limits.max)
    throw invalidParameter(`Invalid value ${size} for parameter 'max_results': at most ${limits.max}.`);
  const page = pageOf(items, withSize(optionalText(body, 'page_token') ?? null, String(size)), limits);
  return {
    items: page.items,
    next: page.nextPageToken === undefined ? {} : { next_page_token: page.nextPageToken },
  };
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
    status: run.status,
    start_time: run.startTime,
    end_time: run.endTime,
    artifact_uri: artifactUri(run),
  },
});

const artifactUri = ({ experimentId, runId }: RunEntry) =>
  `mlflow-artifacts:/${experimentId}/${runId}/artifacts`;

const runBody = (run: RunEntry) => ({
  info: {
    run_id: run.runId,
    run_uuid: run.runId,
    run_name: run.name,
    experiment_id: run.experimentId,
    user_id: 'local.user@example.com',
    status: run.status,
    start_time: run.startTime,
    ...(run.endTime === null ? {} : { end_time: run.endTime }),
    artifact_uri: artifactUri(run),
    lifecycle_stage: run.lifecycle,
  },
  data: {
    metrics: latestMetrics(run.metrics),
    params: entriesOf(run.params),
    tags: entriesOf(run.tags),
  },
  inputs: { dataset_inputs: run.datasetInputs, model_inputs: run.modelInputs },
});
