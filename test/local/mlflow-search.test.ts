import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalWorkspace } from '../../src/local/index.ts';
import { workspaceWithApi } from './http.ts';
import type { Api } from './http.ts';

let workspace: LocalWorkspace;
let api: Api;
let experimentId: string;
const runIds: string[] = [];
const traceIds = ['a', 'b', 'c'].map((letter) => `tr-${letter.repeat(32)}`);

const post = (path: string, body: unknown) => api('POST', `/api/2.0/mlflow/${path}`, body);
const traces = (method: string, path: string, body?: unknown) =>
  api(method, `/api/3.0/mlflow/traces${path}`, body);

beforeAll(async () => {
  ({ workspace, api } = await workspaceWithApi());
  for (const name of ['/Shared/alpha', '/Shared/beta', '/Shared/Gamma']) {
    const tags = [{ key: 'team', value: name.slice(8, 9) }];
    const { body } = await post('experiments/create', { name, tags });
    if (name === '/Shared/alpha') experimentId = body['experiment_id'] as string;
  }
  for (const [index, accuracy] of [40, 80, 60].entries()) {
    const { body } = await post('runs/create', { experiment_id: experimentId, start_time: index });
    const runId = (body['run'] as { info: { run_id: string } }).info.run_id;
    runIds.push(runId);
    const metrics = [{ key: 'overall/mean', value: accuracy, timestamp: 1 }];
    await post('runs/log-batch', { run_id: runId, ...(index === 2 ? {} : { metrics }) });
  }
  for (const [index, traceId] of traceIds.entries()) {
    await traces('POST', '', {
      trace: {
        trace_info: {
          trace_id: traceId,
          trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experimentId } },
          request_time: new Date(1000 * index).toISOString(),
          execution_duration: `${index}.5s`,
          state: index === 0 ? 'ERROR' : 'OK',
          trace_metadata: index === 2 ? {} : { 'mlflow.sourceRun': runIds[0] },
          tags: { question_id: `q${index}` },
        },
      },
    });
  }
});
afterAll(() => workspace.close());

describe('experiments are searched', () => {
  it.each([
    [{}, ['Gamma', 'beta', 'alpha']],
    [{ filter: "name LIKE '%a%' AND tags.team != 'b'" }, ['Gamma', 'alpha']],
    [{ filter: "name ILIKE '%GAMMA'" }, ['Gamma']],
    [{ order_by: ['name DESC'] }, ['beta', 'alpha', 'Gamma']],
    [{ order_by: ['name'], max_results: 1 }, ['Gamma']],
    [{ view_type: 'DELETED_ONLY' }, []],
  ])('%o', async (search, names) => {
    const { body } = await post('experiments/search', search);
    const found = body['experiments'] as { name: string }[];
    expect(found.map(({ name }) => name.slice('/Shared/'.length))).toEqual(names);
  });

  it('page by page', async () => {
    const first = await post('experiments/search', { order_by: ['name'], max_results: 2 });
    const rest = await post('experiments/search', {
      order_by: ['name'],
      max_results: 2,
      page_token: first.body['next_page_token'],
    });
    expect(
      [first.body['experiments'], rest.body['experiments']].map((page) => (page as unknown[]).length),
    ).toEqual([2, 1]);
    expect(rest.body['next_page_token']).toBeUndefined();
  });
});

