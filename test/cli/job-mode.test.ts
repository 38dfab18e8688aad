import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sessionSchema, type Session } from '../../src/session/index.ts';
import { GOLDEN_QUERIES, JOB, libraryJob, type LibraryJob } from '../scenarios/library-job.ts';
import { callCli } from './call-cli.ts';
import { cliWorkspace } from './cli-workspace.ts';

let library: LibraryJob;
let dir: string;

beforeAll(async () => {
  library = await libraryJob();
  const place = await cliWorkspace(Promise.resolve(library.local));
  ({ dir } = place);
  await writeFile(join(dir, 'golden-queries.yaml'), GOLDEN_QUERIES);
  return place.close;
});

const run = (command: string, name: string, ...flags: string[]) =>
  callCli([
    command,
    '--space-id',
    library.local.spaceId,
    '--benchmarks',
    join(dir, 'golden-queries.yaml'),
    '--domain',
    'library',
    '--output-dir',
    dir,
    '--session-file',
    join(dir, `${name}.json`),
    '--starts-per-minute',
    '1000',
    ...flags,
  ]);
const sessionOf = async (name: string): Promise<Session> =>
  sessionSchema.parse(JSON.parse(await readFile(join(dir, `${name}.json`), 'utf8')));

describe('--job-mode', () => {
  it('lets the named job ask every question, from the baseline to the held-out ones', async () => {
    const before = library.jobRuns.length;
    const job = ['--job-mode', '--evaluation-job', JOB, '--target', 'staging'];
    const rule = ['--acceptance', 'threshold', '--max-iterations', '1'];
    const { code, out, err } = await run('optimize', 'job', ...job, ...rule);
    expect(err).toBe('');
    expect(code).toBe(3);
    expect(out).toContain('baseline: 3 of 10 right (30.0 %)');
    const runs = library.jobRuns.slice(before);
    expect(runs[0]).toEqual({ bundle_target: 'staging', space_id: library.local.spaceId, iteration: '0' });
    expect(runs.at(-1)).toMatchObject({ eval_scope: 'held_out' });
    expect((await sessionOf('job')).iterations[0]?.label?.evaluator).toBe('job');
  });

  it('measures only, with evaluate', async () => {
    const { code, out } = await run('evaluate', 'measured', '--job-mode', '--evaluation-job', JOB);
    expect(code).toBe(0);
    expect(out).toContain('3 of 10 right');
  });

  it('says how a job can be used when the acceptance needs to ask again', async () => {
    const { code, err } = await run('optimize', 'again', '--job-mode', '--evaluation-job', JOB);
    expect(code).toBe(1);
    expect(err).toMatch(/EVALUATOR_CAPABILITY.*--acceptance threshold/);
  });

  it('says which job is missing', async () => {
    const { code, err } = await run('evaluate', 'missing', '--job-mode', '--evaluation-job', 'nobody');
    expect(code).toBe(1);
    expect(err).toContain("Evaluation job 'nobody' does not exist");
  });
});

describe('--second-opinion', () => {
  it("asks Genie's own evaluation, and says so when the space holds no questions for it", async () => {
    const { code, out } = await run('evaluate', 'opinion', '--second-opinion');
    expect(code).toBe(0);
    expect(out).toContain('eval-runs agrees on 0 of 0 questions');
    expect(out).toContain('store it there first');
    expect((await sessionOf('opinion')).second_opinions).toMatchObject([{ iteration: 0, both_decided: 0 }]);
  });
});
