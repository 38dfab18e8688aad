import { describe, expect, it } from 'vitest';
import { connectMlflow } from '../../src/clients/index.ts';
import { HOST, PLANTED_TOKEN, rejection, useServer } from './support/server.ts';
import { API, error, makeMlflow } from './support/mlflow.ts';
import { bodies, recorder } from './support/recorder.ts';

const server = useServer();

const record = recorder(server);

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
