import { http as route, HttpResponse, type JsonBodyType } from 'msw';
import { describe, expect, it } from 'vitest';
import {
  ChatAnswerError,
  currentUser,
  EvalRunsClient,
  EvalRunTimeoutError,
  JobsClient,
  JobTimeoutError,
  openAiChatModel,
  servingChatModel,
  WorkspaceFilesClient,
} from '../../src/clients/index.ts';
import { FakeClock } from './support/fake-clock.ts';
import { HOST, makeHttp, rejection, useServer } from './support/server.ts';

const server = useServer();

/** Answers an address one after the other, the last answer again and again; records the bodies. */
function serve(address: string, ...answers: readonly (JsonBodyType | (() => Response))[]): unknown[] {
  const bodies: unknown[] = [];
  server.use(
    route.all(address, async ({ request }) => {
      const text = await request.text();
      bodies.push(text === '' ? null : JSON.parse(text));
      const answer = answers[Math.min(bodies.length, answers.length) - 1] ?? {};
      return typeof answer === 'function' ? answer() : HttpResponse.json(answer);
    }),
  );
  return bodies;
}

describe('chat models', () => {
  const INVOKE = `${HOST}/serving-endpoints/judge/invocations`;
  const SCHEMA = { type: 'object' };
  const says = (content: JsonBodyType) => ({ choices: [{ message: { role: 'assistant', content } }] });
  const judge = () => servingChatModel({ http: makeHttp().http, endpoint: 'judge' });

  it('ask for output by schema, at temperature 0', async () => {
    const bodies = serve(INVOKE, says('{"ok":true}'));
    expect(await judge().generateJson('Right?', SCHEMA)).toEqual({ ok: true });
    expect(bodies).toEqual([
      {
        messages: [{ role: 'user', content: 'Right?' }],
        max_tokens: 4096,
        temperature: 0,
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'answer', schema: SCHEMA, strict: true },
        },
      },
    ]);
  });

  it('put the text parts of a reasoning model together', async () => {
    serve(
      INVOKE,
      says([
        { type: 'reasoning', text: '{"no":1}' },
        { type: 'text', text: '{"ok":' },
        { type: 'text', text: 'true}' },
      ]),
    );
    expect(await judge().generateJson('Right?', SCHEMA)).toEqual({ ok: true });
  });

  it('ask by words where the endpoint knows no schema', async () => {
    const bodies = serve(
      INVOKE,
      () =>
        HttpResponse.json(
          { error_code: 'BAD_REQUEST', message: 'response_format is not supported' },
          { status: 400 },
        ),
      says('{"ok":1}'),
    );
    expect(await judge().generateJson('Right?', SCHEMA)).toEqual({ ok: 1 });
    expect(bodies[1]).not.toHaveProperty('response_format');
    expect(JSON.stringify(bodies[1])).toContain('nothing but JSON');
  });

  it('get one chance to repair their answer', async () => {
    const bodies = serve(INVOKE, says('I think so.'), says('{"ok":true}'));
    expect(await judge().generateJson('Right?', SCHEMA)).toEqual({ ok: true });
    expect(bodies[1]).toMatchObject({
      messages: [{ content: 'Right?' }, { role: 'assistant', content: 'I think so.' }, { role: 'user' }],
    });
    serve(INVOKE, says('No.'));
    expect(await rejection(judge().generateJson('Right?', SCHEMA))).toBeInstanceOf(ChatAnswerError);
  });

  it('are asked again after 429', async () => {
    serve(
      INVOKE,
      () => HttpResponse.json({ error_code: 'REQUEST_LIMIT_EXCEEDED', message: 'x' }, { status: 429 }),
      says('{"ok":true}'),
    );
    expect(await judge().generateJson('Right?', SCHEMA)).toEqual({ ok: true });
  });

  it('may live behind any OpenAI-compatible address', async () => {
    let authorization: string | null = null;
    server.use(
      route.post('https://models.example.com/v1/chat/completions', ({ request }) => {
        authorization = request.headers.get('authorization');
        return HttpResponse.json(says('{"ok":true}'));
      }),
    );
    const model = openAiChatModel({
      baseUrl: 'https://models.example.com/v1/',
      model: 'small',
      apiKey: 'key-of-the-model',
      clock: new FakeClock(),
    });
    expect(await model.generateJson('Right?', SCHEMA)).toEqual({ ok: true });
    expect([model.name, authorization]).toEqual(['small', 'Bearer key-of-the-model']);
  });
});

