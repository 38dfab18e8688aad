import { randomUUID } from 'node:crypto';
import { ApiError, invalidParameter, notFound } from '../server/api-error.ts';
import { checkKey, checkValue } from './mlflow-limits.ts';

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
  readonly name: string;
  readonly artifactLocation: string;
  readonly createdAt: number;
}

export interface RunEntry extends Kept {
  readonly runId: string;
  readonly experimentId: string;
  name: string;
  status: string;
  readonly startTime: number;
  endTime: number | null;
  readonly params: Map<string, string>;
  readonly metrics: MetricEntry[];
  readonly datasetInputs: unknown[];
  readonly modelInputs: unknown[];
}

export interface ModelEntry {
  readonly modelId: string;
  readonly experimentId: string;
  readonly name: string;
  readonly modelType: string | null;
  readonly sourceRunId: string | null;
  readonly createdAt: number;
  status: string;
  readonly params: Map<string, string>;
  readonly tags: Map<string, string>;
}

const newId = (): string => randomUUID().replaceAll('-', '');

/** Experiments, runs, logged models and their files, in memory. @see spec/mlflow-rest.md */
export class MlflowStore {
  readonly experiments = new Map<string, ExperimentEntry>();
  readonly runs = new Map<string, RunEntry>();
  readonly models = new Map<string, ModelEntry>();
  /** By path below the artifact root. */
  readonly files = new Map<string, Buffer>();
  readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  /** @throws {ApiError} RESOURCE_ALREADY_EXISTS, also when the one of that name was deleted */
  createExperiment(name: string, artifactLocation: string | undefined): ExperimentEntry {
    if ([...this.experiments.values()].some((each) => each.name === name))
      throw new ApiError(400, 'RESOURCE_ALREADY_EXISTS', `Experiment '${name}' already exists.`);
    const experimentId = String(this.experiments.size + 1);
    const entry: ExperimentEntry = {
      experimentId,
      name,
      artifactLocation: artifactLocation ?? `mlflow-artifacts:/${experimentId}`,
      createdAt: this.now(),
      lifecycle: 'active',
      tags: new Map(),
    };
    this.experiments.set(experimentId, entry);
    return entry;
  }

  createRun(experimentId: string, name: string | undefined, startTime: number): RunEntry {
    if (this.experiment(experimentId).lifecycle !== 'active')
      throw invalidParameter(`The experiment ${experimentId} must be in the 'active' state.`);
    const runId = newId();
    const entry: RunEntry = {
      runId,
      experimentId,
      name: name ?? `run-${runId.slice(0, 8)}`,
      status: 'RUNNING',
      startTime,
      endTime: null,
      lifecycle: 'active',
      tags: new Map(),
      params: new Map(),
      metrics: [],
      datasetInputs: [],
      modelInputs: [],
    };
    this.runs.set(runId, entry);
    return entry;
  }

  createModel(model: Pick<ModelEntry, 'experimentId' | 'name' | 'modelType' | 'sourceRunId'>): ModelEntry {
    this.experiment(model.experimentId);
    const entry: ModelEntry = {
      ...model,
      modelId: `m-${newId()}`,
      createdAt: this.now(),
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

  /** @throws {ApiError} 404 */
  run(runId: string): RunEntry {
    return found(this.runs.get(runId), `Run with id=${runId} not found`);
  }

  /** @throws {ApiError} 404 */
  model(modelId: string): ModelEntry {
    return found(this.models.get(modelId), `Logged model with ID '${modelId}' not found.`);
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
): void {
  for (const { key, value } of added) {
    checkKey('tag', key);
    checkValue('tag', key, value);
  }
  for (const { key, value } of added) tags.set(key, value);
}
