import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect, JobsClient } from '../../src/clients/index.ts';
import type { CliIo } from '../../src/cli/command.ts';
import { EVALUATION_JOB, evaluationJob } from '../../src/cli/commands/local-evaluation-job.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { startLocalWorkspace, type LocalWorkspace } from '../../src/local/index.ts';
import { sessionSchema } from '../../src/session/index.ts';
import { callCli } from './call-cli.ts';
import { runFlags } from './cli-workspace.ts';

const SAMPLE = fileURLToPath(new URL('../fixtures/local-sample', import.meta.url));
const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-local-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

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
  it('serves a sample on loopback, with a job and a command line that evaluate it', async () => {
    const served = await serving(['--sample', SAMPLE]);
    const pasted =
      served
        .text()
        .match(/^ {2}genie-optimizer (evaluate .+)$/m)?.[1]
        ?.split(' ') ?? [];
    vi.stubEnv('DATABRICKS_HOST', served.host);
    vi.stubEnv('DATABRICKS_TOKEN', served.token);
    const measured = await callCli([
      ...pasted,
      '--session-file',
      join(folder, 's.json'),
      '--output-dir',
      folder,
    ]);
    expect(measured).toMatchObject({ code: 0, err: '' });
    expect(measured.out).toContain('The space was not touched.');
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
    expect(replay.text()).toContain('1 request not in the recording');
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
    run_id: expect.any(String) as unknown,
    session: { space_id: local.spaceId, host: local.host },
  });
  expect(asked).toBeGreaterThan(0);
});

describe('optimize --job-mode and evaluate --scope', () => {
  let local: LocalWorkspace;
  let sample: LocalWorkspace['sample'];
  const library = (...more: string[]) => [
    '--warehouse-id',
    local.warehouseId,
    ...runFlags({ ...local, sample }, join(folder, 'run.json'), folder),
    ...more,
  ];
  beforeEach(async () => {
    local = await startLocalWorkspace({ sample: SAMPLE });
    vi.stubEnv('DATABRICKS_HOST', local.host);
    vi.stubEnv('DATABRICKS_TOKEN', local.token);
    const benchmarksPath = join(folder, 'golden-queries.yaml');
    sample = { ...local.sample, benchmarksPath };
    const unseen = [
      '  - id: unseen',
      '    question: How many branches are there?',
      '    expected_sql: SELECT COUNT(*) AS n FROM ${catalog}.${gold_schema}.branches',
      '    expected_asset: TABLE',
      '    split: held_out',
    ];
    await writeFile(
      benchmarksPath,
      `${await readFile(local.sample.benchmarksPath, 'utf8')}\n${unseen.join('\n')}\n`,
    );
  });
  afterEach(() => local.close());

  it('measure by the job that is served', async () => {
    local.addJob(evaluationJob({ ...local, sample }, [execPath, MAIN], folder));
    const job = ['--job-mode', '--evaluation-job', EVALUATION_JOB, '--acceptance', 'threshold'];
    const { out, err } = await callCli(['optimize', ...library(...job)]);
    expect(err).toBe('');
    expect(out).toMatch(/baseline: \d+ of \d+ right/);
    const session = sessionSchema.parse(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')));
    expect(session.iterations[0]).toMatchObject({ label: { evaluator: 'job' }, excluded_count: 0 });
    expect(session.held_out_result?.after_accuracy).toEqual(expect.any(Number));
  }, 60_000);

  it('ask the questions of the scope, and no others', async () => {
    const { code } = await callCli(['evaluate', ...library('--scope', 'held_out')]);
    expect(code).toBe(0);
    expect(local.askLog.map(({ question }) => question)).toEqual(['How many branches are there?']);
    const wrong = await callCli(['evaluate', ...library('--scope', 'some')]);
    expect(wrong.err).toContain('--scope must be full, slice, p0, held_out');
  });
});
