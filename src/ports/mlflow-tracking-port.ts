import type { CallOptions } from './call-options.ts';

/** The open-source server, or the tracking service of a workspace. They differ in limits, artifacts and prompts. */
export type MlflowFlavor = 'open-source' | 'databricks';

export interface Experiment {
  readonly experimentId: string;
  readonly name: string;
  readonly artifactLocation: string | null;
  readonly isDeleted: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** @see spec/mlflow-rest.md §2 */
export interface ExperimentsPort {
  /** The experiment of this name, or `null`. May be a deleted one. */
  findByName(name: string, options?: CallOptions): Promise<Experiment | null>;
  /**
   * The id of the experiment of this name; makes it when there is none, and brings back a deleted one.
   *
   * @param name - in a workspace an absolute path whose parent folder exists
   */
  ensure(
    name: string,
    more?: { readonly tags?: Readonly<Record<string, string>>; readonly artifactLocation?: string },
    options?: CallOptions,
  ): Promise<string>;
  setTag(experimentId: string, key: string, value: string, options?: CallOptions): Promise<void>;
}

export type RunStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';

export interface Run {
  readonly runId: string;
  readonly runName: string;
  readonly experimentId: string;
  /** Kept open for values we do not know. */
  readonly status: string;
  readonly artifactUri: string;
  readonly params: Readonly<Record<string, string>>;
  /** Latest value of each metric; those that are no finite number are left out. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Data that the run evaluates. */
  readonly datasets: readonly { readonly name: string; readonly digest: string }[];
  /** Ids of the models that the run evaluates. */
  readonly evaluatedModelIds: readonly string[];
  /** Ids of the models that the run made. */
  readonly createdModelIds: readonly string[];
}

export interface Metric {
  readonly key: string;
  readonly value: number;
  /** Milliseconds since 1970; default: now. */
  readonly timestamp?: number;
  readonly step?: number;
  /** Model that the metric describes; nothing else links metrics to a model. */
  readonly modelId?: string;
  readonly datasetName?: string;
  readonly datasetDigest?: string;
}

export interface Batch {
  readonly metrics?: readonly Metric[];
  readonly params?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface DatasetInput {
  readonly name: string;
  /** At most 36 characters. */
  readonly digest: string;
  readonly sourceType: string;
  /** JSON text. */
  readonly source: string;
  readonly schema?: string;
  readonly profile?: string;
  /** What it was used for; default `eval`. */
  readonly context?: string;
}

/** @see spec/mlflow-rest.md §3–5 */
export interface RunsPort {
  start(
    run: {
      readonly experimentId: string;
      readonly name?: string;
      readonly tags?: Readonly<Record<string, string>>;
      readonly parentRunId?: string;
    },
    options?: CallOptions,
  ): Promise<Run>;
  get(runId: string, options?: CallOptions): Promise<Run>;
  /**
   * Logs parameters, tags and metrics in as many requests as the limits ask for.
   *
   * @returns keys of metrics that are no finite number and were therefore not sent
   */
  log(runId: string, batch: Batch, options?: CallOptions): Promise<readonly string[]>;
  /** Says which data and which models a run evaluates. */
  logInputs(
    runId: string,
    inputs: { readonly datasets?: readonly DatasetInput[]; readonly modelIds?: readonly string[] },
    options?: CallOptions,
  ): Promise<void>;
  /** Says which model a run made; the model's `sourceRunId` says it from the other side. */
  logOutputs(
    runId: string,
    models: readonly { readonly modelId: string; readonly step?: number }[],
    options?: CallOptions,
  ): Promise<void>;
  /** Ends a run; default `FINISHED`. */
  end(runId: string, status?: RunStatus, options?: CallOptions): Promise<void>;
  /** Runs that match a filter, newest first unless ordered otherwise; at most `limit`. */
  search(
    query: {
      readonly experimentIds: readonly string[];
      readonly filter?: string;
      readonly orderBy?: readonly string[];
      readonly limit?: number;
    },
    options?: CallOptions,
  ): Promise<readonly Run[]>;
  /** All values of one metric, oldest first. */
  metricHistory(
    runId: string,
    key: string,
    options?: CallOptions,
  ): Promise<readonly { readonly value: number; readonly step: number; readonly timestamp: number }[]>;
}

export interface LoggedModel {
  readonly modelId: string;
  readonly experimentId: string;
  readonly name: string;
  /** `LOGGED_MODEL_PENDING`, `LOGGED_MODEL_READY`, `LOGGED_MODEL_UPLOAD_FAILED`; kept open. */
  readonly status: string;
  /** Run inside which the model was made; `null` when there was none. */
  readonly sourceRunId: string | null;
  readonly artifactUri: string;
  readonly createdMs: number | null;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: readonly {
    readonly key: string;
    readonly value: number;
    readonly runId: string | null;
  }[];
}

export interface NewLoggedModel {
  readonly experimentId: string;
  readonly name: string;
  /** Without it nobody can tell which run made the model. */
  readonly sourceRunId: string;
  readonly modelType?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** What to sort models by, such as `metrics.overall_accuracy`; metrics of one dataset only, when one is named. */
export interface ModelOrder {
  readonly field: string;
  /** Default: the largest first. */
  readonly ascending?: boolean;
  readonly datasetName?: string;
  readonly datasetDigest?: string;
}

export interface ModelQuery {
  readonly experimentIds: readonly string[];
  /** Conditions joined by AND, such as ``metrics.overall_accuracy >= 80 AND tags.promoted = 'true'``. */
  readonly filter?: string;
  /** Default: newest first. */
  readonly orderBy?: readonly ModelOrder[];
  /** Metrics in filter and order count only where they were measured on this data. */
  readonly datasets?: readonly { readonly name: string; readonly digest?: string }[];
  readonly limit?: number;
}

/** @see spec/mlflow-rest.md §6 */
export interface LoggedModelsPort {
  /**
   * Makes a model that lives outside MLflow and is not ready yet: write its files, then `finalize` it.
   *
   * Values that are longer than the service takes are cut.
   */
  create(model: NewLoggedModel, options?: CallOptions): Promise<LoggedModel>;
  /** Makes a model that lives outside MLflow (a version of a space), and marks it ready at once. */
  createExternal(model: NewLoggedModel, options?: CallOptions): Promise<LoggedModel>;
  finalize(
    modelId: string,
    status: 'LOGGED_MODEL_READY' | 'LOGGED_MODEL_UPLOAD_FAILED',
    options?: CallOptions,
  ): Promise<LoggedModel>;
  get(modelId: string, options?: CallOptions): Promise<LoggedModel>;
  setTags(modelId: string, tags: Readonly<Record<string, string>>, options?: CallOptions): Promise<void>;
  /** Takes a tag away; nothing happens when the model does not have it. */
  deleteTag(modelId: string, key: string, options?: CallOptions): Promise<void>;
  delete(modelId: string, options?: CallOptions): Promise<void>;
  /** Models that match a filter; at most `limit`. */
  search(query: ModelQuery, options?: CallOptions): Promise<readonly LoggedModel[]>;
}
