import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalWorkspace } from '../../src/local/index.ts';
import { workspaceWithApi } from './http.ts';
import type { Api } from './http.ts';

let workspace: LocalWorkspace;
let api: Api;
beforeAll(async () => {
  ({ workspace, api } = await workspaceWithApi({ mlflowFlavor: 'open-source' }));
});
afterAll(() => workspace.close());

const post = (path: string, body: unknown) => api('POST', `/api/2.0/mlflow/${path}`, body);
const get = (path: string) => api('GET', `/api/2.0/mlflow/${path}`);

let names = 0;
const experiment = async (): Promise<string> => {
  names += 1;
  const { body } = await post('experiments/create', { name: `/Shared/e${names}` });
  return body['experiment_id'] as string;
};

interface Run {
  readonly info: Record<string, string>;
  readonly data: {
    readonly metrics: { key: string; value: number }[];
    readonly params: unknown;
    readonly tags: unknown;
  };
}
const runIn = async (experimentId: string, more: object = {}): Promise<string> => {
  const { body } = await post('runs/create', { experiment_id: experimentId, start_time: 5, ...more });
  return (body as unknown as { run: Run }).run.info['run_id'] ?? '';
};
const read = async (runId: string): Promise<Run> =>
  ((await get(`runs/get?run_id=${runId}`)).body as unknown as { run: Run }).run;

describe('experiments', () => {
  it('are found by name, keep their name when deleted, and come back', async () => {
    const id = await experiment();
    const name = `/Shared/e${names}`;
    expect((await post('experiments/create', { name })).body['error_code']).toBe('RESOURCE_ALREADY_EXISTS');
    await post('experiments/delete', { experiment_id: id });
    expect((await post('experiments/create', { name })).status).toBe(400);
    const found = await get(`experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`);
    expect(found.body).toMatchObject({ experiment: { experiment_id: id, lifecycle_stage: 'deleted' } });
    expect((await post('runs/create', { experiment_id: id })).status).toBe(400);
    await post('experiments/restore', { experiment_id: id });
    await post('experiments/set-experiment-tag', { experiment_id: id, key: 'kind', value: 'genai' });
    expect((await get(`experiments/get?experiment_id=${id}`)).body).toMatchObject({
      experiment: { lifecycle_stage: 'active', tags: [{ key: 'kind', value: 'genai' }] },
    });
  });

  it('that do not exist are 404', async () => {
    expect((await get('experiments/get?experiment_id=99999')).body['error_code']).toBe(
      'RESOURCE_DOES_NOT_EXIST',
    );
    expect((await get('experiments/get-by-name?experiment_name=none')).status).toBe(404);
  });
});

