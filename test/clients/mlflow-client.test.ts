import * as fc from 'fast-check';
import { http as route, HttpResponse, type JsonBodyType } from 'msw';
import { describe, expect, it } from 'vitest';
import {
  ArtifactsUnreachableError,
  BATCH_LIMITS,
  connectMlflow,
  encodeSpans,
  MlflowClient,
  type MlflowFlavor,
  safeKey,
  splitBatch,
} from '../../src/clients/index.ts';
import { InvalidOptionError } from '../../src/core/index.ts';
import { HOST, makeHttp, PLANTED_TOKEN, rejection, useServer } from './support/server.ts';

const server = useServer();
const API = `${HOST}/api/2.0/mlflow`;

function makeMlflow(flavor: MlflowFlavor = 'open-source'): MlflowClient {
  const { http, clock } = makeHttp();
  return new MlflowClient({ http, clock, flavor });
}

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly headers: Headers;
}

/** Records requests to an address and answers them one after the other; the last answer stays. */
function record(address: string, ...answers: readonly (JsonBodyType | (() => Response))[]): readonly Sent[] {
  const sent: Sent[] = [];
  server.use(
    route.all(address, async ({ request }) => {
      sent.push({
        method: request.method,
        url: request.url,
        body: await request.text(),
        headers: request.headers,
      });
      const answer = answers[Math.min(sent.length, answers.length) - 1] ?? {};
      return typeof answer === 'function' ? answer() : HttpResponse.json(answer);
    }),
  );
  return sent;
}

const bodies = (sent: readonly Sent[]): unknown[] => sent.map(({ body }) => JSON.parse(body) as unknown);

const error = (status: number, error_code: string) => () =>
  HttpResponse.json({ error_code, message: 'reason' }, { status });

describe('splitting a batch', () => {
  const batches = fc.record({
    metrics: fc.array(
      fc.record({
        key: fc.constantFrom('a', 'b/mean'),
        value: fc.double({ noNaN: true, noDefaultInfinity: true }),
      }),
      { maxLength: 2500 },
    ),
    params: fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.string({ maxLength: 400 }), { maxKeys: 300 }),
    tags: fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.string({ maxLength: 400, unit: 'grapheme' }), {
      maxKeys: 300,
    }),
  });

  it('keeps every limit of a request, loses nothing and keeps the order', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const requests = splitBatch(batch, 'databricks', 5);
        for (const request of requests) {
          expect(request.metrics.length).toBeLessThanOrEqual(BATCH_LIMITS.metrics);
          expect(request.params.length).toBeLessThanOrEqual(BATCH_LIMITS.params);
          expect(request.tags.length).toBeLessThanOrEqual(BATCH_LIMITS.tags);
          expect(request.metrics.length + request.params.length + request.tags.length).toBeLessThanOrEqual(
            BATCH_LIMITS.total,
          );
        }
        expect(requests.flatMap(({ metrics }) => metrics)).toEqual(
          batch.metrics.map(({ key, value }) => ({ key, value, timestamp: 5, step: 0 })),
        );
        expect(requests.flatMap(({ params }) => params)).toHaveLength(Object.keys(batch.params).length);
        expect(requests.flatMap(({ tags }) => tags)).toHaveLength(Object.keys(batch.tags).length);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps a request under one megabyte, counted in bytes', () => {
    const tags = Object.fromEntries(
      Array.from({ length: 400 }, (_, index) => [`t${index}`, '€'.repeat(5000)]),
    );
    const requests = splitBatch({ tags }, 'open-source', 0);
    for (const request of requests)
      expect(Buffer.byteLength(JSON.stringify({ run_id: 'r'.repeat(40), ...request }))).toBeLessThanOrEqual(
        BATCH_LIMITS.bytes,
      );
    expect(requests.length).toBeGreaterThan(4);
  });

  it.each<[MlflowFlavor, number, number]>([
    ['databricks', 250, 250],
    ['open-source', 6000, 5000],
  ])('cuts values for %s visibly and never in the middle of a character', (flavor, paramLimit, tagLimit) => {
    const text = `${'x'.repeat(paramLimit - 2)}😀${'y'.repeat(10)}`;
    const [request] = splitBatch({ params: { p: text }, tags: { t: 'z'.repeat(9000) } }, flavor, 0);
    expect(request?.params).toEqual([{ key: 'p', value: `${'x'.repeat(paramLimit - 2)}…` }]);
    expect(request?.tags).toEqual([{ key: 't', value: `${'z'.repeat(tagLimit - 1)}…` }]);
  });

  it.each([
    ['schema_accuracy/mean', 'schema_accuracy/mean'],
    ['result (strict)%', 'result _strict__'],
    ['/a//../b', 'a/b'],
    ['k'.repeat(300), 'k'.repeat(250)],
  ])('writes the key %j as %j', (key, expected) => {
    expect(safeKey(key)).toBe(expected);
  });

  it('refuses keys of nothing, and keys that become one', () => {
    expect(() => safeKey('/../')).toThrow(InvalidOptionError);
    expect(() => splitBatch({ params: { 'a%': '1', 'a&': '2' } }, 'databricks', 0)).toThrow(
      /both become 'a_'/,
    );
  });
});

