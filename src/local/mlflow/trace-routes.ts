import { invalidParameter } from '../server/api-error.ts';
import { bodyPage } from '../server/paging.ts';
import { optionalCount, optionalText, requiredText } from '../server/read-fields.ts';
import type { ApiRequest, Route } from '../server/router.ts';
import { checkKey, checkValue, MLFLOW_LIMITS } from './mlflow-limits.ts';
import type { MlflowStore } from './mlflow-store.ts';
import { removeTag } from './mlflow-store.ts';
import { readObjects, readTextMap, readTexts } from './read-entries.ts';
import { searchFilter, searchOrder } from './search-filter.ts';
import type { SearchKind } from './search-filter.ts';
import { durationMs } from './trace-store.ts';
import type { AssessmentEntry, TraceEntry } from './trace-store.ts';

const BASE = '/api/3.0/mlflow/traces';
const STATES = new Set(['OK', 'ERROR', 'IN_PROGRESS', 'STATE_UNSPECIFIED']);
const SOURCE_RUN = 'mlflow.sourceRun';

const TRACE_SEARCH: SearchKind = {
  attributes: [
    'trace_id',
    'request_id',
    'client_request_id',
    'name',
    'status',
    'state',
    'timestamp_ms',
    'timestamp',
    'execution_time_ms',
    'execution_time',
    'run_id',
  ],
  entities: ['tags', 'metadata', 'feedback', 'expectation'],
};

type Fields = Readonly<Record<string, unknown>>;

/** Traces of experiments. @see spec/mlflow-rest.md §10 */
export function traceRoutes(store: MlflowStore): Route[] {
  const experimentOf = (location: unknown): string => {
    const { type, mlflow_experiment: experiment } = (location ?? {}) as Fields;
    if (type !== 'MLFLOW_EXPERIMENT')
      throw invalidParameter(
        `Trace location of type '${String(type)}' is not kept here: the embedded workspace keeps traces of experiments only.`,
      );
    return requiredText((experiment ?? {}) as Fields, 'experiment_id');
  };
  const search = ({ body }: ApiRequest) => {
    const ids = new Set(readObjects(body['locations'], 'locations').map(experimentOf));
    const fits = searchFilter(optionalText(body, 'filter'), TRACE_SEARCH);
    const orderBy = readTexts(body['order_by'], 'order_by');
    const order = searchOrder([...orderBy, 'timestamp_ms DESC', 'trace_id'], TRACE_SEARCH);
    const found = store.traces
      .values()
      .filter((trace) => trace.tables === undefined && ids.has(trace.experimentId))
      .map((trace) => ({ trace, views: searchViews(trace) }))
      .filter(({ views }) => views.some(fits))
      .sort((left, right) => order(left.views[0], right.views[0]));
    const page = bodyPage(found, body, { size: 100, max: 500 });
    return { traces: page.items.map(({ trace }) => traceInfo(trace)), ...page.next };
  };
  return [
    {
      method: 'POST',
      path: BASE,
      handle: ({ body }) => {
        const info = ((body['trace'] ?? {}) as Fields)['trace_info'] as Fields | undefined;
        if (info === undefined) throw invalidParameter('Missing required field: trace.trace_info');
        const experiment = store.activeExperiment(experimentOf(info['trace_location']));
        const traceId = requiredText(info, 'trace_id');
        if (!/^tr-[0-9a-f]{32}$/.test(traceId))
          throw invalidParameter(
            `Invalid trace_id '${traceId}': 'tr-' and 32 hexadecimal digits are wanted.`,
          );
        const entry = readTrace(info, { traceId, ...experiment }, store);
        store.traces.set(entry.traceId, entry);
        return { trace: { trace_info: traceInfo(entry) } };
      },
    },
    { method: 'POST', path: `${BASE}/search`, handle: search },
    {
      method: 'POST',
      path: `${BASE}/delete-traces`,
      handle: ({ body }) => {
        const experimentId = store.experiment(requiredText(body, 'experiment_id')).experimentId;
        const doomed = tracesToDelete(store, experimentId, body);
        for (const { traceId } of doomed) store.traces.delete(traceId);
        return { traces_deleted: doomed.length };
      },
    },
    {
      method: 'GET',
      path: `${BASE}/:trace_id`,
      handle: ({ params }) => ({
        trace: { trace_info: traceInfo(store.trace(params['trace_id'] ?? '')) },
      }),
    },
    ...['2.0', '3.0'].flatMap((version): Route[] => [
      {
        method: 'PATCH',
        path: `/api/${version}/mlflow/traces/:trace_id/tags`,
        handle: ({ params, body }) => {
          setTraceTag(store.trace(params['trace_id'] ?? ''), body);
          return {};
        },
      },
      {
        method: 'DELETE',
        path: `/api/${version}/mlflow/traces/:trace_id/tags`,
        handle: ({ params, body, query }) => {
          const trace = store.trace(params['trace_id'] ?? '');
          const key = optionalText(body, 'key') ?? query.get('key') ?? '';
          removeTag(trace.tags, key, `trace ${trace.traceId}`);
          return {};
        },
      },
    ]),
    {
      method: 'POST',
      path: '/api/2.0/mlflow/traces/link-to-run',
      handle: ({ body }) => {
        const traceIds = readTexts(body['trace_ids'], 'trace_ids');
        if (traceIds.length > MLFLOW_LIMITS.tracesAtOnce)
          throw invalidParameter(
            `Cannot link more than ${MLFLOW_LIMITS.tracesAtOnce} traces to a run in a single request. Provided ${traceIds.length} traces.`,
          );
        const { runId } = store.run(requiredText(body, 'run_id'));
        const traces = traceIds.map((traceId) => store.trace(traceId));
        for (const { runIds } of traces) if (!runIds.includes(runId)) runIds.push(runId);
        return {};
      },
    },
  ];
}

