import { execPath } from 'node:process';
import { setTimeout as tick } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalJobContext, LocalWorkspace } from '../../src/local/index.ts';
import { workspaceWithApi } from './http.ts';
import type { Api } from './http.ts';

/** Prints its argument, where it is signed in, and what it sees of the environment of this process. */
const PRINT = `
  const [scope] = process.argv.slice(1);
  fetch(process.env.DATABRICKS_HOST + '/api/2.0/preview/scim/v2/Me', {
    headers: { authorization: 'Bearer ' + process.env.DATABRICKS_TOKEN },
  })
    .then((answer) => answer.json())
    .then(({ userName }) => console.log(JSON.stringify({ scope, userName, home: process.env.HOME ?? null, own: process.env.OWN })));
`;

let workspace: LocalWorkspace;
let api: Api;
beforeAll(async () => {
  const untilCancelled = ({ signal }: LocalJobContext) =>
    new Promise<string>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
    });
  ({ workspace, api } = await workspaceWithApi({
    jobs: [
      {
        name: 'Child process',
        parameters: { scope: 'full' },
        command: [execPath, '-e', PRINT, '{{job.parameters.scope}}'],
        env: { OWN: 'yes' },
      },
      { name: 'Broken', command: [execPath, '-e', "console.error('no space'); process.exit(3)"] },
      { name: 'Missing', command: ['/no/such/program'] },
      { name: 'Sleeper', command: [execPath, '-e', 'setInterval(() => {}, 1000)'] },
      { name: 'Waits', run: untilCancelled },
      { name: 'Long', run: () => 'x'.repeat(5 * 1024 * 1024 + 1) },
    ],
  }));
});
afterAll(() => workspace.close());

interface Run {
  readonly run_id: number;
  readonly state: { life_cycle_state: string; result_state?: string; state_message: string };
  readonly tasks: { run_id: number }[];
}
const jobs = (method: string, path: string, body?: unknown) => api(method, `/api/2.2/jobs/${path}`, body);
const idOf = async (name: string): Promise<number> => {
  const { body } = await jobs('GET', `list?name=${encodeURIComponent(name)}`);
  return (body['jobs'] as { job_id: number }[])[0]?.job_id ?? 0;
};
const start = async (name: string, more: object = {}): Promise<number> =>
  (await jobs('POST', 'run-now', { job_id: await idOf(name), ...more })).body['run_id'] as number;
const read = async (runId: number) => (await jobs('GET', `runs/get?run_id=${runId}`)).body as unknown as Run;
const ended = async (runId: number): Promise<Run> => {
  for (;;) {
    const run = await read(runId);
    if (run.state.life_cycle_state !== 'RUNNING' && run.state.life_cycle_state !== 'TERMINATING') return run;
    await tick(5);
  }
};
const outputOf = async (run: Run) =>
  (await jobs('GET', `runs/get-output?run_id=${run.tasks[0]?.run_id ?? ''}`)).body;

it('runs a command as a child process that is signed in to the workspace and sees nothing else', async () => {
  const run = await ended(await start('Child process', { job_parameters: { scope: 'slice' } }));
  expect(run.state).toMatchObject({ life_cycle_state: 'TERMINATED', result_state: 'SUCCESS' });
  const { notebook_output: output } = await outputOf(run);
  const { result, truncated } = output as { result: string; truncated: boolean };
  expect(JSON.parse(result)).toEqual({
    scope: 'slice',
    userName: 'local.user@example.com',
    home: null,
    own: 'yes',
  });
  expect(truncated).toBe(false);
});

it.each([
  ['Broken', /exit code 3\. no space/],
  ['Missing', /cannot be started/],
])('shows how %s failed', async (name, message) => {
  const run = await ended(await start(name));
  expect(run.state).toMatchObject({ life_cycle_state: 'TERMINATED', result_state: 'FAILED' });
  const output = await outputOf(run);
  expect(output['error']).toMatch(message);
  expect(output['notebook_output']).toEqual({});
});

it.each(['Sleeper', 'Waits'])('cancels %s', async (name) => {
  const runId = await start(name);
  expect((await read(runId)).state.life_cycle_state).toBe('RUNNING');
  await jobs('POST', 'runs/cancel', { run_id: runId });
  expect((await ended(runId)).state).toMatchObject({
    life_cycle_state: 'TERMINATED',
    result_state: 'CANCELED',
  });
});

it('cuts an output that is too long, and says so', async () => {
  const { notebook_output: output } = await outputOf(await ended(await start('Long')));
  const { result, truncated } = output as { result: string; truncated: boolean };
  expect([result.length, truncated]).toEqual([5 * 1024 * 1024, true]);
});

it('starts one run per idempotency token', async () => {
  const first = await start('Broken', { idempotency_token: 'a' });
  expect(await start('Broken', { idempotency_token: 'a' })).toBe(first);
  expect(await start('Broken', { idempotency_token: 'b' })).not.toBe(first);
  const tooLong = { job_id: await idOf('Broken'), idempotency_token: 'x'.repeat(65) };
  expect((await jobs('POST', 'run-now', tooLong)).status).toBe(400);
});

it('keeps jobs that a client creates, and says that it cannot run their tasks', async () => {
  const settings = { name: 'Mine', tasks: [{ task_key: 'a' }], parameters: [{ name: 'p', default: '1' }] };
  const { body } = await jobs('POST', 'create', settings);
  const jobId = body['job_id'] as number;
  expect((await jobs('GET', `get?job_id=${jobId}`)).body).toMatchObject({ job_id: jobId, settings });
  const run = await ended(await start('mine'));
  expect(run.state.life_cycle_state).toBe('INTERNAL_ERROR');
  expect(run.state.state_message).toContain("option 'jobs'");
  await jobs('POST', 'delete', { job_id: jobId });
  expect((await jobs('GET', 'list?name=mine')).body['jobs']).toEqual([]);
});

it('lists page by page', async () => {
  const { body } = await jobs('GET', 'list?limit=4');
  expect([(body['jobs'] as unknown[]).length, body['has_more']]).toEqual([4, true]);
  const rest = await jobs('GET', `list?limit=4&page_token=${body['next_page_token'] as string}`);
  expect(rest.body['has_more']).toBe(false);
});

it.each([
  ['GET', 'get?job_id=1', undefined],
  ['GET', 'runs/get?run_id=1', undefined],
  ['POST', 'run-now', { job_id: 1 }],
  ['POST', 'run-now', {}],
  ['POST', 'runs/cancel', { run_id: 'x' }],
])('answers 400 to %s %s, as the service does', async (method, path, body) => {
  const answer = await jobs(method, path, body);
  expect([answer.status, answer.body['error_code']]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
});

it('ends running jobs when it closes', async () => {
  const second = await workspaceWithApi({
    jobs: [{ name: 'Sleeper', command: [execPath, '-e', 'setInterval(() => {}, 1000)'] }],
  });
  const { body } = await second.api('GET', '/api/2.1/jobs/list');
  const [job] = body['jobs'] as { job_id: number }[];
  await second.api('POST', '/api/2.1/jobs/run-now', { job_id: job?.job_id });
  await expect(second.workspace.close()).resolves.toBeUndefined();
});

it('refuses two jobs of one name', async () => {
  const job = { name: 'a', run: () => '' };
  await expect(workspaceWithApi({ jobs: [job, job] })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
});