describe('experiments', () => {
  it('are made once, whoever is quicker', async () => {
    const lookups = record(`${API}/experiments/get-by-name`, error(404, 'RESOURCE_DOES_NOT_EXIST'), {
      experiment: { experiment_id: 7 },
    });
    // The open-source server answers 400 here.
    record(`${API}/experiments/create`, error(400, 'RESOURCE_ALREADY_EXISTS'));
    expect(await makeMlflow().experiments.ensure('/Shared/x')).toBe('7');
    expect(lookups).toHaveLength(2);
  });

  it('come back when they were deleted, because the name stays taken', async () => {
    record(`${API}/experiments/get-by-name`, {
      experiment: { experiment_id: '7', lifecycle_stage: 'deleted' },
    });
    const restored = record(`${API}/experiments/restore`, {});
    expect(await makeMlflow().experiments.ensure('x')).toBe('7');
    expect(bodies(restored)).toEqual([{ experiment_id: '7' }]);
  });
});

describe('runs', () => {
  it('log finite metrics only, and say which were left out', async () => {
    const sent = record(`${API}/runs/log-batch`, {});
    const skipped = await makeMlflow().runs.log('r1', {
      metrics: [
        { key: 'a', value: Number.NaN },
        { key: 'b', value: 1, modelId: 'm-1', step: 2 },
        { key: 'c', value: Infinity },
      ],
    });
    expect(skipped).toEqual(['a', 'c']);
    expect(bodies(sent)).toMatchObject([
      { run_id: 'r1', metrics: [{ key: 'b', value: 1, model_id: 'm-1', step: 2 }] },
    ]);
  });

  it('send metrics only once, because they append, but tags again', async () => {
    const sent = record(`${API}/runs/log-batch`, error(504, 'DEADLINE_EXCEEDED'));
    const { runs } = makeMlflow();
    await rejection(runs.log('r1', { metrics: [{ key: 'a', value: 1 }] }));
    expect(sent).toHaveLength(1);
    await rejection(runs.log('r1', { tags: { a: 'b' } }));
    expect(sent).toHaveLength(6);
  });

  it('read numbers that come as texts, and leave out values that are none', async () => {
    const data = {
      metrics: [
        { key: 'a', value: '0.5' },
        { key: 'b', value: 'NaN' },
        { key: 'c', value: null },
      ],
      params: [{ key: 'p', value: 'v' }],
    };
    record(`${API}/runs/get`, {
      run: { info: { run_id: 'r1', experiment_id: 1, start_time: '17', status: 'NEW_STATUS' }, data },
    });
    expect(await makeMlflow().runs.get('r1')).toMatchObject({
      experimentId: '1',
      status: 'NEW_STATUS',
      metrics: { a: 0.5 },
      params: { p: 'v' },
      tags: {},
    });
  });

  it('ask for rows of a history, without which some servers give none', async () => {
    const sent = record(`${API}/metrics/get-history`, {
      metrics: [{ key: 'a', value: 1, step: 0, timestamp: 5 }],
    });
    expect(await makeMlflow().runs.metricHistory('r1', 'a')).toEqual([{ value: 1, step: 0, timestamp: 5 }]);
    expect(new URL(sent[0]?.url ?? '').searchParams.get('max_results')).toBe('25000');
  });

  it('are searched page by page up to the limit', async () => {
    const run = (id: string) => ({ info: { run_id: id, experiment_id: '1' } });
    const sent = record(
      `${API}/runs/search`,
      { runs: [run('a'), run('b')], next_page_token: 't' },
      { runs: [run('c')], next_page_token: 'u' },
    );
    expect(
      (await makeMlflow().runs.search({ experimentIds: ['1'], limit: 3 })).map(({ runId }) => runId),
    ).toEqual(['a', 'b', 'c']);
    expect(bodies(sent)).toEqual([
      { experiment_ids: ['1'], max_results: 3 },
      { experiment_ids: ['1'], max_results: 3, page_token: 't' },
    ]);
  });

  it('cut the digest of a dataset to what the database holds', async () => {
    const sent = record(`${API}/runs/log-inputs`, {});
    await makeMlflow().runs.logInputs('r1', {
      datasets: [{ name: 'd', digest: 'f'.repeat(64), sourceType: 'code', source: '{}' }],
      modelIds: ['m-1'],
    });
    expect(bodies(sent)).toEqual([
      {
        run_id: 'r1',
        datasets: [
          {
            dataset: { name: 'd', digest: 'f'.repeat(36), source_type: 'code', source: '{}' },
            tags: [{ key: 'mlflow.data.context', value: 'eval' }],
          },
        ],
        models: [{ model_id: 'm-1' }],
      },
    ]);
  });
});

