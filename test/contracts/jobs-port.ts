import { describe, expect, it } from 'vitest';
import type { JobsPort } from '../../src/ports/index.ts';
import { codeOfFailure } from './code-of.ts';

export interface JobsSubject {
  readonly jobs: JobsPort;
  /**
   * Name of a job with one task that returns its parameters as JSON and then succeeds; with the parameter `wait` it
   * goes on until it is cancelled.
   */
  readonly jobName: string;
}

/** What every {@link JobsPort} does. */
export function describeJobsPort(name: string, subject: () => JobsSubject): void {
  const jobId = async (): Promise<string> => {
    const { jobs, jobName } = subject();
    return (await jobs.findByName(jobName))[0] ?? '';
  };

  describe(`${name} as JobsPort`, () => {
    it('finds a job by its name, whatever the case, and none for another name', async () => {
      const { jobs, jobName } = subject();
      expect(await jobs.findByName(jobName)).toHaveLength(1);
      expect(await jobs.findByName(jobName.toUpperCase())).toEqual(await jobs.findByName(jobName));
      expect(await jobs.findByName('no such job')).toEqual([]);
    });

    it('runs a job to its end and reads what its task returned', async () => {
      const { jobs } = subject();
      const runId = await jobs.runNow(await jobId(), { parameters: { scope: 'slice' } });
      const run = await jobs.waitForRun(runId);
      expect(run).toMatchObject({ runId, lifeCycleState: 'TERMINATED', resultState: 'SUCCESS' });
      expect(run.tasks).toHaveLength(1);
      const output = await jobs.taskOutput(run.tasks[0]?.runId ?? '');
      expect(JSON.parse(output.result ?? '')).toEqual({ scope: 'slice' });
      expect([output.error, output.truncated]).toEqual([null, false]);
    });

    it('starts one run for one idempotency token', async () => {
      const { jobs } = subject();
      const id = await jobId();
      const first = await jobs.runNow(id, { idempotencyToken: 'token-1' });
      expect(await jobs.runNow(id, { idempotencyToken: 'token-1' })).toBe(first);
      expect(await jobs.runNow(id, { idempotencyToken: 'token-2' })).not.toBe(first);
    });

    it('stops a run', async () => {
      const { jobs } = subject();
      const runId = await jobs.runNow(await jobId(), { parameters: { wait: 'yes' } });
      await jobs.cancelRun(runId);
      expect((await jobs.waitForRun(runId)).resultState).toBe('CANCELED');
    });

    it('says NOT_FOUND for a job and a run that do not exist', async () => {
      const { jobs } = subject();
      expect(await codeOfFailure(jobs.getRun('999999'))).toBe('NOT_FOUND');
      expect(await codeOfFailure(jobs.runNow('999999'))).toBe('NOT_FOUND');
      expect(await codeOfFailure(jobs.taskOutput('999999'))).toBe('NOT_FOUND');
    });

    it('refuses an id that is no number, and sends nothing', async () => {
      expect(await codeOfFailure(subject().jobs.runNow('evaluate'))).toBe('INVALID_OPTION');
      expect(await codeOfFailure(subject().jobs.cancelRun('1e3'))).toBe('INVALID_OPTION');
    });

    it('gives up on a run that does not end in time, which goes on', async () => {
      const { jobs } = subject();
      const runId = await jobs.runNow(await jobId(), { parameters: { wait: 'yes' } });
      expect(await codeOfFailure(jobs.waitForRun(runId, { timeoutMs: 1 }))).toBe('JOB_TIMEOUT');
      await jobs.cancelRun(runId);
      expect((await jobs.waitForRun(runId)).lifeCycleState).toBe('TERMINATED');
    });

    it('stops when the signal has fired', async () => {
      const stopped = subject().jobs.findByName('x', { signal: AbortSignal.abort() });
      expect(await codeOfFailure(stopped)).toBe('ABORTED_BY_CALLER');
    });
  });
}
