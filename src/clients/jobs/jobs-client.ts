import * as z from 'zod';
import { OptimizerError } from '../../core/index.ts';
import type { CallOptions, Clock, JobRun, JobsPort, TaskOutput } from '../../ports/index.ts';
import { type HttpClient, pages, path } from '../http/index.ts';
import { integerId } from '../http/wire-json.ts';
import { pause } from '../pause.ts';
import { defaultPollInterval, type PollInterval } from '../poll-interval.ts';
import { systemClock } from '../system/clock.ts';

const text = z.string().nullish();

const stateSchema = z.looseObject({ life_cycle_state: text, result_state: text, state_message: text });

const runSchema = z.looseObject({
  run_id: z.coerce.string(),
  state: stateSchema,
  run_page_url: text,
  tasks: z
    .array(z.looseObject({ task_key: z.string(), run_id: z.coerce.string(), state: stateSchema.nullish() }))
    .nullish(),
  next_page_token: text,
});

const outputSchema = z.looseObject({
  notebook_output: z.looseObject({ result: text, truncated: z.boolean().nullish() }).nullish(),
  error: text,
  error_trace: text,
});

const jobListSchema = z.looseObject({
  jobs: z.array(z.looseObject({ job_id: z.coerce.string() })).nullish(),
  next_page_token: text,
});

type RunWire = z.infer<typeof runSchema>;

/** A job run did not end within the time allowed; it goes on in the workspace. */
export class JobTimeoutError extends OptimizerError {
  constructor(run: JobRun, timeoutMs: number) {
    super(
      `Job run ${run.runId} was still ${run.lifeCycleState} after ${timeoutMs} ms. Look at ${run.pageUrl ?? 'its page'}, or pass a larger timeoutMs.`,
      {
        code: 'JOB_TIMEOUT',
        details: { runId: run.runId, lifeCycleState: run.lifeCycleState, timeoutMs },
      },
    );
  }
}

/** @see spec/databricks-apis.md §6 */
const TERMINAL: ReadonlySet<string> = new Set(['TERMINATED', 'SKIPPED', 'INTERNAL_ERROR']);

export const JOB_DEFAULTS = { timeoutMs: 3_600_000 } as const;

/** Jobs of a workspace. @see spec/databricks-apis.md §6 */
export class JobsClient implements JobsPort {
  readonly #http: HttpClient;
  readonly #clock: Clock;
  readonly #pollInterval: PollInterval;

  constructor(options: {
    readonly http: HttpClient;
    readonly clock?: Clock;
    readonly pollInterval?: PollInterval;
  }) {
    this.#http = options.http;
    this.#clock = options.clock ?? systemClock();
    this.#pollInterval = options.pollInterval ?? defaultPollInterval;
  }

  /** Ids of the jobs of this name, compared without regard to case. */
  async findByName(name: string, options: CallOptions = {}): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const page of pages(this.#http, {
      ...options,
      path: path`/api/2.2/jobs/list`,
      query: { name },
      schema: jobListSchema,
    })) {
      found.push(...(page.jobs ?? []).map((job) => job.job_id));
    }
    return found;
  }

  /**
   * Starts a job and returns the id of the run.
   *
   * @param options.idempotencyToken - at most 64 characters; with it a lost answer is asked for again without a second run
   */
  async runNow(
    jobId: string,
    options: CallOptions & {
      readonly parameters?: Readonly<Record<string, string>>;
      readonly idempotencyToken?: string;
    } = {},
  ): Promise<string> {
    const { idempotencyToken, parameters, signal } = options;
    const answer = await this.#http.request({
      signal,
      method: 'POST',
      path: path`/api/2.2/jobs/run-now`,
      json: {
        job_id: integerId('jobId', jobId),
        job_parameters: parameters,
        idempotency_token: idempotencyToken,
      },
      schema: z.looseObject({ run_id: z.coerce.string() }),
      retry: idempotencyToken === undefined ? 'rate-limited' : 'safe',
    });
    return answer.run_id;
  }

  /** A run as it stands, with all its tasks: the service gives a hundred of them at a time. */
  async getRun(runId: string, options: CallOptions = {}): Promise<JobRun> {
    let run = toRun({ run_id: runId, state: {} });
    for await (const page of pages(this.#http, {
      ...options,
      path: path`/api/2.2/jobs/runs/get`,
      query: { run_id: runId },
      schema: runSchema,
    })) {
      const next = toRun(page);
      run = { ...next, tasks: [...run.tasks, ...next.tasks] };
    }
    return run;
  }

  /** Waits for the end of a run, whatever it is. @throws {JobTimeoutError} */
  async waitForRun(
    runId: string,
    options: CallOptions & { readonly timeoutMs?: number } = {},
  ): Promise<JobRun> {
    const timeoutMs = options.timeoutMs ?? JOB_DEFAULTS.timeoutMs;
    const startedAt = this.#clock.now().getTime();
    for (;;) {
      const run = await this.getRun(runId, { signal: options.signal });
      if (TERMINAL.has(run.lifeCycleState)) return run;
      const elapsed = this.#clock.now().getTime() - startedAt;
      if (elapsed >= timeoutMs) throw new JobTimeoutError(run, timeoutMs);
      await pause(
        this.#clock,
        Math.min(this.#pollInterval(elapsed), timeoutMs - elapsed),
        options,
        'Waiting for the job run',
      );
    }
  }

  /** Output of one task; the service refuses the id of a run with several tasks. */
  async taskOutput(taskRunId: string, options: CallOptions = {}): Promise<TaskOutput> {
    const target = path`/api/2.2/jobs/runs/get-output`;
    const answer = await this.#http.request({
      ...options,
      method: 'GET',
      path: target,
      query: { run_id: taskRunId },
      schema: outputSchema,
    });
    return {
      result: answer.notebook_output?.result ?? null,
      truncated: answer.notebook_output?.truncated === true,
      error: answer.error ?? null,
    };
  }

  /** Asks a run to stop; returns before it has stopped. */
  async cancelRun(runId: string, options: CallOptions = {}): Promise<void> {
    const target = path`/api/2.2/jobs/runs/cancel`;
    await this.#http.request({
      ...options,
      method: 'POST',
      path: target,
      json: { run_id: integerId('runId', runId) },
      schema: z.unknown(),
      retry: 'safe',
    });
  }
}

function toRun(run: RunWire): JobRun {
  return {
    runId: run.run_id,
    lifeCycleState: run.state.life_cycle_state ?? 'UNKNOWN',
    resultState: run.state.result_state ?? null,
    message: run.state.state_message ?? '',
    pageUrl: run.run_page_url ?? null,
    tasks: (run.tasks ?? []).map((task) => ({
      taskKey: task.task_key,
      runId: task.run_id,
      resultState: task.state?.result_state ?? null,
    })),
  };
}
