import { ApiError, invalidParameter } from '../server/api-error.ts';
import { requiredText } from '../server/read-fields.ts';
import type { ApiRequest, Route } from '../server/router.ts';
import { addAssessment } from './assessment-routes.ts';
import type { MlflowStore } from './mlflow-store.ts';
import { readTexts } from './read-entries.ts';
import { readTrace, setTraceTag, traceInfo } from './trace-routes.ts';
import type { TraceEntry } from './trace-store.ts';

const V4 = '/api/4.0/mlflow/traces/:location';
const ONE = `${V4}/:trace_id`;

/** Tags by which an experiment says where its traces are kept. */
const LOCATION_TAG = 'mlflow.experiment.databricksTraceDestinationPath';
const SPANS_TAG = 'mlflow.experiment.databricksTraceSpanStorageTable';

/**
 * Traces that a workspace keeps in tables of Unity Catalog.
 *
 * Kept are traces, verdicts, tags and links to runs. Spans are taken and forgotten, and no table can be queried: what
 * is said of a trace is read with `GET …/info`.
 * @see spec/mlflow-rest.md §10.4
 */
export function tableTraceRoutes(
  store: MlflowStore,
  schemaExists: (catalog: string, schema: string) => boolean,
): Route[] {
  const traceOf = ({ params }: ApiRequest): TraceEntry =>
    store.trace(`trace:/${params['location'] ?? ''}/${params['trace_id'] ?? ''}`);
  const now = (): string => new Date(store.now()).toISOString();
  return [
    {
      method: 'POST',
      path: '/api/5.0/mlflow/tracing/locations',
      handle: ({ body }) => {
        const place = readPlace(body['uc_table_prefix']);
        if (!schemaExists(place.catalog_name, place.schema_name))
          throw new ApiError(
            404,
            'RESOURCE_DOES_NOT_EXIST',
            `Schema '${place.catalog_name}.${place.schema_name}' does not exist.`,
          );
        const location = locationOf(place);
        return {
          uc_table_prefix: {
            ...place,
            spans_table_name: `${location}_otel_spans`,
            logs_table_name: `${location}_otel_logs`,
          },
        };
      },
    },
    {
      method: 'POST',
      path: '/api/5.0/mlflow/experiments/:experiment_id/trace-location:link',
      handle: ({ params, body }) => {
        const experiment = store.activeExperiment(params['experiment_id'] ?? '');
        const place = readPlace(body['uc_table_prefix']);
        const location = locationOf(place);
        const linked = experiment.tags.get(LOCATION_TAG);
        if (linked !== undefined && linked !== location)
          throw invalidParameter(`Experiment ${experiment.experimentId} is linked to '${linked}' already.`);
        const holdsTraces = store.traces
          .values()
          .some(
            ({ experimentId, tables }) => tables === undefined && experimentId === experiment.experimentId,
          );
        if (holdsTraces)
          throw invalidParameter(`Experiment ${experiment.experimentId} holds traces and cannot be linked.`);
        experiment.tags.set(LOCATION_TAG, location);
        experiment.tags.set(SPANS_TAG, `${location}_otel_spans`);
        return {};
      },
    },
    // Their table is named in a header.
    { method: 'POST', path: '/api/2.0/otel/v1/traces', raw: true, handle: () => ({}) },
    {
      method: 'POST',
      path: `${V4}/link-to-run/batchCreate`,
      handle: ({ params, body }) => {
        const { runId } = store.run(requiredText(body, 'run_id'));
        const traces = readTexts(body['trace_ids'], 'trace_ids').map((id) =>
          store.trace(`trace:/${params['location'] ?? ''}/${id}`),
        );
        for (const { runIds } of traces) if (!runIds.includes(runId)) runIds.push(runId);
        return {};
      },
    },
    {
      method: 'POST',
      path: `${ONE}/info`,
      handle: ({ params, body }) => {
        const [location = '', hex = ''] = [params['location'], params['trace_id']];
        const experiment = store.experiments.values().find(({ tags }) => tags.get(LOCATION_TAG) === location);
        if (experiment === undefined)
          throw new ApiError(404, 'RESOURCE_DOES_NOT_EXIST', `No experiment is linked to '${location}'.`);
        if (!/^[0-9a-f]{32}$/.test(hex) || requiredText(body, 'trace_id') !== hex)
          throw invalidParameter(
            `Invalid trace id '${hex}': 32 hexadecimal digits are wanted, twice the same.`,
          );
        const { type, uc_table_prefix: prefix } = (body['trace_location'] ?? {}) as Record<string, unknown>;
        const tables = readPlace(prefix);
        if (type !== 'UC_TABLE_PREFIX' || locationOf(tables) !== location)
          throw invalidParameter(`The trace says that it is kept elsewhere than in '${location}'.`);
        const { experimentId, artifactLocation } = experiment;
        const entry = {
          ...readTrace(body, { traceId: `trace:/${location}/${hex}`, experimentId, artifactLocation }, store),
          tables,
        };
        store.traces.set(entry.traceId, entry);
        return traceInfo(entry);
      },
    },
    {
      method: 'GET',
      path: `${ONE}/info`,
      handle: (request) => {
        requireWarehouse(request);
        return { trace: { trace_info: traceInfo(traceOf(request)) } };
      },
    },
    {
      method: 'POST',
      path: `${ONE}/assessments`,
      handle: (request) => {
        requireWarehouse(request);
        return addAssessment(traceOf(request), request.body, now());
      },
    },
    {
      method: 'PATCH',
      path: `${ONE}/tags`,
      handle: (request) => {
        setTraceTag(traceOf(request), request.body);
        return {};
      },
    },
  ];
}

type Place = NonNullable<TraceEntry['tables']>;

function readPlace(value: unknown): Place {
  const fields = (value ?? {}) as Readonly<Record<string, unknown>>;
  return {
    catalog_name: requiredText(fields, 'catalog_name'),
    schema_name: requiredText(fields, 'schema_name'),
    table_prefix: requiredText(fields, 'table_prefix'),
  };
}

const locationOf = (place: Place): string =>
  `${place.catalog_name}.${place.schema_name}.${place.table_prefix}`;

function requireWarehouse({ query }: ApiRequest): void {
  if ((query.get('sql_warehouse_id') ?? '') === '')
    throw invalidParameter('Could not resolve a SQL warehouse ID: pass sql_warehouse_id.');
}