describe('runs', () => {
  it('keep parameters, overwrite tags, append metrics and show the latest', async () => {
    const runId = await runIn(await experiment(), { run_name: 'first', tags: [{ key: 'a', value: '1' }] });
    const metric = (value: number, timestamp: number) => ({ key: 'accuracy', value, timestamp, step: 0 });
    await post('runs/log-batch', {
      run_id: runId,
      metrics: [metric(50, 2), metric(90, 3), metric(70, 3), metric(10, 1)],
      params: [{ key: 'seed', value: '7' }],
      tags: [{ key: 'a', value: '2' }],
    });
    await post('runs/update', { run_id: runId, status: 'FINISHED', end_time: 9 });
    expect(await read(runId)).toMatchObject({
      info: { status: 'FINISHED', end_time: 9, run_name: 'first', start_time: 5 },
      data: {
        metrics: [{ key: 'accuracy', value: 90 }],
        params: [{ key: 'seed', value: '7' }],
        tags: expect.arrayContaining([{ key: 'a', value: '2' }]) as unknown,
      },
    });
    const history = await get(`metrics/get-history?run_id=${runId}&metric_key=accuracy&max_results=3`);
    expect((history.body['metrics'] as { value: number }[]).map(({ value }) => value)).toEqual([50, 90, 70]);
    expect(history.body['next_page_token']).toEqual(expect.any(String));
    expect((await post('runs/log-parameter', { run_id: runId, key: 'seed', value: '7' })).status).toBe(200);
    expect((await post('runs/log-parameter', { run_id: runId, key: 'seed', value: '8' })).status).toBe(400);
  });

  const many = (count: number, more: object = {}) =>
    Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: 'x', ...more }));
  it.each([
    ['101 params', { params: many(101) }, /at most 100 params/],
    ['101 tags', { tags: many(101) }, /at most 100 tags/],
    ['1001 metrics', { metrics: many(1001, { value: 1, timestamp: 1 }) }, /at most 1000 metrics/],
    [
      '1001 in total',
      { params: many(100), metrics: many(901, { value: 1, timestamp: 1 }) },
      /1000 metrics, params and tags in total/,
    ],
    [
      'more than a megabyte',
      {
        params: many(10),
        tags: many(100, { value: 'x'.repeat(5000) }),
        metrics: many(800, { value: 1, timestamp: 1, dataset_name: 'd'.repeat(700) }),
      },
      /at most 1000000 bytes/,
    ],
    ['a key that is too long', { params: [{ key: 'k'.repeat(251), value: '' }] }, /250 characters/],
    ['a key with a detour', { metrics: [{ key: '../x', value: 1, timestamp: 1 }] }, /Invalid metric name/],
    ['a key with odd signs', { tags: [{ key: 'a?b', value: '' }] }, /Invalid tag name/],
    ['a parameter that is too long', { params: [{ key: 'k', value: 'x'.repeat(6001) }] }, /at most 6000/],
    [
      'the same parameter twice',
      {
        params: [
          { key: 'k', value: '1' },
          { key: 'k', value: '1' },
        ],
      },
      /Duplicate/,
    ],
    [
      'a metric that is no number',
      { metrics: [{ key: 'k', value: 'NaN', timestamp: 1 }] },
      /invalid value for metric/,
    ],
    ['a metric without a time', { metrics: [{ key: 'k', value: 1 }] }, /invalid timestamp/],
    ['metrics that are no list', { metrics: 'x' }, /list of objects/],
  ])('refuse a batch with %s and keep nothing of its kind', async (_what, batch, message) => {
    const runId = await runIn(await experiment());
    const { status, body } = await post('runs/log-batch', { run_id: runId, ...batch });
    expect([status, body['error_code']]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect(body['message']).toMatch(message);
    expect((await read(runId)).data).toMatchObject({ metrics: [], params: [] });
  });

  it('are searched by condition, newest first, page by page', async () => {
    const id = await experiment();
    const ids: string[] = [];
    for (const [index, accuracy] of [40, 60, 80].entries()) {
      const runId = await runIn(id, {
        start_time: index,
        tags: [{ key: 'space/id', value: index === 2 ? 'b' : 'a' }],
      });
      await post('runs/log-metric', { run_id: runId, key: 'accuracy', value: accuracy, timestamp: 1 });
      ids.push(runId);
    }
    const search = async (filter: string, more: object = {}) => {
      const { body } = await post('runs/search', { experiment_ids: [id], filter, ...more });
      return {
        found: (body['runs'] as Run[]).map(({ info }) => ids.indexOf(info['run_id'] ?? '')),
        token: body['next_page_token'],
      };
    };
    expect((await search('')).found).toEqual([2, 1, 0]);
    expect((await search("metrics.accuracy >= 60 AND tags.`space/id` = 'a'")).found).toEqual([1]);
    expect((await search("attributes.status = 'RUNNING' and tags.`space/id` != 'a'")).found).toEqual([2]);
    expect((await search("run_name LIKE 'run-%'")).found).toEqual([2, 1, 0]);
    const first = await search('', { max_results: 2 });
    expect(first.found).toEqual([2, 1]);
    expect((await search('', { max_results: 2, page_token: first.token })).found).toEqual([0]);
    expect((await post('runs/search', { experiment_ids: [id], filter: 'a = 1 OR b = 2' })).status).toBe(400);
    await post('runs/delete', { run_id: ids[1] });
    expect((await search('')).found).toEqual([2, 0]);
  });

  it('that do not exist are 404', async () => {
    expect((await get('runs/get?run_id=none')).status).toBe(404);
    expect((await post('runs/log-batch', { run_id: 'none' })).status).toBe(404);
  });
});