describe('logged models', () => {
  const model = (status: string) => ({
    model: { info: { model_id: 'm-1', experiment_id: '1', status, source_run_id: 'r1' } },
  });

  it('are made inside a run, with parameters in parts, and marked ready', async () => {
    const created = record(`${API}/logged-models`, model('LOGGED_MODEL_PENDING'));
    const params = record(`${API}/logged-models/m-1/params`, {});
    const finalized = record(`${API}/logged-models/m-1`, model('LOGGED_MODEL_READY'));
    const made = await makeMlflow('databricks').models.createExternal({
      experimentId: '1',
      name: 'space',
      sourceRunId: 'r1',
      params: Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`p${index}`, 'v'])),
    });
    expect(made).toMatchObject({ modelId: 'm-1', status: 'LOGGED_MODEL_READY', sourceRunId: 'r1' });
    const [first] = bodies(created) as { params: unknown[]; tags: unknown[]; source_run_id: string }[];
    expect(first).toMatchObject({
      source_run_id: 'r1',
      tags: [{ key: 'mlflow.model.isExternal', value: 'true' }],
    });
    expect([
      first?.params.length,
      ...(bodies(params) as { params: unknown[] }[]).map((body) => body.params.length),
    ]).toEqual([100, 100, 50]);
    expect(finalized.map(({ method }) => method)).toEqual(['PATCH']);
  });
});