/** @throws {ApiError} a tag that MLflow would refuse */
export function setTraceTag(trace: TraceEntry, body: Fields): void {
  const [key, value] = [requiredText(body, 'key'), optionalText(body, 'value') ?? ''];
  checkKey('tag', key);
  checkValue('trace tag', key, value);
  trace.tags.set(key, value);
}

/** What a client says of a trace, checked. @throws {ApiError} */
export function readTrace(
  info: Fields,
  {
    traceId,
    ...experiment
  }: { readonly traceId: string; readonly experimentId: string; readonly artifactLocation: string },
  store: MlflowStore,
): TraceEntry {
  const state = optionalText(info, 'state') ?? 'STATE_UNSPECIFIED';
  if (!STATES.has(state)) throw invalidParameter(`Invalid trace state '${state}'.`);
  const tags = readTextMap(info['tags'], 'tags');
  for (const [key, value] of tags) {
    checkKey('tag', key);
    checkValue('trace tag', key, value);
  }
  const artifactUri = `${experiment.artifactLocation}/traces/${traceId}/artifacts`;
  const requestTime = optionalText(info, 'request_time') ?? new Date(store.now()).toISOString();
  if (Number.isNaN(Date.parse(requestTime)))
    throw invalidParameter(`Invalid request_time '${requestTime}': a timestamp of RFC 3339 is wanted.`);
  return {
    traceId,
    experimentId: experiment.experimentId,
    artifactUri,
    clientRequestId: optionalText(info, 'client_request_id') ?? null,
    requestPreview: optionalText(info, 'request_preview') ?? null,
    responsePreview: optionalText(info, 'response_preview') ?? null,
    requestTime,
    executionDuration: optionalText(info, 'execution_duration') ?? null,
    state,
    metadata: readTextMap(info['trace_metadata'], 'trace_metadata'),
    tags: new Map([...tags, ['mlflow.artifactLocation', artifactUri]]),
    assessments: [],
    runIds: [],
  };
}

function tracesToDelete(store: MlflowStore, experimentId: string, body: ApiRequest['body']): TraceEntry[] {
  const all = store.traces.values().filter((trace) => trace.experimentId === experimentId);
  const ids = readTexts(body['request_ids'], 'request_ids');
  if (ids.length > 0) return all.filter(({ traceId }) => ids.includes(traceId));
  const before = Number(body['max_timestamp_millis'] ?? Number.NaN);
  if (Number.isNaN(before))
    throw invalidParameter('Either `max_timestamp_millis` or `request_ids` must be specified.');
  return all
    .filter(({ requestTime }) => Date.parse(requestTime) <= before)
    .slice(0, optionalCount(body, 'max_traces'));
}

/** A trace once for each run it belongs to, because a filter on its run fits any of them. */
function searchViews(trace: TraceEntry) {
  const values = (kind: 'feedback' | 'expectation') =>
    new Map(
      trace.assessments.flatMap((assessment): [string, string][] => {
        const text = valueText(assessment, kind);
        return text === null || assessment['valid'] === false ? [] : [[assessment.assessment_name, text]];
      }),
    );
  const [feedback, expectation] = [values('feedback'), values('expectation')];
  const view = (runId: string | null) => ({
    attributes: {
      trace_id: trace.traceId,
      request_id: trace.traceId,
      client_request_id: trace.clientRequestId,
      name: trace.tags.get('mlflow.traceName') ?? null,
      status: trace.state,
      state: trace.state,
      timestamp_ms: Date.parse(trace.requestTime),
      timestamp: Date.parse(trace.requestTime),
      execution_time_ms: durationMs(trace.executionDuration),
      execution_time: durationMs(trace.executionDuration),
      run_id: runId,
    },
    tags: trace.tags,
    metadata: runId === null ? trace.metadata : new Map([...trace.metadata, [SOURCE_RUN, runId]]),
    feedback,
    expectation,
  });
  return [view(trace.metadata.get(SOURCE_RUN) ?? null), ...trace.runIds.map((runId) => view(runId))] as const;
}

function valueText(assessment: AssessmentEntry, kind: 'feedback' | 'expectation'): string | null {
  const held = assessment[kind] as
    { readonly value?: unknown; readonly serialized_value?: { readonly value: string } } | undefined;
  const value = held?.value ?? held?.serialized_value?.value;
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const optionalField = (name: string, value: string | null) => (value === null ? {} : { [name]: value });

/** A trace as it goes over the wire. */
export const traceInfo = (trace: TraceEntry) => ({
  trace_id: trace.traceId,
  ...optionalField('client_request_id', trace.clientRequestId),
  trace_location:
    trace.tables === undefined
      ? { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: trace.experimentId } }
      : { type: 'UC_TABLE_PREFIX', uc_table_prefix: trace.tables },
  ...optionalField('request_preview', trace.requestPreview),
  ...optionalField('response_preview', trace.responsePreview),
  request_time: trace.requestTime,
  ...optionalField('execution_duration', trace.executionDuration),
  state: trace.state,
  trace_metadata: Object.fromEntries(trace.metadata),
  tags: Object.fromEntries(trace.tags),
  assessments: trace.assessments,
});