describe('runs are searched', () => {
  const order = async (search: object) => {
    const { body } = await post('runs/search', { experiment_ids: [experimentId], ...search });
    return (body['runs'] as { info: { run_id: string } }[]).map(({ info }) => runIds.indexOf(info.run_id));
  };
  it.each<[object, number[]]>([
    [{}, [2, 1, 0]],
    [{ order_by: ['metrics.`overall/mean` DESC'] }, [1, 0, 2]],
    [{ order_by: ['metrics.`overall/mean`'] }, [0, 1, 2]],
    [{ order_by: ['start_time ASC'] }, [0, 1, 2]],
    [{ filter: "status IN ('RUNNING', 'FAILED') AND metrics.`overall/mean` < 60" }, [0]],
    [{ filter: "status NOT IN ('RUNNING')" }, []],
    [{ run_view_type: 'ALL', max_results: 2 }, [2, 1]],
  ])('%o', async (search, found) => {
    expect(await order(search)).toEqual(found);
  });

  it.each([
    { filter: "nothing = 'x'" },
    { filter: "metadata.x = 'y'" },
    { filter: "metrics.x = 'y'" },
    { filter: "status IN 'RUNNING'" },
    { filter: "status = ('RUNNING')" },
    { order_by: ['nothing'] },
    { order_by: ['start_time UP'] },
    { order_by: 'start_time' },
    { run_view_type: 'SOME' },
    { max_results: 50_001 },
    { max_results: -1 },
    { page_token: 'x' },
  ])('refusing %o', async (search) => {
    const { status, body } = await post('runs/search', { experiment_ids: [experimentId], ...search });
    expect([status, body['error_code']]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
  });
});

describe('traces', () => {
  const search = async (more: object) => {
    const locations = [{ type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experimentId } }];
    const { status, body } = await traces('POST', '/search', { locations, ...more });
    return status === 200
      ? (body['traces'] as { trace_id: string }[]).map(({ trace_id: id }) => traceIds.indexOf(id))
      : body['error_code'];
  };
  const feedback = (name: string, value: unknown) => ({
    assessment: {
      assessment_name: name,
      source: { source_type: 'CODE', source_id: 'test' },
      feedback: { value },
    },
  });

  it('are found by state, time, tags, metadata and verdicts', async () => {
    await traces('POST', `/${traceIds[1] ?? ''}/assessments`, feedback('schema_accuracy', 'no'));
    expect(await search({})).toEqual([2, 1, 0]);
    expect(await search({ filter: "trace.status = 'OK'", order_by: ['timestamp_ms ASC'] })).toEqual([1, 2]);
    expect(await search({ filter: "tags.question_id = 'q1'" })).toEqual([1]);
    expect(await search({ filter: 'trace.execution_time_ms > 1000' })).toEqual([2, 1]);
    expect(await search({ filter: "feedback.schema_accuracy = 'no'" })).toEqual([1]);
    expect(await search({ filter: "span.name = 'x'" })).toBe('INVALID_PARAMETER_VALUE');
    expect(await search({ max_results: 501 })).toBe('INVALID_PARAMETER_VALUE');
  });

  it('belong to the run they were made in and to those they were linked to', async () => {
    const ofRun = (index: number) => ({ filter: `metadata.\`mlflow.sourceRun\` = '${runIds[index] ?? ''}'` });
    expect(await search(ofRun(1))).toEqual([]);
    await post('traces/link-to-run', { trace_ids: [traceIds[2]], run_id: runIds[1] });
    expect(await search(ofRun(1))).toEqual([2]);
    expect(await search(ofRun(0))).toEqual([1, 0]);
    const tooMany = Array.from({ length: 101 }, () => traceIds[0]);
    expect((await post('traces/link-to-run', { trace_ids: tooMany, run_id: runIds[1] })).status).toBe(400);
  });

  it('keep verdicts that are changed, replaced and taken away', async () => {
    const path = `/${traceIds[0] ?? ''}/assessments`;
    const made = async (body: object) =>
      (await traces('POST', path, body)).body['assessment'] as Record<string, unknown>;
    const first = await made(feedback('routing', false));
    const second = await made({
      assessment: { ...feedback('routing', true).assessment, overrides: first['assessment_id'] },
    });
    const read = async (id: unknown) =>
      (await traces('GET', `${path}/${String(id)}`)).body['assessment'] as Record<string, unknown>;
    expect([(await read(first['assessment_id']))['valid'], second['valid']]).toEqual([false, true]);
    const one = `${path}/${String(second['assessment_id'])}`;
    const change = { assessment: { rationale: 'because', feedback: { value: 3 } } };
    await traces('PATCH', one, { ...change, update_mask: 'rationale' });
    expect(await read(second['assessment_id'])).toMatchObject({
      rationale: 'because',
      feedback: { value: true },
    });
    expect((await traces('PATCH', one, { ...change, update_mask: 'trace_id' })).status).toBe(400);
    expect((await traces('DELETE', one)).status).toBe(200);
    expect((await traces('GET', one)).status).toBe(404);
  });

  const verdict = { assessment_name: 'a', source: { source_type: 'CODE', source_id: 'x' } };
  it.each<[string, object]>([
    ['a name with a period', { ...verdict, assessment_name: 'a.b', feedback: { value: 1 } }],
    ['no source', { assessment_name: 'a', feedback: { value: 1 } }],
    ['a source without a name', { ...verdict, source: { source_type: 'CODE' }, feedback: { value: 1 } }],
    [
      'a source of unknown kind',
      { ...verdict, source: { source_type: 'X', source_id: 'x' }, feedback: { value: 1 } },
    ],
    ['neither verdict nor expectation', verdict],
    ['both', { ...verdict, feedback: { value: 1 }, expectation: { value: 1 } }],
    ['a verdict that is an object', { ...verdict, feedback: { value: {} } }],
    ['an empty verdict', { ...verdict, feedback: {} }],
    ['an expectation that is an object', { ...verdict, expectation: { value: { a: 1 } } }],
    ['metadata that is no text', { ...verdict, feedback: { value: 1 }, metadata: { a: 1 } }],
  ])('refuse an assessment with %s', async (_what, assessment) => {
    const { status } = await traces('POST', `/${traceIds[0] ?? ''}/assessments`, { assessment });
    expect(status).toBe(400);
  });

  it('are deleted by id', async () => {
    const body = { experiment_id: experimentId, request_ids: [traceIds[0]] };
    expect((await traces('POST', '/delete-traces', body)).body).toEqual({ traces_deleted: 1 });
    expect((await traces('GET', `/${traceIds[0] ?? ''}`)).status).toBe(404);
  });
});