describe('artifacts', () => {
  const write = (artifactUri: string, flavor: MlflowFlavor = 'open-source') =>
    makeMlflow(flavor).artifacts.write({ runId: 'r1', artifactUri }, 'eval/rows 1.json', '{}');

  it('go through the proxy of an open-source server', async () => {
    const sent = record(
      `${HOST}/api/2.0/mlflow-artifacts/artifacts/1/r1/artifacts/eval/rows%201.json`,
      () => new HttpResponse(null),
    );
    await write('mlflow-artifacts:/1/r1/artifacts');
    expect(sent).toMatchObject([{ method: 'PUT', body: '{}' }]);
  });

  it('go to a volume by the files API', async () => {
    const sent = record(
      `${HOST}/api/2.0/fs/files/Volumes/c/s/v/eval/rows%201.json`,
      () => new HttpResponse(null),
    );
    await write('dbfs:/Volumes/c/s/v', 'databricks');
    expect(sent).toMatchObject([{ method: 'PUT', body: '{}' }]);
  });

  it.each([
    ['AWS_PRESIGNED_URL', [['PUT', '?sig=1', '{}']], {}],
    ['AZURE_SAS_URI', [['PUT', '?sig=1', '{}']], { 'x-ms-blob-type': 'BlockBlob' }],
    [
      'AZURE_ADLS_GEN2_SAS_URI',
      [
        ['PUT', '?sig=1&resource=file', ''],
        ['PATCH', '?sig=1&action=append&position=0', '{}'],
        ['PATCH', '?sig=1&action=flush&position=2', ''],
      ],
      {},
    ],
  ])('go to signed storage of type %s without our token', async (type, expected, headers) => {
    record(`${API}/artifacts/credentials-for-write`, {
      credential_infos: [
        {
          signed_uri: 'https://store.example.com/x?sig=1',
          type,
          headers: [{ name: 'x-given', value: 'yes' }],
        },
      ],
    });
    const sent = record('https://store.example.com/x', () => new HttpResponse(null));
    await write('dbfs:/databricks/mlflow-tracking/1/r1/artifacts', 'databricks');
    expect(sent.map(({ method, url, body }) => [method, new URL(url).search, body])).toEqual(expected);
    for (const request of sent) {
      expect(request.headers.get('authorization')).toBeNull();
      expect(Object.fromEntries(request.headers)).toMatchObject({ 'x-given': 'yes', ...headers });
    }
  });

  it('that are missing read as null, also where the server calls that a failure of its own', async () => {
    const root = `${HOST}/api/2.0/mlflow-artifacts/artifacts`;
    const owner = { runId: 'r1', artifactUri: 'mlflow-artifacts:/1/r1' };
    record(`${root}/1/r1/gone.json`, error(500, 'INTERNAL_ERROR'));
    record(`${root}/1/r1/there.json`, error(500, 'INTERNAL_ERROR'));
    record(root, { files: [{ path: 'there.json', is_dir: false }] });
    const { artifacts } = makeMlflow();
    expect(await artifacts.read(owner, 'gone.json')).toBeNull();
    expect(await rejection(artifacts.read(owner, 'there.json'))).toHaveProperty('code', 'SERVER_ERROR');
  });

  it.each(['file:///data/mlruns', '/data/mlruns', 's3://bucket/x', ''])(
    'at %j cannot be reached, and the error says what to do',
    async (artifactUri) => {
      const failure = await rejection(write(artifactUri));
      expect(failure).toBeInstanceOf(ArtifactsUnreachableError);
      expect((failure as Error).message).toContain('--serve-artifacts');
    },
  );
});

