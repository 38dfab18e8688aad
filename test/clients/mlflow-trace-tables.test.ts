import { http as route, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { encodeOtlpRequest } from '../../src/clients/index.ts';
import type { Span, TraceTables } from '../../src/ports/index.ts';
import { error, makeMlflow } from './support/mlflow.ts';
import { hexIn, messagesIn, numberIn, readProtobuf, textIn } from './support/protobuf.ts';
import { bodies, recorder } from './support/recorder.ts';
import { HOST, rejection, useServer } from './support/server.ts';

const server = useServer();
const record = recorder(server);

const LOCATION = 'main.gold.genie_opt_7';
const TABLES: TraceTables = { location: LOCATION, spansTable: 'main.gold.genie_opt_7_otel_spans' };
const PLACE = { catalog_name: 'main', schema_name: 'gold', table_prefix: 'genie_opt_7' };
const NEW = { catalog: 'main', schema: 'gold', prefix: 'genie_opt_7' };
const HEX = 'ab'.repeat(16);
const TRACE_ID = `trace:/${LOCATION}/${HEX}`;
const V4 = `${HOST}/api/4.0/mlflow/traces`;

const ROOT: Span = {
  name: 'ask',
  type: 'CHAIN',
  startedMs: 1_790_000_000_123,
  endedMs: 1_790_000_001_623,
  inputs: { question: 'Wie viele? €' },
  outputs: { sql: 'x'.repeat(300) },
  children: [{ name: 'sql', type: 'TOOL', startedMs: 1, endedMs: 2, error: 'broke' }],
};

/** Counts up, so that ids of spans can be told apart. */
function counting() {
  let count = 0;
  return (bytes: number): string => (++count).toString(16).padStart(bytes * 2, '0');
}

/** Spans of an export request, as their fields. */
const spansOf = (bytes: Uint8Array) =>
  messagesIn(readProtobuf(bytes), 1)
    .flatMap((resource) => messagesIn(resource, 2))
    .flatMap((scope) => messagesIn(scope, 2));

describe('encodeOtlpRequest', () => {
  const { rootSpanId, bytes } = encodeOtlpRequest(ROOT, { traceHex: HEX, traceId: TRACE_ID }, counting());
  const [root = [], child = []] = spansOf(bytes);

  it('writes the spans of a trace, each below its parent', () => {
    expect(spansOf(bytes)).toHaveLength(2);
    expect([root, child].map((span) => hexIn(span, 1))).toEqual([HEX, HEX]);
    expect([hexIn(root, 2), hexIn(root, 4)]).toEqual([rootSpanId, undefined]);
    expect(hexIn(child, 4)).toBe(rootSpanId);
    expect([textIn(root, 5), textIn(child, 5)]).toEqual(['ask', 'sql']);
  });

  it('writes times as exact nanoseconds, and how a span ended', () => {
    expect([numberIn(root, 7), numberIn(root, 8)]).toEqual([
      1_790_000_000_123_000_000n,
      1_790_000_001_623_000_000n,
    ]);
    const [ok = [], failed = []] = [root, child].map((span) => messagesIn(span, 15)[0] ?? []);
    expect([numberIn(ok, 3), textIn(ok, 2)]).toEqual([1, undefined]);
    expect([numberIn(failed, 3), textIn(failed, 2)]).toEqual([2, 'broke']);
  });

  it('writes attributes as JSON texts, also long ones and other letters', () => {
    const attributes = Object.fromEntries(
      messagesIn(root, 9).map((pair) => [textIn(pair, 1), textIn(messagesIn(pair, 2)[0] ?? [], 1)]),
    );
    expect(attributes).toEqual({
      'mlflow.traceRequestId': JSON.stringify(TRACE_ID),
      'mlflow.spanType': '"CHAIN"',
      'mlflow.spanInputs': JSON.stringify(ROOT.inputs),
      'mlflow.spanOutputs': JSON.stringify(ROOT.outputs),
    });
  });
});

describe('an experiment whose traces are kept in tables', () => {
  const tags = (more: Readonly<Record<string, string>>) => ({ tags: more });
  const DESTINATION = 'mlflow.experiment.databricksTraceDestinationPath';

  it('is known by its tags', () => {
    const { traces } = makeMlflow('databricks');
    expect(
      traces.tablesOf(
        tags({
          [DESTINATION]: LOCATION,
          'mlflow.experiment.databricksTraceSpanStorageTable': 'main.gold.spans',
        }),
      ),
    ).toEqual({ ...TABLES, spansTable: 'main.gold.spans' });
    expect(traces.tablesOf(tags({ [DESTINATION]: LOCATION }))).toEqual(TABLES);
    expect(traces.tablesOf(tags({ [DESTINATION]: 'main.gold' }))).toEqual({
      location: 'main.gold',
      spansTable: 'main.gold.mlflow_experiment_trace_otel_spans',
    });
  });

  it.each([
    [{}],
    [{ [DESTINATION]: 'main' }],
    [{ [DESTINATION]: 'a.b.c.d' }],
    [{ [DESTINATION]: 'main..x' }],
  ])('is not one with tags %j', (more) => {
    expect(makeMlflow('databricks').traces.tablesOf(tags(more))).toBeNull();
  });

  it('is made in two steps: tables, then the link', async () => {
    const made = record(`${HOST}/api/5.0/mlflow/tracing/locations`, {
      uc_table_prefix: { ...PLACE, spans_table_name: 'main.gold.genie_opt_7_otel_spans' },
    });
    const linked = record(`${HOST}/api/5.0/mlflow/experiments/7/trace-location\\:link`, {});
    const { traces } = makeMlflow('databricks');
    expect(await traces.keepInTables('7', { ...NEW, warehouseId: 'w1' })).toEqual(TABLES);
    expect(bodies(made)).toEqual([{ uc_table_prefix: PLACE, sql_warehouse_id: 'w1' }]);
    expect(bodies(linked)).toEqual([
      { experiment_id: '7', uc_table_prefix: { ...PLACE, spans_table_name: TABLES.spansTable } },
    ]);
  });

  it('is refused by the service when it holds traces, and by us on a server of one’s own', async () => {
    record(`${HOST}/api/5.0/mlflow/tracing/locations`, { uc_table_prefix: PLACE });
    record(
      `${HOST}/api/5.0/mlflow/experiments/7/trace-location\\:link`,
      error(400, 'INVALID_PARAMETER_VALUE'),
    );
    const target = { ...NEW, warehouseId: null };
    expect(await rejection(makeMlflow('databricks').traces.keepInTables('7', target))).toHaveProperty(
      'code',
      'BAD_REQUEST',
    );
    expect(await rejection(makeMlflow().traces.keepInTables('7', target))).toHaveProperty(
      'code',
      'INVALID_OPTION',
    );
  });
});

describe('a trace that is kept in tables', () => {
  it('is named after them, and its spans go to their table', async () => {
    const sent: { readonly headers: Headers; readonly bytes: Uint8Array }[] = [];
    server.use(
      route.post(`${HOST}/api/2.0/otel/v1/traces`, async ({ request }) => {
        sent.push({ headers: request.headers, bytes: new Uint8Array(await request.arrayBuffer()) });
        return new HttpResponse(null);
      }),
    );
    const infos = record(`${V4}/:location/:hex/info`, {});
    const logged = await makeMlflow('databricks').traces.log({
      experimentId: '7',
      tables: TABLES,
      root: ROOT,
      runId: 'r1',
      modelId: 'm-1',
      tags: { question_id: 'q1' },
    });
    const hex = logged.traceId.slice(-32);
    expect(logged).toMatchObject({ traceId: `trace:/${LOCATION}/${hex}`, spansError: null });
    expect(infos.map(({ url }) => new URL(url).pathname)).toEqual([
      `/api/4.0/mlflow/traces/${LOCATION}/${hex}/info`,
    ]);
    expect(bodies(infos)).toMatchObject([
      {
        trace_id: hex,
        trace_location: { type: 'UC_TABLE_PREFIX', uc_table_prefix: PLACE },
        state: 'OK',
        trace_metadata: {
          'mlflow.sourceRun': 'r1',
          'mlflow.modelId': 'm-1',
          'mlflow.trace_schema.version': '4',
        },
        tags: { question_id: 'q1' },
      },
    ]);
    expect(sent[0]?.headers.get('x-databricks-uc-table-name')).toBe(TABLES.spansTable);
    expect(sent[0]?.headers.get('content-type')).toBe('application/x-protobuf');
    expect(spansOf(sent[0]?.bytes ?? new Uint8Array()).map((span) => hexIn(span, 1))).toEqual([hex, hex]);
  });

  it('goes to the one set of tables of a schema in the older form, and so do its verdicts', async () => {
    const infos = record(`${V4}/main.gold/:hex/info`, {});
    const spans = record(`${HOST}/api/2.0/otel/v1/traces`, {});
    const assessments = record(`${V4}/main.gold/:hex/assessments`, { assessment_id: 'a-1' });
    const { traces } = makeMlflow('databricks');
    const tables = { location: 'main.gold', spansTable: 'main.gold.mlflow_experiment_trace_otel_spans' };
    const { traceId } = await traces.log({ experimentId: '7', tables, root: ROOT });
    await traces.addAssessment(traceId, {
      name: 'judge',
      source: { type: 'CODE', id: 'x' },
      value: { kind: 'feedback', value: 'yes' },
    });
    expect(spans[0]?.headers.get('x-databricks-uc-table-name')).toBe(tables.spansTable);
    const place = { type: 'UC_SCHEMA', uc_schema: { catalog_name: 'main', schema_name: 'gold' } };
    expect(bodies([...infos, ...assessments])).toMatchObject([
      { trace_location: place },
      { trace_location: place },
    ]);
  });

  it('exists even when its spans cannot be stored', async () => {
    record(`${V4}/:location/:hex/info`, {});
    record(`${HOST}/api/2.0/otel/v1/traces`, error(403, 'PERMISSION_DENIED'));
    const { traces } = makeMlflow('databricks');
    expect(await traces.log({ experimentId: '7', tables: TABLES, root: ROOT })).toMatchObject({
      spansError: { code: 'PERMISSION_DENIED' },
    });
  });

  it('takes assessments with the warehouse, tags, and a place on a run', async () => {
    const assessments = record(`${V4}/${LOCATION}/${HEX}/assessments`, { assessment_id: 'a-1' });
    const tags = record(`${V4}/${LOCATION}/${HEX}/tags`, {});
    const links = record(`${V4}/${LOCATION}/link-to-run/batchCreate`, {});
    const old = record(`${HOST}/api/2.0/mlflow/traces/link-to-run`, {});
    const { traces } = makeMlflow('databricks');
    const assessment = {
      name: 'repeatability',
      source: { type: 'CODE', id: 'cell_9c_repeatability' },
      value: { kind: 'feedback', value: 'IDENTICAL' },
      runId: 'r1',
    } as const;
    expect(await traces.addAssessment(TRACE_ID, assessment, { warehouseId: 'w1' })).toBe('a-1');
    await traces.setTag(TRACE_ID, 'reviewed', 'yes');
    await traces.linkToRun([TRACE_ID, 'tr-1'], 'r1');
    expect(new URL(assessments[0]?.url ?? '').searchParams.get('sql_warehouse_id')).toBe('w1');
    expect(bodies(assessments)).toMatchObject([
      {
        assessment_name: 'repeatability',
        trace_id: HEX,
        trace_location: { type: 'UC_TABLE_PREFIX', uc_table_prefix: PLACE },
        feedback: { value: 'IDENTICAL' },
      },
    ]);
    expect(bodies(tags)).toEqual([{ key: 'reviewed', value: 'yes' }]);
    expect(bodies(links)).toEqual([{ location_id: LOCATION, trace_ids: [HEX], run_id: 'r1' }]);
    expect(bodies(old)).toEqual([{ trace_ids: ['tr-1'], run_id: 'r1' }]);
  });
});
