import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sessionSchema, type Session } from '../../src/session/index.ts';
import { JOB } from '../scenarios/library-job.ts';
import { callCli } from './call-cli.ts';
import { jobWorkspace, runFlags } from './cli-workspace.ts';

let place: Awaited<ReturnType<typeof jobWorkspace>>;
beforeAll(async () => {
  place = await jobWorkspace();
  return place.close;
});

const sessionFile = (name: string) => join(place.dir, `${name}.json`);
const run = (command: string, name: string, ...flags: string[]) =>
  callCli([command, ...runFlags(place.asked, sessionFile(name), place.dir), ...flags]);
const sessionOf = async (name: string): Promise<Session> =>
  sessionSchema.parse(JSON.parse(await readFile(sessionFile(name), 'utf8')));

describe('--job-mode', () => {
  it('lets the named job ask every question, from the baseline to the held-out ones', async () => {
    const before = place.jobRuns.length;
    const job = ['--job-mode', '--evaluation-job', JOB, '--target', 'staging'];
    const rule = ['--acceptance', 'threshold', '--max-iterations', '1'];
    const { code, out, err } = await run('optimize', 'job', ...job, ...rule);
    expect(err).toBe('');
    expect(code).toBe(3);
    expect(out).toContain('baseline: 3 of 10 right (30.0 %)');
    const runs = place.jobRuns.slice(before);
    expect(runs[0]).toEqual({ bundle_target: 'staging', space_id: place.asked.spaceId, iteration: '0' });
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
