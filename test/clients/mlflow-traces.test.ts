import { HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { ArtifactsUnreachableError, encodeSpans, type MlflowFlavor } from '../../src/clients/index.ts';
import { HOST, rejection, useServer } from './support/server.ts';
import { API, error, makeMlflow } from './support/mlflow.ts';
import { bodies, recorder } from './support/recorder.ts';

const server = useServer();

const record = recorder(server);

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
