import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { InvalidOptionError } from '../../core/index.ts';
import type {
  Assessment,
  CallOptions,
  Experiment,
  LoggedTrace,
  NewTrace,
  NewTraceTables,
  Trace,
  TracesPort,
  TraceTables,
} from '../../ports/index.ts';
import { pages, path } from '../http/index.ts';
import { type Artifacts, placeOf } from './artifacts.ts';
import { toLoggedAssessment, toWireAssessment } from './assessments.ts';
import type { MlflowContext } from './context.ts';
import { credentialWireSchema, putSigned } from './signed-storage.ts';
import { encodeSpans, type RandomHex } from './spans.ts';
import { parseTableTrace, tablesOf, TableTraces } from './trace-tables.ts';
import {
  anyAnswerSchema,
  assessmentAnswerSchema,
  traceAnswerSchema,
  type TraceInfoWire,
  tracePageSchema,
} from './wire.ts';

/** @see spec/mlflow-rest.md §10 */
const TRACE_LIMITS = {
  linkAtOnce: 100,
  preview: { databricks: 10_000, 'open-source': 1000 },
  pageSize: 500,
} as const;

const uploadSchema = z.looseObject({ credential_info: credentialWireSchema });

/** @see spec/mlflow-rest.md §10–11 */
export class Traces implements TracesPort {
  readonly #context: MlflowContext;
  readonly #artifacts: Artifacts;
  readonly #tables: TableTraces;
  readonly #randomHex: RandomHex;

  constructor(
    context: MlflowContext,
    artifacts: Artifacts,
    randomHex: RandomHex = (bytes) => randomBytes(bytes).toString('hex'),
  ) {
    this.#context = context;
    this.#artifacts = artifacts;
    this.#randomHex = randomHex;
    this.#tables = new TableTraces(context, randomHex);
  }

  /** Tables that keep the traces of an experiment, as its tags say; `null`: its own storage does. */
  tablesOf(experiment: Pick<Experiment, 'tags'>): TraceTables | null {
    return this.#context.flavor === 'databricks' ? tablesOf(experiment) : null;
  }

  /**
   * Lets tables of Unity Catalog keep the traces of an experiment from now on.
   *
   * @throws {InvalidOptionError} on a server of one's own, which has no such tables
   */
  async keepInTables(
    experimentId: string,
    tables: NewTraceTables,
    options: CallOptions = {},
  ): Promise<TraceTables> {
    if (this.#context.flavor !== 'databricks')
      throw new InvalidOptionError('tables', 'of Unity Catalog keep the traces of workspaces only');
    return this.#tables.keepIn(experimentId, tables, options);
  }

  /** Writes a finished trace. Spans are stored after it and on a best-effort basis; see {@link LoggedTrace}. */
  async log(trace: NewTrace, options: CallOptions = {}): Promise<LoggedTrace> {
    const { root, tables } = trace;
    const preview = (value: unknown): string =>
      (JSON.stringify(value) ?? '').slice(0, TRACE_LIMITS.preview[this.#context.flavor]);
    const info = {
      request_preview: preview(root.inputs),
      response_preview: preview(root.outputs),
      request_time: new Date(root.startedMs).toISOString(),
      execution_duration: `${((root.endedMs - root.startedMs) / 1000).toFixed(3)}s`,
      state: root.error === undefined ? 'OK' : 'ERROR',
      trace_metadata: {
        'mlflow.trace_schema.version': tables === undefined ? '3' : '4',
        ...(trace.runId === undefined ? {} : { 'mlflow.sourceRun': trace.runId }),
        ...(trace.modelId === undefined ? {} : { 'mlflow.modelId': trace.modelId }),
        ...trace.metadata,
      },
      tags: { 'mlflow.traceName': root.name, ...trace.tags },
    };
    if (tables !== undefined) return this.#tables.log(trace, tables, info, options);
    return this.#logInExperiment(trace, info, options);
  }

  async #logInExperiment(
    { root, experimentId }: NewTrace,
    info: Readonly<Record<string, unknown>>,
    options: CallOptions,
  ): Promise<LoggedTrace> {
    const traceId = `tr-${this.#randomHex(16)}`;
    const spans = encodeSpans(root, traceId, this.#randomHex);
    const answer = await this.#context.http.request({
      ...options,
      method: 'POST',
      path: path`/api/3.0/mlflow/traces`,
      json: {
        trace: {
          trace_info: {
            trace_id: traceId,
            trace_location: {
              type: 'MLFLOW_EXPERIMENT',
              mlflow_experiment: { experiment_id: experimentId },
            },
            ...info,
          },
        },
      },
      schema: traceAnswerSchema,
      // The id is ours, so a second attempt cannot make a second trace.
      retry: 'safe',
    });
    const made = answer.trace.trace_info;
    const spansError = await this.#storeSpans(made, spans.text, options).then(
      () => null,
      (error: unknown) => error,
    );
    return { traceId: made.trace_id, rootSpanId: spans.rootSpanId, spansError };
  }