describe('traces', () => {
  const root = {
    name: 'ask',
    type: 'CHAIN',
    startedMs: 1_790_000_000_123,
    endedMs: 1_790_000_001_623,
    inputs: { question: 'How?' },
    outputs: { text: '"start_time_unix_nano":"1"' },
  };

  it('write nanoseconds as exact numbers, ids in base64 and attributes as JSON texts', () => {
    let counter = 0;
    const { rootSpanId, text } = encodeSpans(
      { ...root, children: [{ name: 'sql', type: 'TOOL', startedMs: 1, endedMs: 2, error: 'broke' }] },
      `tr-${'ab'.repeat(16)}`,
      (bytes) => String(++counter).padStart(bytes * 2, '0'),
    );
    expect(text).toContain(
      '"start_time_unix_nano":1790000000123000000,"end_time_unix_nano":1790000001623000000',
    );
    const { spans } = JSON.parse(text) as { spans: Record<string, unknown>[] };
    expect(rootSpanId).toBe('0000000000000001');
    expect(spans[0]).toMatchObject({
      trace_id: Buffer.from('ab'.repeat(16), 'hex').toString('base64'),
      span_id: Buffer.from(rootSpanId, 'hex').toString('base64'),
      parent_span_id: '',
      status: { code: 'STATUS_CODE_OK' },
      attributes: {
        'mlflow.spanType': '"CHAIN"',
        'mlflow.spanInputs': '{"question":"How?"}',
        'mlflow.spanOutputs': JSON.stringify(root.outputs),
      },
    });
    expect(spans[1]).toMatchObject({
      parent_span_id: spans[0]?.['span_id'],
      status: { code: 'STATUS_CODE_ERROR', message: 'broke' },
    });
  });

  it('belong to run and model, and exist even when their spans cannot be stored', async () => {
    const sent = record(`${HOST}/api/3.0/mlflow/traces`, {
      trace: {
        trace_info: {
          trace_id: 'tr-1',
          tags: { 'mlflow.artifactLocation': 'mlflow-artifacts:/1/traces/tr-1' },
        },
      },
    });
    record(
      `${HOST}/api/2.0/mlflow-artifacts/artifacts/1/traces/tr-1/traces.json`,
      error(403, 'PERMISSION_DENIED'),
    );
    const logged = await makeMlflow().traces.log({
      experimentId: '1',
      root,
      runId: 'r1',
      modelId: 'm-1',
      tags: { question_id: 'q1' },
    });
    expect(logged).toMatchObject({ traceId: 'tr-1', spansError: { code: 'PERMISSION_DENIED' } });
    expect(bodies(sent)).toMatchObject([
      {
        trace: {
          trace_info: {
            trace_location: { mlflow_experiment: { experiment_id: '1' } },
            execution_duration: '1.500s',
            state: 'OK',
            trace_metadata: {
              'mlflow.sourceRun': 'r1',
              'mlflow.modelId': 'm-1',
              'mlflow.trace_schema.version': '3',
            },
            tags: { 'mlflow.traceName': 'ask', question_id: 'q1' },
          },
        },
      },
    ]);
  });

  it('store their spans in a workspace by a signed address', async () => {
    record(`${HOST}/api/3.0/mlflow/traces`, { trace: { trace_info: { trace_id: 'tr-1' } } });
    record(`${API}/traces/tr-1/credentials-for-data-upload`, {
      credential_info: { signed_uri: 'https://store.example.com/t?sig=1' },
    });
    const stored = record('https://store.example.com/t', () => new HttpResponse(null));
    expect(await makeMlflow('databricks').traces.log({ experimentId: '1', root })).toMatchObject({
      spansError: null,
    });
    expect(JSON.parse(stored[0]?.body ?? '')).toHaveProperty('spans.length', 1);
  });

  it('are linked to a run a hundred at a time', async () => {
    const sent = record(`${API}/traces/link-to-run`, {});
    await makeMlflow().traces.linkToRun(
      Array.from({ length: 201 }, (_, index) => `tr-${index}`),
      'r1',
    );
    expect((bodies(sent) as { trace_ids: string[] }[]).map((body) => body.trace_ids.length)).toEqual([
      100, 100, 1,
    ]);
  });

  it.each([
    [{ kind: 'feedback', value: 'no' }, { feedback: { value: 'no' } }],
    [
      { kind: 'failed', errorCode: 'X', errorMessage: 'y' },
      { feedback: { error: { error_code: 'X', error_message: 'y' } } },
    ],
    [{ kind: 'expectation', value: 'SELECT 1' }, { expectation: { value: 'SELECT 1' } }],
    [
      { kind: 'expectation', value: { a: 1 } },
      { expectation: { serialized_value: { serialization_format: 'JSON_FORMAT', value: '{"a":1}' } } },
    ],
  ] as const)('carry an assessment %j', async (value, expected) => {
    const sent = record(`${HOST}/api/3.0/mlflow/traces/tr-1/assessments`, {
      assessment: { assessment_id: 'a-1' },
    });
    const id = await makeMlflow().traces.addAssessment('tr-1', {
      name: 'judge',
      source: { type: 'CODE', id: 'structural' },
      value,
      runId: 'r1',
      spanId: 's1',
    });
    expect(id).toBe('a-1');
    expect(bodies(sent)).toMatchObject([
      {
        assessment: {
          assessment_name: 'judge',
          trace_id: 'tr-1',
          span_id: 's1',
          metadata: { 'mlflow.assessment.sourceRunId': 'r1' },
          ...expected,
        },
      },
    ]);
  });
});

