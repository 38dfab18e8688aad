import type {
  CallOptions,
  LoggedModel,
  LoggedModelsPort,
  ModelQuery,
  NewLoggedModel,
} from '../../ports/index.ts';
import { pages, path } from '../http/index.ts';
import type { MlflowContext } from './context.ts';
import { BATCH_LIMITS, cutValue, VALUE_LIMITS } from './limits.ts';
import {
  anyAnswerSchema,
  modelAnswerSchema,
  modelPageSchema,
  type ModelWire,
  toEntries,
  toRecord,
} from './wire.ts';

/** The largest page that the service gives. */
const PAGE_SIZE = 50;

/** @see spec/mlflow-rest.md §6 */
export class LoggedModels implements LoggedModelsPort {
  readonly #context: MlflowContext;

  constructor(context: MlflowContext) {
    this.#context = context;
  }

  /** Makes a model that lives outside MLflow (a version of a space), and marks it ready at once. */
  async createExternal(model: NewLoggedModel, options: CallOptions = {}): Promise<LoggedModel> {
    const { modelId } = await this.create(model, options);
    return this.finalize(modelId, 'LOGGED_MODEL_READY', options);
  }

  /** Makes a model that lives outside MLflow and is not ready yet: write its files, then `finalize` it. */
  async create(model: NewLoggedModel, options: CallOptions = {}): Promise<LoggedModel> {
    const limits = VALUE_LIMITS[this.#context.flavor];
    const params = toEntries(model.params ?? {}).map(({ key, value }) => ({
      key,
      value: cutValue(value, limits.param),
    }));
    const tags = toEntries({ ...model.tags, 'mlflow.model.isExternal': 'true' }).map(({ key, value }) => ({
      key,
      value: cutValue(value, limits.tag),
    }));
    const created = await this.#context.http.request({
      ...options,
      method: 'POST',
      path: path`/api/2.0/mlflow/logged-models`,
      json: {
        experiment_id: model.experimentId,
        name: model.name,
        source_run_id: model.sourceRunId,
        ...(model.modelType === undefined ? {} : { model_type: model.modelType }),
        params: params.slice(0, BATCH_LIMITS.params),
        tags,
      },
      schema: modelAnswerSchema,
    });
    const modelId = created.model.info.model_id;
    for (let at = BATCH_LIMITS.params; at < params.length; at += BATCH_LIMITS.params) {
      const target = path`/api/2.0/mlflow/logged-models/${modelId}/params`;
      const json = { model_id: modelId, params: params.slice(at, at + BATCH_LIMITS.params) };
      await this.#context.http.request({
        ...options,
        method: 'POST',
        path: target,
        json,
        schema: anyAnswerSchema,
        retry: 'safe',
      });
    }
    return { ...toModel(created.model), params: toRecord(params) };
  }

  async finalize(
    modelId: string,
    status: 'LOGGED_MODEL_READY' | 'LOGGED_MODEL_UPLOAD_FAILED',
    options: CallOptions = {},
  ): Promise<LoggedModel> {
    const answer = await this.#context.http.request({
      ...options,
      method: 'PATCH',
      path: path`/api/2.0/mlflow/logged-models/${modelId}`,
      json: { model_id: modelId, status },
      schema: modelAnswerSchema,
      retry: 'safe',
    });
    return toModel(answer.model);
  }

  async get(modelId: string, options: CallOptions = {}): Promise<LoggedModel> {
    const answer = await this.#context.http.request({
      ...options,
      method: 'GET',
      path: path`/api/2.0/mlflow/logged-models/${modelId}`,
      schema: modelAnswerSchema,
    });
    return toModel(answer.model);
  }

  async setTags(
    modelId: string,
    tags: Readonly<Record<string, string>>,
    options: CallOptions = {},
  ): Promise<void> {
    const limit = VALUE_LIMITS[this.#context.flavor].tag;
    await this.#context.http.request({
      ...options,
      method: 'PATCH',
      path: path`/api/2.0/mlflow/logged-models/${modelId}/tags`,
      json: {
        model_id: modelId,
        tags: toEntries(tags).map(({ key, value }) => ({ key, value: cutValue(value, limit) })),
      },
      schema: anyAnswerSchema,
      retry: 'safe',
    });
  }

  /** Takes a tag away; nothing happens when the model does not have it. */
  async deleteTag(modelId: string, key: string, options: CallOptions = {}): Promise<void> {
    const { tags } = await this.get(modelId, options);
    if (tags[key] === undefined) return;
    await this.#context.http.request({
      ...options,
      method: 'DELETE',
      path: path`/api/2.0/mlflow/logged-models/${modelId}/tags/${key}`,
      schema: anyAnswerSchema,
    });
  }

  async delete(modelId: string, options: CallOptions = {}): Promise<void> {
    await this.#context.http.request({
      ...options,
      method: 'DELETE',
      path: path`/api/2.0/mlflow/logged-models/${modelId}`,
      schema: anyAnswerSchema,
    });
  }

  /** Models that match a filter, newest first unless ordered otherwise; at most `limit`. */
  async search(query: ModelQuery, options: CallOptions = {}): Promise<readonly LoggedModel[]> {
    const limit = query.limit ?? Number.POSITIVE_INFINITY;
    const found: LoggedModel[] = [];
    const search = {
      ...options,
      path: path`/api/2.0/mlflow/logged-models/search`,
      json: {
        experiment_ids: query.experimentIds,
        filter: query.filter,
        max_results: Math.min(limit, PAGE_SIZE),
        order_by: (query.orderBy ?? [{ field: 'creation_time' }]).map((order) => ({
          field_name: order.field,
          ascending: order.ascending ?? false,
          dataset_name: order.datasetName,
          dataset_digest: order.datasetDigest,
        })),
        datasets: query.datasets?.map(({ name, digest }) => ({ dataset_name: name, dataset_digest: digest })),
      },
      schema: modelPageSchema,
    };
    for await (const page of pages(this.#context.http, search)) {
      found.push(...page.models.map(toModel));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  }
}

function toModel({ info, data }: ModelWire): LoggedModel {
  return {
    modelId: info.model_id,
    experimentId: info.experiment_id,
    name: info.name ?? '',
    status: info.status ?? 'UNKNOWN',
    sourceRunId: info.source_run_id === '' ? null : (info.source_run_id ?? null),
    artifactUri: info.artifact_uri ?? '',
    createdMs: info.creation_timestamp_ms ?? null,
    params: toRecord(data?.params ?? []),
    tags: toRecord(info.tags),
    metrics: (data?.metrics ?? []).flatMap(({ key, value, run_id: runId }) =>
      typeof value === 'number' ? [{ key, value, runId: runId ?? null }] : [],
    ),
  };
}