  /** Adds a verdict or an expected answer; not repeated after a doubtful failure, because it would appear twice. */
  async addAssessment(
    traceId: string,
    assessment: Assessment,
    { warehouseId, ...options }: CallOptions & { readonly warehouseId?: string | undefined } = {},
  ): Promise<string> {
    const inTable = parseTableTrace(traceId);
    if (inTable !== null) return this.#tables.addAssessment(inTable, assessment, { ...options, warehouseId });
    const answer = await this.#context.http.request({
      ...options,
      method: 'POST',
      path: path`/api/3.0/mlflow/traces/${traceId}/assessments`,
      json: { assessment: toWireAssessment(traceId, assessment, this.#context.clock.now()) },
      schema: assessmentAnswerSchema,
      retry: 'rejected',
    });
    return answer.assessment.assessment_id ?? '';
  }

  /** Makes traces appear on an evaluation run. */
  async linkToRun(traceIds: readonly string[], runId: string, options: CallOptions = {}): Promise<void> {
    const traces = traceIds.map((id) => parseTableTrace(id) ?? { location: null, traceHex: id });
    for (const [location, there] of Map.groupBy(traces, (trace) => trace.location)) {
      const ids = there.map(({ traceHex }) => traceHex);
      for (let at = 0; at < ids.length; at += TRACE_LIMITS.linkAtOnce) {
        const some = ids.slice(at, at + TRACE_LIMITS.linkAtOnce);
        if (location === null) await this.#linkInExperiment(some, runId, options);
        else await this.#tables.linkToRun(location, some, runId, options);
      }
    }
  }

  async #linkInExperiment(traceIds: readonly string[], runId: string, options: CallOptions): Promise<void> {
    await this.#context.http.request({
      ...options,
      method: 'POST',
      path: path`/api/2.0/mlflow/traces/link-to-run`,
      json: { trace_ids: traceIds, run_id: runId },
      schema: anyAnswerSchema,
      retry: 'safe',
    });
  }

  async setTag(traceId: string, key: string, value: string, options: CallOptions = {}): Promise<void> {
    const inTable = parseTableTrace(traceId);
    if (inTable !== null) return this.#tables.setTag(inTable, { key, value }, options);
    const target = path`/api/2.0/mlflow/traces/${traceId}/tags`;
    await this.#context.http.request({
      ...options,
      method: 'PATCH',
      path: target,
      json: { key, value },
      schema: anyAnswerSchema,
      retry: 'safe',
    });
  }

  /** Traces of experiments that match a filter, such as ``metadata.`mlflow.sourceRun` = '…'``. */
  async search(
    query: { readonly experimentIds: readonly string[]; readonly filter?: string; readonly limit?: number },
    options: CallOptions = {},
  ): Promise<readonly Trace[]> {
    const limit = query.limit ?? Number.POSITIVE_INFINITY;
    const found: Trace[] = [];
    const search = {
      ...options,
      path: path`/api/3.0/mlflow/traces/search`,
      json: {
        locations: query.experimentIds.map((id) => ({
          type: 'MLFLOW_EXPERIMENT',
          mlflow_experiment: { experiment_id: id },
        })),
        filter: query.filter,
        max_results: Math.min(limit, TRACE_LIMITS.pageSize),
      },
      schema: tracePageSchema,
    };
    for await (const page of pages(this.#context.http, search)) {
      found.push(...page.traces.map(toTrace));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  }

  async #storeSpans(info: TraceInfoWire, text: string, options: CallOptions): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    if (this.#context.flavor === 'databricks') {
      const target = path`/api/2.0/mlflow/traces/${info.trace_id}/credentials-for-data-upload`;
      const answer = await this.#context.http.request({
        ...options,
        method: 'GET',
        path: target,
        schema: uploadSchema,
      });
      await putSigned(answer.credential_info, bytes, this.#context.clock, options);
      return;
    }
    const place = placeOf(info.tags?.['mlflow.artifactLocation'] ?? '');
    if (place.kind === 'proxy') await this.#artifacts.putProxied(place.root, 'traces.json', bytes, options);
  }
}

function toTrace(info: TraceInfoWire): Trace {
  return {
    traceId: info.trace_id,
    state: info.state ?? 'STATE_UNSPECIFIED',
    metadata: info.trace_metadata ?? {},
    tags: info.tags ?? {},
    assessmentNames: info.assessments.map((assessment) => assessment.assessment_name ?? ''),
    assessments: info.assessments.map(toLoggedAssessment),
  };
}
