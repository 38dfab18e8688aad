import { invalidParameter } from '../server/api-error.ts';
import { optionalText, requiredText } from '../server/read-fields.ts';
import type { Route } from '../server/router.ts';
import { entriesOf } from './experiment-routes.ts';
import { MLFLOW_LIMITS } from './mlflow-limits.ts';
import type { MlflowStore, ModelEntry } from './mlflow-store.ts';
import { addParams, addTags } from './mlflow-store.ts';
import { readEntries, readTexts } from './read-entries.ts';
import { bodyPage } from './run-routes.ts';
import { searchFilter } from './search-filter.ts';

const BASE = '/api/2.0/mlflow/logged-models';
const MODEL = `${BASE}/:model_id`;
const STATUSES = new Set(['LOGGED_MODEL_PENDING', 'LOGGED_MODEL_READY', 'LOGGED_MODEL_UPLOAD_FAILED']);

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
    [...store.runs.values()].flatMap((run) =>
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
      last_updated_timestamp_ms: model.createdAt,
      artifact_uri: `mlflow-artifacts:/${model.experimentId}/models/${model.modelId}/artifacts`,
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
        const fits = searchFilter(optionalText(body, 'filter'));
        const models = [...store.models.values()]
          .filter(
            (model) =>
              ids.has(model.experimentId) &&
              fits({
                metrics: new Map(metricsOf(model).map(({ key, value }) => [key, value])),
                params: model.params,
                tags: model.tags,
                attributes: {
                  name: model.name,
                  model_type: model.modelType,
                  status: model.status,
                  source_run_id: model.sourceRunId,
                  creation_time: model.createdAt,
                  creation_timestamp: model.createdAt,
                },
              }),
          )
          .reverse();
        const page = bodyPage(models, body, { size: 50, max: 50 });
        return { models: page.items.map(show), ...page.next };
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
        return { model: show(model) };
      },
    },
  ];
}
