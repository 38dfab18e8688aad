import type { CallOptions } from './call-options.ts';

export interface JobRun {
  readonly runId: string;
  /** `TERMINATED`, `RUNNING`, …; kept open. */
  readonly lifeCycleState: string;
  /** `SUCCESS`, `FAILED`, …; `null` until the run has ended. */
  readonly resultState: string | null;
  readonly message: string;
  readonly pageUrl: string | null;
  readonly tasks: readonly {
    readonly taskKey: string;
    readonly runId: string;
    readonly resultState: string | null;
  }[];
}

export interface TaskOutput {
  /** Exit value of the notebook; `null` when it gave none. */
  readonly result: string | null;
  readonly truncated: boolean;
  readonly error: string | null;
}

/** Jobs of a workspace. @see spec/databricks-apis.md §6 */
export interface JobsPort {
  /** Ids of the jobs of this name, compared without regard to case. */
  findByName(name: string, options?: CallOptions): Promise<readonly string[]>;
  /**
   * Starts a job and returns the id of the run.
   *
   * @param options.idempotencyToken - at most 64 characters; with it a lost answer is asked for again without a second run
   */
  runNow(
    jobId: string,
    options?: CallOptions & {
      readonly parameters?: Readonly<Record<string, string>>;
      readonly idempotencyToken?: string;
    },
  ): Promise<string>;
  getRun(runId: string, options?: CallOptions): Promise<JobRun>;
  /** Waits for the end of a run, whatever it is. @throws {JobTimeoutError} */
  waitForRun(runId: string, options?: CallOptions & { readonly timeoutMs?: number }): Promise<JobRun>;
  /** Output of one task; the service refuses the id of a run with several tasks. */
  taskOutput(taskRunId: string, options?: CallOptions): Promise<TaskOutput>;
  /** Asks a run to stop; returns before it has stopped. */
  cancelRun(runId: string, options?: CallOptions): Promise<void>;
}