describe('prompts and datasets', () => {
  it('add a version to a prompt that exists already', async () => {
    record(`${API}/registered-models/create`, error(400, 'RESOURCE_ALREADY_EXISTS'));
    record(`${API}/model-versions/create`, { model_version: { name: 'judge', version: 2 } });
    expect(await makeMlflow().prompts.register({ name: 'judge', template: '{{ x }}' })).toEqual({
      name: 'judge',
      version: '2',
      template: '{{ x }}',
    });
  });

  it('encode the records of a dataset twice, and read them back', async () => {
    const records = [{ inputs: { question: 'How?' }, expectations: { sql: 'SELECT 1' }, tags: {} }];
    const sent = record(
      `${HOST}/api/3.0/mlflow/datasets/d-1/records`,
      { inserted_count: 1 },
      { records: JSON.stringify(records) },
      { records: 'not JSON' },
    );
    const { datasets } = makeMlflow();
    expect(await datasets.upsertRecords('d-1', records)).toEqual({ inserted: 1, updated: 0 });
    expect(bodies(sent)).toEqual([{ records: JSON.stringify(records) }]);
    expect(await datasets.records('d-1')).toEqual(records);
    expect(await rejection(datasets.records('d-1'))).toHaveProperty('code', 'RESPONSE_FORMAT');
  });
});

describe('connectMlflow', () => {
  it.each([
    [
      'user and password',
      { MLFLOW_TRACKING_USERNAME: 'me', MLFLOW_TRACKING_PASSWORD: 'secret-word', MLFLOW_TRACKING_TOKEN: 't' },
      `Basic ${Buffer.from('me:secret-word').toString('base64')}`,
    ],
    ['a token', { MLFLOW_TRACKING_TOKEN: 'tracking-token' }, 'Bearer tracking-token'],
    ['nothing', {}, null],
  ])("signs in to a server of one's own with %s", async (_what, env, expected) => {
    const sent = record(`${API}/runs/get`, { run: { info: { run_id: 'r1', experiment_id: '1' } } });
    const mlflow = await connectMlflow({ trackingUri: HOST, sources: { env } });
    await mlflow.runs.get('r1');
    expect(mlflow.flavor).toBe('open-source');
    expect(sent[0]?.headers.get('authorization')).toBe(expected);
  });

  it('signs in to a workspace like everything else, profile included', async () => {
    const config = `[dev]\nhost = ${HOST}\ntoken = ${PLANTED_TOKEN}\n`;
    const mlflow = await connectMlflow({
      sources: {
        env: { MLFLOW_TRACKING_URI: 'databricks://dev' },
        files: { read: () => Promise.resolve(config) },
      },
    });
    expect([mlflow.flavor, mlflow.host]).toEqual(['databricks', HOST]);
  });

  it('says how to name a server', async () => {
    await expect(connectMlflow({ sources: { env: {} } })).rejects.toThrow(/trackingUri.*MLFLOW_TRACKING_URI/);
  });
});
