import type { Batch, CallOptions, DatasetInput, Run, RunsPort, RunStatus } from '../../ports/index.ts';
import { pages, path } from '../http/index.ts';
import type { MlflowContext } from './context.ts';
import { splitBatch } from './limits.ts';
import {
  anyAnswerSchema,
  metricPageSchema,
  runAnswerSchema,
  runPageSchema,
  type RunWire,
  toEntries,
  toRecord,
} from './wire.ts';

/** Rows of one page of a search. */
const PAGE_SIZE = 1000;

/** The largest page of a metric's history. */
const HISTORY_PAGE_SIZE = 25_000;

/** @see spec/mlflow-rest.md §3–5 */
export class Runs implements RunsPort {
  readonly #context: MlflowContext;

  constructor(context: MlflowContext) {
    this.#context = context;
  }

  async start(
    run: {
      readonly experimentId: string;
      readonly name?: string;
      readonly tags?: Readonly<Record<string, string>>;
      readonly parentRunId?: string;
    },
    options: CallOptions = {},
  ): Promise<Run> {
    const tags = {
      ...run.tags,
      ...(run.parentRunId === undefined ? {} : { 'mlflow.parentRunId': run.parentRunId }),
    };
    const answer = await this.#context.http.request({
      ...options,
      method: 'POST',
      path: path`/api/2.0/mlflow/runs/create`,
      json: {
        experiment_id: run.experimentId,
        ...(run.name === undefined ? {} : { run_name: run.name }),
        start_time: this.#now(),
        tags: toEntries(tags),
      },
      schema: runAnswerSchema,
    });
    return toRun(answer.run);
  }

  async get(runId: string, options: CallOptions = {}): Promise<Run> {
    const answer = await this.#context.http.request({
      ...options,
      method: 'GET',
      path: path`/api/2.0/mlflow/runs/get`,
      query: { run_id: runId },
      schema: runAnswerSchema,
    });
    return toRun(answer.run);
  }

  /**
   * Logs parameters, tags and metrics in as many requests as the limits ask for.
   *
   * Metrics append, so a request that may have arrived is not sent again. A failure may leave a part written.
   *
   * @returns keys of metrics that are no finite number and were therefore not sent
   */
  async log(runId: string, batch: Batch, options: CallOptions = {}): Promise<readonly string[]> {
    const metrics = (batch.metrics ?? []).filter(({ value }) => Number.isFinite(value));
    for (const request of splitBatch({ ...batch, metrics }, this.#context.flavor, this.#now())) {
      await this.#post(
        'log-batch',
        { run_id: runId, ...request },
        options,
        request.metrics.length === 0 ? 'safe' : 'rejected',
      );
    }
    return (batch.metrics ?? []).filter(({ value }) => !Number.isFinite(value)).map(({ key }) => key);
  }

  /** Says which data and which models a run evaluates. */
  async logInputs(
    runId: string,
    inputs: { readonly datasets?: readonly DatasetInput[]; readonly modelIds?: readonly string[] },
    options: CallOptions = {},
  ): Promise<void> {
    const datasets = (inputs.datasets ?? []).map(
      ({ name, digest, sourceType, source, schema, profile, context }) => ({
        dataset: {
          name,
          digest: digest.slice(0, 36),
          source_type: sourceType,
          source,
          ...(schema === undefined ? {} : { schema }),
          ...(profile === undefined ? {} : { profile }),
        },
        tags: [{ key: 'mlflow.data.context', value: context ?? 'eval' }],
      }),
    );
    const models = (inputs.modelIds ?? []).map((modelId) => ({ model_id: modelId }));
    await this.#post('log-inputs', { run_id: runId, datasets, models }, options);
  }

  /** Says which model a run made. */
  async logOutputs(
    runId: string,
    models: readonly { readonly modelId: string; readonly step?: number }[],
    options: CallOptions = {},
  ): Promise<void> {
    const outputs = models.map(({ modelId, step }) => ({ model_id: modelId, step: step ?? 0 }));
    await this.#post('outputs', { run_id: runId, models: outputs }, options);
  }

  async end(runId: string, status: RunStatus = 'FINISHED', options: CallOptions = {}): Promise<void> {
    await this.#post('update', { run_id: runId, status, end_time: this.#now() }, options);
  }

  /** Runs that match a filter, newest first unless ordered otherwise; at most `limit`. */
  async search(
    query: {
      readonly experimentIds: readonly string[];
      readonly filter?: string;
      readonly orderBy?: readonly string[];
      readonly limit?: number;
    },
    options: CallOptions = {},
  ): Promise<readonly Run[]> {
    const limit = query.limit ?? PAGE_SIZE;
    const found: Run[] = [];
    const search = {
      ...options,
      path: path`/api/2.0/mlflow/runs/search`,
      json: {
        experiment_ids: query.experimentIds,
        filter: query.filter,
        order_by: query.orderBy,
        max_results: Math.min(limit, PAGE_SIZE),
      },
      schema: runPageSchema,
    };
    for await (const page of pages(this.#context.http, search)) {
      found.push(...page.runs.map(toRun));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  }

  /** All values of one metric, oldest first. */
  async metricHistory(
    runId: string,
    key: string,
    options: CallOptions = {},
  ): Promise<readonly { readonly value: number; readonly step: number; readonly timestamp: number }[]> {
    const found: { value: number; step: number; timestamp: number }[] = [];
    const history = {
      ...options,
      path: path`/api/2.0/mlflow/metrics/get-history`,
      // Without a number of rows some servers answer with none.
      query: { run_id: runId, metric_key: key, max_results: HISTORY_PAGE_SIZE },
      schema: metricPageSchema,
    };
    for await (const page of pages(this.#context.http, history)) {
      for (const { value, step, timestamp } of page.metrics) {
        if (typeof value === 'number') found.push({ value, step: step ?? 0, timestamp: timestamp ?? 0 });
      }
    }
    return found;
  }

  async #post(
    action: string,
    json: object,
    options: CallOptions,
    retry: 'safe' | 'rejected' = 'safe',
  ): Promise<void> {
    await this.#context.http.request({
      ...options,
      method: 'POST',
      path: path`/api/2.0/mlflow/runs/${action}`,
      json,
      schema: anyAnswerSchema,
      retry,
    });
  }

  #now(): number {
    return this.#context.clock.now().getTime();
  }
}

function toRun({ info, data, inputs, outputs }: RunWire): Run {
  const metrics = (data?.metrics ?? []).flatMap(({ key, value }): [string, number][] =>
    typeof value === 'number' && Number.isFinite(value) ? [[key, value]] : [],
  );
  return {
    runId: info.run_id,
    runName: info.run_name ?? '',
    experimentId: info.experiment_id,
    status: info.status ?? 'UNKNOWN',
    artifactUri: info.artifact_uri ?? '',
    params: toRecord(data?.params ?? []),
    metrics: Object.fromEntries(metrics),
    tags: toRecord(data?.tags ?? []),
    datasets: (inputs?.dataset_inputs ?? []).map(({ dataset }) => ({
      name: dataset.name ?? '',
      digest: dataset.digest ?? '',
    })),
    evaluatedModelIds: (inputs?.model_inputs ?? []).map((model) => model.model_id),
    createdModelIds: (outputs?.model_outputs ?? []).map((model) => model.model_id),
  };
}