describe('jobs', () => {
  const RUN = `${HOST}/api/2.2/jobs/runs/get`;
  const run = (life_cycle_state: string, result_state: string | null = null) => ({
    run_id: 9,
    state: { life_cycle_state, result_state, state_message: 'm' },
    run_page_url: 'https://page',
  });

  const makeJobs = () => {
    const { http, clock } = makeHttp();
    return new JobsClient({ http, clock });
  };

  it.each([
    ['TERMINATED', 'SUCCESS'],
    ['TERMINATED', 'FAILED'],
    ['SKIPPED', null],
    ['INTERNAL_ERROR', 'FAILED'],
  ])('are waited for until %s %s', async (state, result) => {
    serve(RUN, run('PENDING'), run('RUNNING'), run('SOMETHING_NEW'), run(state, result));
    expect(await makeJobs().waitForRun('9')).toMatchObject({
      runId: '9',
      lifeCycleState: state,
      resultState: result,
    });
  });

  it('that do not end are reported with their page', async () => {
    serve(RUN, run('RUNNING'));
    const error = await rejection(makeJobs().waitForRun('9', { timeoutMs: 10_000 }));
    expect(error).toBeInstanceOf(JobTimeoutError);
    expect((error as Error).message).toContain('https://page');
  });

  it('are started again after a broken connection only with an idempotency token', async () => {
    const sent = serve(`${HOST}/api/2.2/jobs/run-now`, () => HttpResponse.error(), { run_id: 11 });
    expect(await makeJobs().runNow('5', { parameters: { a: 'b' }, idempotencyToken: 't' })).toBe('11');
    expect(sent[1]).toEqual({ job_id: 5, job_parameters: { a: 'b' }, idempotency_token: 't' });
    serve(`${HOST}/api/2.2/jobs/run-now`, () => HttpResponse.error());
    expect(await rejection(makeJobs().runNow('5'))).toHaveProperty('code', 'NETWORK_ERROR');
  });

  it('keep all digits of their ids, in what is read and in what is sent', async () => {
    const [jobId, runId, taskId] = ['9007199254740993', '1152921504606846977', '9223372036854775807'];
    const json = (text: string) => () =>
      new HttpResponse(text, { headers: { 'content-type': 'application/json' } });
    serve(`${HOST}/api/2.2/jobs/list`, json(`{"jobs":[{"job_id":${jobId},"settings":{}}]}`));
    serve(
      RUN,
      json(
        `{"run_id": ${runId}, "state":{"life_cycle_state":"RUNNING"},"tasks":[{"task_key":"a","run_id":${taskId}}]}`,
      ),
    );
    const bodies: string[] = [];
    server.use(
      route.post(`${HOST}/api/2.2/jobs/:action`, async ({ request }) => {
        bodies.push(await request.text());
        return json(`{"run_id":${runId}}`)();
      }),
      route.post(`${HOST}/api/2.2/jobs/runs/cancel`, async ({ request }) => {
        bodies.push(await request.text());
        return HttpResponse.json({});
      }),
    );
    const jobs = makeJobs();
    expect(await jobs.findByName('x')).toEqual([jobId]);
    expect(await jobs.runNow(jobId)).toBe(runId);
    expect(await jobs.getRun(runId)).toMatchObject({ runId, tasks: [{ runId: taskId }] });
    await jobs.cancelRun(runId);
    expect(bodies).toEqual([`{"job_id":${jobId}}`, `{"run_id":${runId}}`]);
    for (const odd of ['', 'seven', '1.5', '-1', '1e3'])
      expect(await rejection(jobs.runNow(odd))).toHaveProperty('code', 'INVALID_OPTION');
  });

  it('show all tasks of a run, which come in pages', async () => {
    const page = (key: string) => ({
      ...run('TERMINATED', 'SUCCESS'),
      tasks: [{ task_key: key, run_id: key }],
    });
    serve(RUN, { ...page('1'), next_page_token: 'p' }, page('2'));
    expect((await makeJobs().getRun('9')).tasks.map(({ taskKey }) => taskKey)).toEqual(['1', '2']);
  });

  it('that do not exist are not found, although the service calls it a bad request', async () => {
    serve(RUN, () =>
      HttpResponse.json(
        { error_code: 'INVALID_PARAMETER_VALUE', message: 'Run 9 does not exist.' },
        { status: 400 },
      ),
    );
    expect(await rejection(makeJobs().getRun('9'))).toHaveProperty('code', 'NOT_FOUND');
  });

  it('give the output of a task', async () => {
    serve(`${HOST}/api/2.2/jobs/runs/get-output`, {
      notebook_output: { result: '{"x":1}', truncated: true },
    });
    expect(await makeJobs().taskOutput('9')).toEqual({ result: '{"x":1}', truncated: true, error: null });
    serve(
      `${HOST}/api/2.2/jobs/list`,
      { jobs: [{ job_id: 1 }], next_page_token: 'p' },
      { jobs: [{ job_id: 2 }] },
    );
    expect(await makeJobs().findByName('x')).toEqual(['1', '2']);
  });
});

