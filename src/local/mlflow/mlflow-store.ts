import { newId } from '../new-id.ts';
import type { MlflowFlavor } from '../../ports/index.ts';
import { ApiError, invalidParameter, notFound } from '../server/api-error.ts';
import { bytesCodec, Collection, jsonCodec } from './collection.ts';
import type { Documents } from './collection.ts';
import type { DatasetEntry } from './dataset-store.ts';
import { checkKey, checkValue } from './mlflow-limits.ts';
import type { PromptEntry } from './prompt-store.ts';
import type { TraceEntry } from './trace-store.ts';

export interface MetricEntry {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
  readonly model_id?: string;
  readonly dataset_name?: string;
  readonly dataset_digest?: string;
}

interface Kept {
  lifecycle: 'active' | 'deleted';
  readonly tags: Map<string, string>;
}

export interface ExperimentEntry extends Kept {
  readonly experimentId: string;
  name: string;
  readonly artifactLocation: string;
  readonly createdAt: number;
  updatedAt: number;
}

export interface RunEntry extends Kept {
  readonly runId: string;
  readonly experimentId: string;
  name: string;
  status: string;
  readonly startTime: number;
  endTime: number | null;
  readonly artifactUri: string;
  readonly params: Map<string, string>;
  readonly metrics: MetricEntry[];
  readonly datasetInputs: unknown[];
  readonly modelInputs: unknown[];
  readonly modelOutputs: unknown[];
}

export interface ModelEntry {
  readonly modelId: string;
  readonly experimentId: string;
  readonly name: string;
  readonly modelType: string | null;
  readonly sourceRunId: string | null;
  readonly artifactUri: string;
  readonly createdAt: number;
  updatedAt: number;
  status: string;
  readonly params: Map<string, string>;
  readonly tags: Map<string, string>;
}

/** Everything that MLflow keeps: in memory, and in the state file when there is one. @see spec/mlflow-rest.md */
export class MlflowStore {
  readonly experiments = new Collection<ExperimentEntry>('experiment', jsonCodec());
  readonly runs = new Collection<RunEntry>('run', jsonCodec());
  readonly models = new Collection<ModelEntry>('model', jsonCodec());
  readonly traces = new Collection<TraceEntry>('trace', jsonCodec());
  readonly prompts = new Collection<PromptEntry>('prompt', jsonCodec());
  readonly datasets = new Collection<DatasetEntry>('dataset', jsonCodec());
  /** By path below the artifact root. */
  readonly files = new Collection<Buffer>('artifact', bytesCodec);
  readonly flavor: MlflowFlavor;
  readonly now: () => number;
  readonly #documents: Documents | null;

  private constructor(flavor: MlflowFlavor, now: () => number, documents: Documents | null) {
    this.flavor = flavor;
    this.now = now;
    this.#documents = documents;
  }