describe('logged models', () => {
  it('are made, finalized, tagged, found with their metrics, and deleted', async () => {
    const id = await experiment();
    const runId = await runIn(id);
    const created = await post('logged-models', {
      experiment_id: id,
      name: 'space',
      source_run_id: runId,
      params: [{ key: 'p', value: '1' }],
    });
    const { info } = created.body['model'] as { info: Record<string, string> };
    const modelId = info['model_id'] ?? '';
    expect(info).toMatchObject({
      status: 'LOGGED_MODEL_PENDING',
      model_id: expect.stringMatching(/^m-[0-9a-f]{32}$/) as string,
    });
    const path = `/api/2.0/mlflow/logged-models/${modelId}`;
    await api('PATCH', path, { model_id: modelId, status: 'LOGGED_MODEL_READY' });
    await api('PATCH', `${path}/tags`, { tags: [{ key: 'champion', value: 'yes' }] });
    await post('runs/log-metric', {
      run_id: runId,
      key: 'accuracy',
      value: 88,
      timestamp: 1,
      model_id: modelId,
    });
    expect(
      (await post(`logged-models/${modelId}/params`, { params: [{ key: 'p', value: '2' }] })).status,
    ).toBe(400);
    const found = await post('logged-models/search', {
      experiment_ids: [id],
      filter: "metrics.accuracy > 80 AND tags.champion = 'yes'",
    });
    expect(found.body['models']).toMatchObject([
      {
        info: { model_id: modelId, status: 'LOGGED_MODEL_READY' },
        data: { metrics: [{ value: 88, run_id: runId }] },
      },
    ]);
    expect((await post('logged-models/search', { experiment_ids: [id], max_results: 51 })).status).toBe(400);
    expect((await api('DELETE', path)).status).toBe(200);
    expect((await api('GET', path)).status).toBe(404);
  });
});

describe('artifacts', () => {
  const bytes = (method: string, path: string, body?: Uint8Array<ArrayBuffer>) =>
    fetch(`${workspace.host}/api/2.0/mlflow-artifacts/artifacts/${path}`, {
      method,
      headers: { authorization: `Bearer ${workspace.token}` },
      ...(body === undefined ? {} : { body }),
    });

  it('are kept byte for byte and listed by folder', async () => {
    const id = await experiment();
    const runId = await runIn(id);
    const content = new Uint8Array([0, 255, 123, 10]);
    expect((await bytes('PUT', `${id}/${runId}/artifacts/rows/a%20b.bin`, content)).status).toBe(200);
    await bytes('PUT', `${id}/${runId}/artifacts/note.txt`, new TextEncoder().encode('hello'));
    const back = await bytes('GET', `${id}/${runId}/artifacts/rows/a%20b.bin`);
    expect(new Uint8Array(await back.arrayBuffer())).toEqual(content);
    const list = async (query: string) => (await get(`artifacts/list?run_id=${runId}${query}`)).body['files'];
    expect(await list('')).toEqual([
      { path: 'note.txt', is_dir: false, file_size: 5 },
      { path: 'rows', is_dir: true },
    ]);
    expect(await list('&path=rows')).toEqual([{ path: 'rows/a b.bin', is_dir: false, file_size: 4 }]);
    expect((await bytes('GET', `${id}/none`)).status).toBe(404);
  });

  it.each(['a/..%2f..%2fetc/passwd', 'a/%252e%252e/b', 'a/%2e%2e%5cb', 'a//b', 'a/b%00c'])(
    'refuse the path %s',
    async (path) => {
      const answer = await bytes('PUT', path, new TextEncoder().encode('x'));
      expect(answer.status).toBe(400);
    },
  );
});