describe('workspace files and identity', () => {
  it('write and read bytes', async () => {
    const { http } = makeHttp();
    const files = new WorkspaceFilesClient({ http });
    const sent = serve(`${HOST}/api/2.0/workspace/import`, {});
    serve(`${HOST}/api/2.0/workspace/export`, { content: Buffer.from('käse').toString('base64') }, () =>
      HttpResponse.json({ error_code: 'RESOURCE_DOES_NOT_EXIST' }, { status: 404 }),
    );
    serve(`${HOST}/api/2.0/workspace/get-status`, () =>
      HttpResponse.json({ error_code: 'RESOURCE_DOES_NOT_EXIST' }, { status: 404 }),
    );
    await files.write('/Workspace/x.yaml', 'käse');
    expect(sent).toEqual([
      {
        path: '/Workspace/x.yaml',
        content: Buffer.from('käse').toString('base64'),
        format: 'AUTO',
        overwrite: true,
      },
    ]);
    expect(new TextDecoder().decode((await files.read('/Workspace/x.yaml')) ?? undefined)).toBe('käse');
    expect([await files.read('/nope'), await files.typeOf('/nope')]).toEqual([null, null]);
  });

  it('know who is signed in', async () => {
    serve(`${HOST}/api/2.0/preview/scim/v2/Me`, {
      id: 1,
      userName: 'app-id',
      groups: [{ display: 'admins' }, {}],
    });
    expect(await currentUser(makeHttp().http)).toEqual({
      id: '1',
      userName: 'app-id',
      displayName: 'app-id',
      groups: ['admins'],
    });
  });
});

describe('evaluation runs of Genie', () => {
  const RUNS = `${HOST}/api/2.0/genie/spaces/s1/eval-runs`;
  const run = (eval_run_status: string) => ({
    eval_run_id: 'e1',
    eval_run_status,
    num_questions: 2,
    num_done: '1',
  });
  const make = () => {
    const { http, clock } = makeHttp();
    return new EvalRunsClient({ http, clock });
  };

  it.each(['DONE', 'EVALUATION_FAILED', 'EVALUATION_CANCELLED', 'EVALUATION_TIMEOUT'])(
    'end with %s',
    async (status) => {
      serve(`${RUNS}/e1`, run('NOT_STARTED'), run('RUNNING'), run('UNHEARD_OF'), run(status));
      expect(await make().wait('s1', 'e1')).toMatchObject({ status, done: 1, questions: 2 });
    },
  );

  it('that never end are reported', async () => {
    serve(`${RUNS}/e1`, run('RUNNING'));
    expect(await rejection(make().wait('s1', 'e1', { timeoutMs: 5000 }))).toBeInstanceOf(EvalRunTimeoutError);
  });

  it('give verdicts with reasons, those we do not know included', async () => {
    serve(`${RUNS}/e1/results`, { eval_results: [{ result_id: 'r1' }] });
    serve(`${RUNS}/e1/results/r1`, {
      result_id: 'r1',
      benchmark_question_id: 'q1',
      assessment: 'BAD',
      assessment_reasons: ['RESULT_MISSING_ROWS', 'A_NEW_REASON'],
      actual_response: [
        { response_type: 'TEXT', response: 'Here' },
        { response_type: 'SQL', response: 'SELECT 1' },
      ],
    });
    expect(await make().results('s1', 'e1')).toEqual([
      {
        resultId: 'r1',
        questionId: 'q1',
        assessment: 'BAD',
        reasons: ['RESULT_MISSING_ROWS', 'A_NEW_REASON'],
        actualSql: 'SELECT 1',
        expectedSql: null,
      },
    ]);
  });

  it('are started for all questions or for some, once', async () => {
    const sent = serve(RUNS, run('NOT_STARTED'));
    await make().create('s1');
    await make().create('s1', ['q1']);
    expect(sent).toEqual([{}, { benchmark_question_ids: ['q1'] }]);
    serve(RUNS, () => HttpResponse.json({ message: 'x' }, { status: 503 }));
    expect(await rejection(make().create('s1'))).toHaveProperty('code', 'SERVER_ERROR');
  });
});