  static async open(
    flavor: MlflowFlavor,
    now: () => number,
    documents: Documents | null,
  ): Promise<MlflowStore> {
    const store = new MlflowStore(flavor, now, documents);
    if (documents !== null) for (const collection of store.#collections()) await collection.load(documents);
    return store;
  }

  /** Saves what a request changed. */
  async flush(): Promise<void> {
    await Promise.all(this.#collections().map((collection) => collection.flush(this.#documents)));
  }

  /** After a request that only read. */
  discard(): void {
    for (const collection of this.#collections()) collection.discard();
  }

  /** @throws {ApiError} RESOURCE_ALREADY_EXISTS, also when the one of that name was deleted */
  createExperiment(name: string, artifactLocation: string | undefined): ExperimentEntry {
    if (this.experiments.values().some((each) => each.name === name))
      throw new ApiError(400, 'RESOURCE_ALREADY_EXISTS', `Experiment '${name}' already exists.`);
    const experimentId = String(this.experiments.size + 1);
    const root = this.flavor === 'databricks' ? 'dbfs:/databricks/mlflow-tracking' : 'mlflow-artifacts:';
    const entry: ExperimentEntry = {
      experimentId,
      name,
      artifactLocation: artifactLocation ?? `${root}/${experimentId}`,
      createdAt: this.now(),
      updatedAt: this.now(),
      lifecycle: 'active',
      tags: new Map(),
    };
    this.experiments.set(experimentId, entry);
    return entry;
  }

  createRun(experimentId: string, name: string | undefined, startTime: number): RunEntry {
    const experiment = this.activeExperiment(experimentId);
    const runId = newId();
    const entry: RunEntry = {
      runId,
      experimentId,
      name: name ?? `run-${runId.slice(0, 8)}`,
      status: 'RUNNING',
      startTime,
      endTime: null,
      artifactUri: `${experiment.artifactLocation}/${runId}/artifacts`,
      lifecycle: 'active',
      tags: new Map(),
      params: new Map(),
      metrics: [],
      datasetInputs: [],
      modelInputs: [],
      modelOutputs: [],
    };
    this.runs.set(runId, entry);
    return entry;
  }

  createModel(model: Pick<ModelEntry, 'experimentId' | 'name' | 'modelType' | 'sourceRunId'>): ModelEntry {
    const experiment = this.activeExperiment(model.experimentId);
    const modelId = `m-${newId()}`;
    const entry: ModelEntry = {
      ...model,
      modelId,
      artifactUri: `${experiment.artifactLocation}/models/${modelId}/artifacts`,
      createdAt: this.now(),
      updatedAt: this.now(),
      status: 'LOGGED_MODEL_PENDING',
      params: new Map(),
      tags: new Map(),
    };
    this.models.set(entry.modelId, entry);
    return entry;
  }

  /** @throws {ApiError} 404 */
  experiment(experimentId: string): ExperimentEntry {
    return found(this.experiments.get(experimentId), `No experiment with id=${experimentId} exists`);
  }

  /** @throws {ApiError} 404, and 400 when it was deleted */
  activeExperiment(experimentId: string): ExperimentEntry {
    const entry = this.experiment(experimentId);
    if (entry.lifecycle !== 'active')
      throw invalidParameter(
        `The experiment ${experimentId} must be in the 'active' state. Current state is deleted.`,
      );
    return entry;
  }

  /** @throws {ApiError} 404 */
  run(runId: string): RunEntry {
    return found(this.runs.get(runId), `Run with id=${runId} not found`);
  }

  /** @throws {ApiError} 404 */
  model(modelId: string): ModelEntry {
    return found(this.models.get(modelId), `Logged model with ID '${modelId}' not found.`);
  }

  /** @throws {ApiError} 404 */
  trace(traceId: string): TraceEntry {
    return found(this.traces.get(traceId), `Trace with ID '${traceId}' not found.`);
  }

  /** @throws {ApiError} 404 */
  dataset(datasetId: string): DatasetEntry {
    return found(this.datasets.get(datasetId), `Evaluation dataset with ID '${datasetId}' not found.`);
  }

  #collections() {
    return [
      this.experiments,
      this.runs,
      this.models,
      this.traces,
      this.prompts,
      this.datasets,
      this.files,
    ] as const;
  }
}

function found<T>(entry: T | undefined, problem: string): T {
  if (entry === undefined) throw notFound(problem);
  return entry;
}

/** Parameters keep their first value: the same again is fine, another is refused. @throws {ApiError} */
export function addParams(
  params: Map<string, string>,
  added: readonly { readonly key: string; readonly value: string }[],
): void {
  const seen = new Set<string>();
  for (const { key, value } of added) {
    checkKey('param', key);
    checkValue('param', key, value);
    if (seen.has(key)) throw invalidParameter(`Duplicate parameter key '${key}' in one request.`);
    seen.add(key);
    const old = params.get(key);
    if (old !== undefined && old !== value)
      throw invalidParameter(
        `Changing param values is not allowed. Param with key='${key}' was already logged with value='${old}'.`,
      );
  }
  for (const { key, value } of added) params.set(key, value);
}

/** @throws {ApiError} */
export function addTags(
  tags: Map<string, string>,
  added: readonly { readonly key: string; readonly value: string }[],
  kind: 'tag' | 'experiment tag' = 'tag',
): void {
  for (const { key, value } of added) {
    checkKey('tag', key);
    checkValue(kind, key, value);
  }
  for (const { key, value } of added) tags.set(key, value);
}

/** @throws {ApiError} 404 when there is no such tag */
export function removeTag(tags: Map<string, string>, key: string, of: string): void {
  if (!tags.delete(key)) throw notFound(`No tag with name: ${key} in ${of}`);
}
