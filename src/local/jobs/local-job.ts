/** What a job of the embedded workspace gets when it runs. */
export interface LocalJobContext {
  /** Defaults of the job, overridden by those of the run. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The workspace itself. */
  readonly host: string;
  readonly token: string;
  /** Fires when the run is cancelled or the workspace closes. */
  readonly signal: AbortSignal;
}

interface JobSettings {
  readonly name: string;
  /** Defaults of the parameters. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

/** A job that runs as a child process; its standard output is the output of the task. */
export interface CommandJob extends JobSettings {
  /**
   * Program and arguments; `{{job.parameters.NAME}}` stands for the value of a parameter.
   *
   * The process gets `DATABRICKS_HOST` and `DATABRICKS_TOKEN` of this workspace. An exit code other than 0
   * is a failure.
   */
  readonly command: readonly [program: string, ...args: string[]];
  /** Default: nothing but the two variables named above. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly cwd?: string | undefined;
}

/** A job that runs in this process; what it returns is the output of the task, what it throws its error. */
export interface FunctionJob extends JobSettings {
  readonly run: (context: LocalJobContext) => Promise<string> | string;
}

/** A job that the embedded workspace can run. */
export type LocalJob = CommandJob | FunctionJob;
