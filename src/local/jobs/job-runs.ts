import { messageOf } from '../../core/index.ts';
import { ApiError, invalidParameter } from '../server/api-error.ts';
import type { LocalJob, LocalJobContext } from './local-job.ts';
import { runCommand } from './run-command.ts';

/** A job as it was created; only those given as an option can run. */
export interface JobEntry {
  readonly jobId: number;
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly createdAt: number;
  /** `null` for a job that a client created. */
  readonly job: LocalJob | null;
}

export interface JobRunEntry {
  readonly runId: number;
  readonly taskRunId: number;
  readonly numberInJob: number;
  readonly jobId: number;
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly default: string; readonly value: string }[];
  readonly startTime: number;
  endTime: number | null;
  lifeCycleState: 'RUNNING' | 'TERMINATING' | 'TERMINATED' | 'INTERNAL_ERROR';
  resultState: 'SUCCESS' | 'FAILED' | 'CANCELED' | null;
  message: string;
  output: string | null;
}

const FIRST_ID = 100_001;

/** Jobs and their runs, in memory. @see spec/databricks-apis.md §6 */
export class JobRuns {
  readonly jobs = new Map<number, JobEntry>();
  readonly runs = new Map<number, JobRunEntry>();
  readonly #workspace: () => Pick<LocalJobContext, 'host' | 'token'>;
  readonly #now: () => number;
  readonly #running = new Map<number, { readonly cancel: AbortController; readonly end: Promise<void> }>();
  readonly #byToken = new Map<string, number>();
  #ids = FIRST_ID - 1;

  constructor(
    jobs: readonly LocalJob[],
    workspace: () => Pick<LocalJobContext, 'host' | 'token'>,
    now: () => number,
  ) {
    this.#workspace = workspace;
    this.#now = now;
    for (const job of jobs) this.add(job);
  }

  /** A job that can run. */
  add(job: LocalJob): JobEntry {
    return this.#add(job.name, { name: job.name }, job.parameters ?? {}, job);
  }

  create(
    settings: Readonly<Record<string, unknown>>,
    parameters: Readonly<Record<string, string>>,
  ): JobEntry {
    const name = typeof settings['name'] === 'string' ? settings['name'] : 'Untitled';
    return this.#add(name, settings, parameters, null);
  }

  /** @throws {ApiError} 400, as the service answers */
  job(jobId: number): JobEntry {
    const entry = this.jobs.get(jobId);
    if (entry === undefined) throw invalidParameter(`Job ${jobId} does not exist.`);
    return entry;
  }

  /** By the id of the run or of its task. @throws {ApiError} 400, as the service answers */
  run(runId: number): JobRunEntry {
    const entry = this.runs.get(runId) ?? [...this.runs.values()].find((each) => each.taskRunId === runId);
    if (entry === undefined) throw invalidParameter(`Run ${runId} does not exist.`);
    return entry;
  }

  /** The same token gives the same run. @throws {ApiError} */
  start(
    jobId: number,
    given: Readonly<Record<string, string>>,
    idempotencyToken: string | undefined,
  ): JobRunEntry {
    const entry = this.job(jobId);
    if (idempotencyToken !== undefined && idempotencyToken.length > 64)
      throw invalidParameter('idempotency_token must have at most 64 characters.');
    const known = idempotencyToken === undefined ? undefined : this.#byToken.get(idempotencyToken);
    if (known !== undefined) return this.run(known);
    const names = new Set([...Object.keys(entry.parameters), ...Object.keys(given)]);
    const run: JobRunEntry = {
      runId: (this.#ids += 1),
      taskRunId: (this.#ids += 1),
      numberInJob: [...this.runs.values()].filter((each) => each.jobId === jobId).length + 1,
      jobId,
      name: entry.name,
      parameters: [...names].map((name) => ({
        name,
        default: entry.parameters[name] ?? '',
        value: given[name] ?? entry.parameters[name] ?? '',
      })),
      startTime: this.#now(),
      endTime: null,
      lifeCycleState: 'RUNNING',
      resultState: null,
      message: 'In run',
      output: null,
    };
    this.runs.set(run.runId, run);
    if (idempotencyToken !== undefined) this.#byToken.set(idempotencyToken, run.runId);
    const cancel = new AbortController();
    this.#running.set(run.runId, { cancel, end: this.#execute(entry, run, cancel.signal) });
    return run;
  }

  /** Asks a run to stop; nothing happens when it has ended. @throws {ApiError} */
  cancel(runId: number): void {
    const run = this.run(runId);
    const running = this.#running.get(run.runId);
    if (running === undefined) return;
    run.lifeCycleState = 'TERMINATING';
    running.cancel.abort();
  }

  /** Stops every run and waits for its end. */
  async stop(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { cancel } of running) cancel.abort();
    await Promise.all(running.map(({ end }) => end));
  }

  async #execute(entry: JobEntry, run: JobRunEntry, signal: AbortSignal): Promise<void> {
    const { job } = entry;
    const values = run.parameters.map(({ name, value }) => [name, value] as const);
    const context: LocalJobContext = {
      ...this.#workspace(),
      parameters: Object.fromEntries(values),
      signal,
    };
    try {
      if (job === null) {
        run.lifeCycleState = 'INTERNAL_ERROR';
        run.resultState = 'FAILED';
        run.message =
          "The embedded workspace cannot run the tasks of a job. Give it a job to run with the option 'jobs'.";
        return;
      }
      run.output = await ('command' in job ? runCommand(job, context) : job.run(context));
      run.resultState = 'SUCCESS';
      run.message = '';
    } catch (error) {
      run.resultState = 'FAILED';
      run.message = messageOf(error);
    } finally {
      if (run.lifeCycleState !== 'INTERNAL_ERROR') run.lifeCycleState = 'TERMINATED';
      if (signal.aborted) {
        run.resultState = 'CANCELED';
        run.message = 'Run cancelled.';
      }
      run.endTime = this.#now();
      this.#running.delete(run.runId);
    }
  }

  #add(
    name: string,
    settings: JobEntry['settings'],
    parameters: JobEntry['parameters'],
    job: LocalJob | null,
  ): JobEntry {
    const jobId = (this.#ids += 1);
    const entry: JobEntry = { jobId, name, settings, parameters, createdAt: this.#now(), job };
    this.jobs.set(jobId, entry);
    return entry;
  }
}

/** @throws {ApiError} when the text is no id */
export function readId(value: unknown, field: string): number {
  const id = Number(value);
  if (value === undefined || value === null || value === '' || !Number.isSafeInteger(id))
    throw new ApiError(
      400,
      'INVALID_PARAMETER_VALUE',
      `Field '${field}' must be the id of one, got '${String(value)}'.`,
    );
  return id;
}
