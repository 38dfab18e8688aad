import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, JobsClient } from '../../src/clients/index.ts';
import type { CliIo } from '../../src/cli/command.ts';
import { evaluationJob } from '../../src/cli/commands/local-evaluation-job.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { startLocalWorkspace } from '../../src/local/index.ts';

const SAMPLE = fileURLToPath(new URL('../fixtures/local-sample', import.meta.url));
const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-local-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A command that serves until it is stopped. */
async function serving(args: readonly string[]) {
  const stop = new AbortController();
  let out = '';
  let err = '';
  const ready = Promise.withResolvers<void>();
  const io: CliIo = {
    out: (text) => {
      out += text;
      if (out.includes('Ctrl-C')) ready.resolve();
    },
    err: (text) => {
      err += text;
    },
    isTerminal: false,
    columns: 80,
    confirm: () => Promise.resolve(false),
    env: {},
    signal: stop.signal,
  };
  const ended = runCli(['local', '--port', '0', ...args], io, '0.0.0');
  await Promise.race([ready.promise, ended]);
  const [, host = '', token = ''] = /HOST=(\S+) DATABRICKS_TOKEN=(\S+)/.exec(out) ?? [];
  return {
    host,
    token,
    text: () => out + err,
    get: async (path: string) => {
      const answer = await fetch(host + path, { headers: { authorization: `Bearer ${token}` } });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
    stop: async () => {
      stop.abort();
      return ended;
    },
  };
}

describe('genie-optimizer local', () => {
  it('serves a sample on loopback, with a job that evaluates it', async () => {
    const served = await serving(['--sample', SAMPLE]);
    const { body } = await served.get('/api/2.2/jobs/list?name=genie-optimizer%20evaluate');
    expect(body['jobs']).toHaveLength(1);
    expect(served.host).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await served.stop()).toBe(0);
  });

  it('says what is wrong with its options', async () => {
    const both = await serving(['--record', folder, '--replay', folder]);
    expect(await both.stop()).toBe(2);
    expect(both.text()).toContain('exclude each other');
    const none = await serving(['--replay', join(folder, 'none')]);
    expect(await none.stop()).toBe(1);
    expect(none.text()).toContain('Make one with recordWorkspace()');
  });

  it('replays what was recorded, and says what was not in it', async () => {
    const local = await startLocalWorkspace({ sample: SAMPLE });
    process.env['DATABRICKS_TOKEN'] = local.token;
    const recorder = await serving(['--record', folder, '--host', local.host]);
    delete process.env['DATABRICKS_TOKEN'];
    const recorded = await recorder.get('/api/2.0/genie/spaces');
    expect(await recorder.stop()).toBe(0);
    await local.close();
    expect(await readFile(join(folder, 'cassette.jsonl'), 'utf8')).not.toContain(local.token);

    const replay = await serving(['--replay', folder]);
    expect(await replay.get('/api/2.0/genie/spaces')).toEqual(recorded);
    expect((await replay.get('/api/2.0/genie/other')).status).toBe(501);
    expect(await replay.stop()).toBe(0);
    expect(replay.text()).toContain('1 requests were not in the recording');
    expect(replay.text()).toContain('GET /api/2.0/genie/other');
  });
});

it('evaluates the space in a child process when the job is run', async () => {
  const local = await startLocalWorkspace({ sample: SAMPLE });
  const jobId = local.addJob(evaluationJob(local, [execPath, MAIN], folder));
  const { http } = await connect({ host: local.host, token: local.token, sources: { env: {} } });
  const jobs = new JobsClient({ http, pollInterval: () => 50 });
  const run = await jobs.waitForRun(await jobs.runNow(jobId));
  expect(run).toMatchObject({ lifeCycleState: 'TERMINATED', resultState: 'SUCCESS', message: '' });
  const output = await jobs.taskOutput(run.tasks[0]?.runId ?? '');
  const asked = local.askLog.length;
  await local.close();
  expect(JSON.parse(output.result ?? '')).toMatchObject({
    status: 'evaluated',
    session: { space_id: local.spaceId, host: local.host },
  });
  expect(asked).toBeGreaterThan(0);
});
