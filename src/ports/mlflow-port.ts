import type { ArtifactStore } from './artifact-store.ts';
import type { CallOptions } from './call-options.ts';
import type { ExperimentsPort, LoggedModelsPort, MlflowFlavor, RunsPort } from './mlflow-tracking-port.ts';
import type { TracesPort } from './traces-port.ts';

export interface PromptVersion {
  readonly name: string;
  readonly version: string;
  /** With variables in double braces: `{{ question }}`. */
  readonly template: string;
}

/** Versions of prompts; in a workspace the name is `catalog.schema.name`. @see spec/mlflow-rest.md §8 */
export interface PromptsPort {
  /** Adds a version; makes the prompt when it is new. */
  register(
    prompt: {
      readonly name: string;
      readonly template: string;
      readonly message?: string;
      readonly tags?: Readonly<Record<string, string>>;
    },
    options?: CallOptions,
  ): Promise<PromptVersion>;
  /** One version, or `null` when there is none. */
  load(name: string, version: string, options?: CallOptions): Promise<PromptVersion | null>;
  /** Lets an alias name a version, from now on this one. */
  setAlias(name: string, alias: string, version: string, options?: CallOptions): Promise<void>;
  /** The version that an alias names, or `null` when there is no such prompt or alias. */
  loadByAlias(name: string, alias: string, options?: CallOptions): Promise<PromptVersion | null>;
}

/** One example. Equal `inputs` mean the same record: writing it again merges expectations and tags. */
export interface DatasetRecord {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly expectations?: Readonly<Record<string, unknown>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Evaluation datasets; in a workspace the name is that of a table. @see spec/mlflow-rest.md §9 */
export interface DatasetsPort {
  /** Makes a dataset and returns its id. */
  create(
    dataset: {
      readonly name: string;
      readonly experimentIds: readonly string[];
      readonly tags?: Readonly<Record<string, string>>;
    },
    options?: CallOptions,
  ): Promise<string>;
  upsertRecords(
    datasetId: string,
    records: readonly DatasetRecord[],
    options?: CallOptions,
  ): Promise<{ readonly inserted: number; readonly updated: number }>;
  /** All records, in the order of the service. */
  records(datasetId: string, options?: CallOptions): Promise<readonly DatasetRecord[]>;
}

/** What the library needs of MLflow. Implemented over HTTP by `MlflowClient`. @see spec/mlflow-rest.md */
export interface MlflowPort {
  readonly flavor: MlflowFlavor;
  /** Where it is, for messages. Never holds a credential. */
  readonly host: string;
  readonly experiments: ExperimentsPort;
  readonly runs: RunsPort;
  readonly models: LoggedModelsPort;
  readonly artifacts: ArtifactStore;
  readonly traces: TracesPort;
  readonly prompts: PromptsPort;
  readonly datasets: DatasetsPort;
}
