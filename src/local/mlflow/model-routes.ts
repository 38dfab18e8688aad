import { invalidParameter } from '../server/api-error.ts';
import { bodyPage } from '../server/paging.ts';
import { optionalText, requiredText } from '../server/read-fields.ts';
import type { Route } from '../server/router.ts';
import { entriesOf } from './experiment-routes.ts';
import { MLFLOW_LIMITS } from './mlflow-limits.ts';
import type { MetricEntry, MlflowStore, ModelEntry } from './mlflow-store.ts';
import { addParams, addTags, removeTag } from './mlflow-store.ts';
import { readEntries, readObjects, readTexts } from './read-entries.ts';
import { latestMetrics } from './run-routes.ts';
import { searchFilter, searchOrder } from './search-filter.ts';
import type { SearchKind } from './search-filter.ts';

const BASE = '/api/2.0/mlflow/logged-models';
const MODEL = `${BASE}/:model_id`;
const STATUSES = new Set(['LOGGED_MODEL_PENDING', 'LOGGED_MODEL_READY', 'LOGGED_MODEL_UPLOAD_FAILED']);

const MODEL_SEARCH: SearchKind = {
  attributes: [
    'name',
    'model_id',
    'model_type',
    'status',
    'source_run_id',
    'creation_time',
    'creation_timestamp',
    'last_updated_timestamp',
  ],
  entities: ['metrics', 'params', 'tags'],
};

/** `[{ field_name, ascending }]` as the clauses that other searches take. @throws {ApiError} */
const orderClauses = (value: unknown): string[] =>
  readObjects(value, 'order_by').map(({ field_name: name, ascending }) => {
    if (typeof name !== 'string') throw invalidParameter("Missing value for 'field_name' in order_by.");
    return `${name} ${ascending === false ? 'DESC' : 'ASC'}`;
  });

/** @see spec/mlflow-rest.md §6 */
export function modelRoutes(store: MlflowStore): Route[] {
  const find = (params: Readonly<Record<string, string>>) => store.model(params['model_id'] ?? '');
  const log = (model: ModelEntry, value: unknown) => {
    const params = readEntries(value, 'params');
    if (params.length > MLFLOW_LIMITS.params)
      throw invalidParameter(
        `At most ${MLFLOW_LIMITS.params} params can be logged in one request, got ${params.length}.`,
      );
    addParams(model.params, params);
  };
  const metricsOf = (model: ModelEntry) =>
    store.runs
      .values()
      .flatMap((run) =>
        run.metrics
          .filter((metric) => metric.model_id === model.modelId)
          .map((metric) => ({ ...metric, run_id: run.runId })),
      );
  const show = (model: ModelEntry) => ({
    info: {
      model_id: model.modelId,
      experiment_id: model.experimentId,
      name: model.name,
      creation_timestamp_ms: model.createdAt,
      last_updated_timestamp_ms: model.updatedAt,
      artifact_uri: model.artifactUri,
      status: model.status,
      ...(model.modelType === null ? {} : { model_type: model.modelType }),
      ...(model.sourceRunId === null ? {} : { source_run_id: model.sourceRunId }),
      tags: entriesOf(model.tags),
    },
    data: { params: entriesOf(model.params), metrics: metricsOf(model) },
  });
  return [
    {
      method: 'POST',
      path: BASE,
      handle: ({ body }) => {
        const model = store.createModel({
          experimentId: requiredText(body, 'experiment_id'),
          name: optionalText(body, 'name') ?? `model-${store.models.size + 1}`,
          modelType: optionalText(body, 'model_type') ?? null,
          sourceRunId: optionalText(body, 'source_run_id') ?? null,
        });
        log(model, body['params']);
        addTags(model.tags, readEntries(body['tags'], 'tags'));
        return { model: show(model) };
      },
    },
    {
      method: 'POST',
      path: `${BASE}/search`,
      handle: ({ body }) => {
        const ids = new Set(readTexts(body['experiment_ids'], 'experiment_ids'));
        const fits = searchFilter(optionalText(body, 'filter'), MODEL_SEARCH);
        const order = searchOrder([...orderClauses(body['order_by']), 'creation_time DESC'], MODEL_SEARCH);
        const datasets = readObjects(body['datasets'], 'datasets');
        const found = store.models
          .values()
          .filter((model) => ids.has(model.experimentId))
          // Of models made in the same millisecond the later one comes first.
          .reverse()
          .map((model) => ({ model, asked: searchable(model, metricsOf(model), datasets) }))
          .filter(({ asked }) => fits(asked))
          .sort((left, right) => order(left.asked, right.asked));
        const page = bodyPage(found, body, { size: 50, max: 50 });
        return { models: page.items.map(({ model }) => show(model)), ...page.next };
      },
    },
    { method: 'GET', path: MODEL, handle: ({ params }) => ({ model: show(find(params)) }) },
    {
      method: 'PATCH',
      path: MODEL,
      handle: ({ params, body }) => {
        const status = requiredText(body, 'status');
        if (!STATUSES.has(status)) throw invalidParameter(`Invalid model status '${status}'.`);
        const model = find(params);
        model.status = status;
        model.updatedAt = store.now();
        return { model: show(model) };
      },
    },
    {
      method: 'DELETE',
      path: MODEL,
      handle: ({ params }) => {
        store.models.delete(find(params).modelId);
        return {};
      },
    },
    {
      method: 'POST',
      path: `${MODEL}/params`,
      handle: ({ params, body }) => {
        log(find(params), body['params']);
        return {};
      },
    },
    {
      method: 'PATCH',
      path: `${MODEL}/tags`,
      handle: ({ params, body }) => {
        const model = find(params);
        addTags(model.tags, readEntries(body['tags'], 'tags'));
        model.updatedAt = store.now();
        return { model: show(model) };
      },
    },
    {
      method: 'DELETE',
      path: `${MODEL}/tags/:key`,
      handle: ({ params }) => {
        const model = find(params);
        removeTag(model.tags, params['key'] ?? '', `logged model ${model.modelId}`);
        return {};
      },
    },
  ];
}

/** Metrics count only when they were measured on one of the datasets, if any are named. */
const searchable = (
  model: ModelEntry,
  metrics: readonly MetricEntry[],
  datasets: readonly Readonly<Record<string, unknown>>[],
) => {
  const counted = metrics.filter(
    (metric) =>
      datasets.length === 0 ||
      datasets.some(
        (dataset) =>
          dataset['dataset_name'] === metric.dataset_name &&
          (dataset['dataset_digest'] ?? metric.dataset_digest) === metric.dataset_digest,
      ),
  );
  return {
    metrics: new Map(latestMetrics(counted).map(({ key, value }) => [key, value] as const)),
    params: model.params,
    tags: model.tags,
    attributes: {
      name: model.name,
      model_id: model.modelId,
      model_type: model.modelType,
      status: model.status,
      source_run_id: model.sourceRunId,
      creation_time: model.createdAt,
      creation_timestamp: model.createdAt,
      last_updated_timestamp: model.updatedAt,
    },
  };
};