describe('in a workspace', () => {
  it.each([
    ['experiments/create', { name: 'relative' }, 400, /absolute path/],
    ['experiments/create', { name: '/Nowhere/x' }, 404, /Parent directory \/Nowhere/],
    [
      'experiments/create',
      { name: '/Shared/x', artifact_location: 's3://bucket/x' },
      400,
      /outside the embedded/,
    ],
    ['unity-catalog/prompts', { name: 'judge', prompt: {} }, 400, /catalog\.schema\.name/],
    ['unity-catalog/prompts', { name: 'a.b.judge', prompt: {} }, 404, /Schema 'a\.b' does not exist/],
  ])('%s refuses %o', async (path, body, status, message) => {
    const answer = await post(path, body);
    expect(answer.status).toBe(status);
    expect(answer.body['message']).toMatch(message);
  });

  it('a volume keeps the files of an experiment that says so', async () => {
    const location = 'dbfs:/Volumes/town/library/files/exp';
    const { body } = await post('experiments/create', {
      name: '/Shared/volume',
      artifact_location: location,
    });
    const created = await post('runs/create', { experiment_id: body['experiment_id'] });
    const info = (created.body['run'] as { info: { run_id: string; artifact_uri: string } }).info;
    expect(info.artifact_uri).toBe(`${location}/${info.run_id}/artifacts`);
    const file = `/api/2.0/fs/files${info.artifact_uri.slice('dbfs:'.length)}/a.txt`;
    await api('PUT', file, 'hello');
    expect((await api('PUT', file, 'again')).body['error_code']).toBe('ALREADY_EXISTS');
    expect((await api('PUT', `${file}?overwrite=true`, 'again')).status).toBe(200);
    const list = await api('GET', `/api/2.0/mlflow/artifacts/list?run_id=${info.run_id}`);
    expect(list.body['files']).toEqual([{ path: 'a.txt', is_dir: false, file_size: 5 }]);
    expect((await api('PUT', '/api/2.0/fs/files/Volumes/no/where/v/a', 'x')).status).toBe(404);
    expect((await api('DELETE', file)).status).toBe(200);
    expect((await api('DELETE', file)).status).toBe(404);
  });
});
