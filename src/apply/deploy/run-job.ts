import { hashOf, isOptimizerError, OptimizerError } from '../../core/index.ts';
import type { BundlePort, Clock, JobRun, JobsPort } from '../../ports/index.ts';

/** The bundle has no such job, or it is not deployed. */
export class DeployJobNotFoundError extends OptimizerError {
  constructor(job: string) {
    super(
      `There is no job '${job}' in the bundle or the workspace. Correct the key, or check that the deployment makes it.`,
      { code: 'DEPLOY_JOB_NOT_FOUND', details: { job } },
    );
  }
}

/** A job of the deployment ended without success. */
export class DeployJobError extends OptimizerError {
  constructor(job: string, run: JobRun, reason: string) {
    super(
      `Job ${job} ended as ${run.resultState ?? run.lifeCycleState}: ${reason} See ${run.pageUrl ?? run.runId}.`,
      {
        code: 'DEPLOY_JOB_FAILED',
        details: { job, runId: run.runId, runUrl: run.pageUrl, reason },
      },
    );
  }
}

/** A job of the deployment did not end in time; it goes on in the workspace. */
export class DeployJobTimeoutError extends OptimizerError {
  constructor(job: string, run: JobRun, timeoutMs: number) {
    super(
      `Job ${job} was still ${run.lifeCycleState} after ${timeoutMs} ms. Look at ${run.pageUrl ?? run.runId}, or pass a larger jobTimeoutMs.`,
      { code: 'DEPLOY_JOB_TIMEOUT', details: { job, runId: run.runId, runUrl: run.pageUrl, timeoutMs } },
    );
  }
}

/** @see spec/control-levers.md §5 */
const TERMINAL: ReadonlySet<string> = new Set(['TERMINATED', 'SKIPPED', 'INTERNAL_ERROR']);
/** States of a task that are no failure. */
const HARMLESS: ReadonlySet<string> = new Set([
  'SUCCESS',
  'EXCLUDED',
  'UPSTREAM_FAILED',
  'UPSTREAM_CANCELED',
]);

export interface RunJobOptions {
  /** Key of the job in the bundle, else name of a job in the workspace. */
  readonly job: string;
  readonly target: string;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly bundleVariables: Readonly<Record<string, string>>;
  readonly pollMs: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What is known of the run of a job; both `null` when the command line tool ran it. */
export interface JobTrace {
  readonly runId: string | null;
  readonly runUrl: string | null;
}

/**
 * Runs a job and waits for its end.
 *
 * Without a jobs port the command line tool runs and waits.
 * @throws {DeployJobError} with what the failed tasks said
 * @throws {DeployJobTimeoutError} @throws {DeployJobNotFoundError}
 */
export async function runJob(
  ports: { readonly bundles: BundlePort; readonly jobs?: JobsPort | undefined; readonly clock: Clock },
  options: RunJobOptions,
): Promise<JobTrace> {
  const { bundles, jobs, clock } = ports;
  const { job, target, parameters, bundleVariables: variables, signal } = options;
  if (jobs === undefined) {
    await bundles.run(job, { target, variables, parameters, signal });
    return { runId: null, runUrl: null };
  }
  const resources = await bundles.resources({ target, variables, signal });
  const deployed = resources.find(({ type, key }) => type === 'jobs' && key === job)?.id;
  const jobId = deployed ?? (await jobs.findByName(job, { signal }))[0];
  if (jobId === undefined) throw new DeployJobNotFoundError(job);
  const startedAt = clock.now().getTime();
  const runId = await jobs.runNow(jobId, {
    signal,
    ...(parameters === undefined ? {} : { parameters }),
    idempotencyToken: hashOf({ jobId, target, parameters, startedAt }).slice(0, 64),
  });
  for (;;) {
    const run = await jobs.getRun(runId, { signal });
    if (TERMINAL.has(run.lifeCycleState)) {
      if (run.resultState === 'SUCCESS') return { runId, runUrl: run.pageUrl };
      throw new DeployJobError(job, run, await reasonOf(run, jobs, signal));
    }
    const elapsed = clock.now().getTime() - startedAt;
    if (elapsed >= options.timeoutMs) throw new DeployJobTimeoutError(job, run, options.timeoutMs);
    await clock.sleep(Math.min(options.pollMs, options.timeoutMs - elapsed), { signal });
  }
}

/** What the failed tasks said; else what the run says. */
async function reasonOf(run: JobRun, jobs: JobsPort, signal: AbortSignal | undefined): Promise<string> {
  const said: string[] = [];
  for (const { taskKey, runId, resultState } of run.tasks) {
    if (resultState === null || HARMLESS.has(resultState)) continue;
    said.push(`${taskKey}: ${await outputOf(runId, jobs, signal)}`);
  }
  const reason = said.length > 0 ? said.join('; ') : run.message;
  return reason === '' ? 'it gave no reason.' : reason;
}

async function outputOf(runId: string, jobs: JobsPort, signal: AbortSignal | undefined): Promise<string> {
  try {
    const { error, result } = await jobs.taskOutput(runId, { signal });
    return error ?? result ?? 'no output';
  } catch (error) {
    // The failure of the job is the news; that its output is gone only adds to it.
    if (!isOptimizerError(error) || signal?.aborted === true) throw error;
    return `its output cannot be read (${error.code})`;
  }
}
