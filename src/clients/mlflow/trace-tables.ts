import * as z from 'zod';
import type {
  Assessment,
  CallOptions,
  Experiment,
  NewTrace,
  NewTraceTables,
  TraceTables,
} from '../../ports/index.ts';
import { path } from '../http/index.ts';
import { toWireAssessment } from './assessments.ts';
import type { MlflowContext } from './context.ts';
import { encodeOtlpRequest } from './otlp-spans.ts';
import type { RandomHex } from './spans.ts';
import { anyAnswerSchema, assessmentWireSchema } from './wire.ts';

/** Tags of an experiment whose traces are kept in tables; the service sets them. */
const TAGS = {
  location: 'mlflow.experiment.databricksTraceDestinationPath',
  spansTable: 'mlflow.experiment.databricksTraceSpanStorageTable',
} as const;

const locationWireSchema = z.looseObject({
  uc_table_prefix: z.looseObject({ spans_table_name: z.string().nullish() }),
});

/** A trace id that names its tables: `trace:/<location>/<hex>`. */
export function parseTableTrace(
  traceId: string,
): { readonly location: string; readonly traceHex: string } | null {
  const [, location, traceHex] = /^trace:\/([^/]+)\/([^/]+)$/.exec(traceId) ?? [];
  return location === undefined || traceHex === undefined ? null : { location, traceHex };
}

/** Tables that the tags of an experiment name; `null` when its own storage keeps the traces. */
export function tablesOf({ tags }: Pick<Experiment, 'tags'>): TraceTables | null {
  const location = tags[TAGS.location] ?? '';
  if (!/^[^.]+\.[^.]+(?:\.[^.]+)?$/.test(location)) return null;
  return { location, spansTable: tags[TAGS.spansTable] || defaultSpansTable(location) };
}

/** Tables with a prefix of their own are the newer form; in the older one a schema holds one set. */
const defaultSpansTable = (location: string): string =>
  location.split('.').length === 3
    ? `${location}_otel_spans`
    : `${location}.mlflow_experiment_trace_otel_spans`;

/** A location as it goes over the wire, beside its kind. */
function wireLocation(location: string): object {
  const [catalog, schema, prefix] = location.split('.');
  const place = { catalog_name: catalog, schema_name: schema };
  return prefix === undefined
    ? { type: 'UC_SCHEMA', uc_schema: place }
    : { type: 'UC_TABLE_PREFIX', uc_table_prefix: { ...place, table_prefix: prefix } };
}

/** Traces whose spans, verdicts and tags are rows of Unity Catalog. @see spec/mlflow-rest.md §10.4, §11 */
export class TableTraces {
  readonly #context: MlflowContext;
  readonly #randomHex: RandomHex;

  constructor(context: MlflowContext, randomHex: RandomHex) {
    this.#context = context;
    this.#randomHex = randomHex;
  }

  /** Makes the tables where they are not there, and links the experiment to them. */
  async keepIn(
    experimentId: string,
    { catalog, schema, prefix, warehouseId }: NewTraceTables,
    options: CallOptions,
  ): Promise<TraceTables> {
    const place = { catalog_name: catalog, schema_name: schema, table_prefix: prefix };
    const { uc_table_prefix: made } = await this.#context.http.request({
      ...options,
      method: 'POST',
      path: path`/api/5.0/mlflow/tracing/locations`,
      json: {
        uc_table_prefix: place,
        ...(warehouseId === null ? {} : { sql_warehouse_id: warehouseId }),
      },
      schema: locationWireSchema,
      // Made or found: a second attempt finds what the first made.
      retry: 'safe',
    });
    const location = `${catalog}.${schema}.${prefix}`;
    const spansTable = made.spans_table_name ?? defaultSpansTable(location);
    await this.#context.http.request({
      ...options,
      method: 'POST',
      path: path`/api/5.0/mlflow/experiments/${experimentId}/trace-location:link`,
      json: {
        experiment_id: experimentId,
        uc_table_prefix: { ...place, spans_table_name: spansTable },
      },
      schema: anyAnswerSchema,
    });
    return { location, spansTable };
  }

  /** @param info - what every trace says of itself, wherever it is kept */
  async log(
    trace: NewTrace,
    tables: TraceTables,
    info: Readonly<Record<string, unknown>>,
    options: CallOptions,
  ): Promise<{ readonly traceId: string; readonly rootSpanId: string; readonly spansError: unknown }> {
    const traceHex = this.#randomHex(16);
    const { location } = tables;
    const traceId = `trace:/${location}/${traceHex}`;
    const spans = encodeOtlpRequest(trace.root, { traceHex, traceId }, this.#randomHex);
    await this.#context.http.request({
      ...options,
      method: 'POST',
      path: path`/api/4.0/mlflow/traces/${location}/${traceHex}/info`,
      json: {
        ...info,
        trace_id: traceHex,
        trace_location: wireLocation(location),
      },
      schema: anyAnswerSchema,
      // The id is ours, so a second attempt cannot make a second trace.
      retry: 'safe',
    });
    const spansError = await this.#context.http
      .requestBytes({
        ...options,
        method: 'POST',
        path: path`/api/2.0/otel/v1/traces`,
        body: spans.bytes,
        headers: {
          'content-type': 'application/x-protobuf',
          'x-databricks-uc-table-name': tables.spansTable,
        },
      })
      .then(
        () => null,
        (error: unknown) => error,
      );
    return { traceId, rootSpanId: spans.rootSpanId, spansError };
  }

  async addAssessment(
    { location, traceHex }: { readonly location: string; readonly traceHex: string },
    assessment: Assessment,
    { warehouseId, ...options }: CallOptions & { readonly warehouseId?: string | undefined },
  ): Promise<string> {
    const answer = await this.#context.http.request({
      ...options,
      method: 'POST',
      path: path`/api/4.0/mlflow/traces/${location}/${traceHex}/assessments`,
      ...(warehouseId === undefined ? {} : { query: { sql_warehouse_id: warehouseId } }),
      json: {
        ...toWireAssessment(traceHex, assessment, this.#context.clock.now()),
        trace_location: wireLocation(location),
      },
      schema: assessmentWireSchema,
      retry: 'rejected',
    });
    return answer.assessment_id ?? '';
  }

  async linkToRun(
    location: string,
    traceHexes: readonly string[],
    runId: string,
    options: CallOptions,
  ): Promise<void> {
    await this.#context.http.request({
      ...options,
      method: 'POST',
      path: path`/api/4.0/mlflow/traces/${location}/link-to-run/batchCreate`,
      json: { location_id: location, trace_ids: traceHexes, run_id: runId },
      schema: anyAnswerSchema,
      retry: 'safe',
    });
  }

  async setTag(
    { location, traceHex }: { readonly location: string; readonly traceHex: string },
    tag: { readonly key: string; readonly value: string },
    options: CallOptions,
  ): Promise<void> {
    await this.#context.http.request({
      ...options,
      method: 'PATCH',
      path: path`/api/4.0/mlflow/traces/${location}/${traceHex}/tags`,
      json: tag,
      schema: anyAnswerSchema,
      retry: 'safe',
    });
  }
}
