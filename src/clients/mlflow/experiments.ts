import type { CallOptions, Experiment, ExperimentsPort } from '../../ports/index.ts';
import { ConflictError, path } from '../http/index.ts';
import { orNull } from '../or-null.ts';
import type { MlflowContext } from './context.ts';
import {
  anyAnswerSchema,
  experimentAnswerSchema,
  experimentCreatedSchema,
  toEntries,
  toRecord,
} from './wire.ts';

/** @see spec/mlflow-rest.md §2 */
export class Experiments implements ExperimentsPort {
  readonly #context: MlflowContext;

  constructor(context: MlflowContext) {
    this.#context = context;
  }

  /** The experiment of this name, or `null`. May be a deleted one. */
  async findByName(name: string, options: CallOptions = {}): Promise<Experiment | null> {
    const answer = await orNull(
      this.#context.http.request({
        ...options,
        method: 'GET',
        path: path`/api/2.0/mlflow/experiments/get-by-name`,
        query: { experiment_name: name },
        schema: experimentAnswerSchema,
      }),
    );
    if (answer === null) return null;
    const { experiment } = answer;
    return {
      experimentId: experiment.experiment_id,
      name: experiment.name ?? name,
      artifactLocation: experiment.artifact_location ?? null,
      isDeleted: experiment.lifecycle_stage === 'deleted',
      tags: toRecord(experiment.tags),
    };
  }

  /**
   * The id of the experiment of this name; makes it when there is none, and brings back a deleted one, which would
   * otherwise keep its name for ever.
   *
   * @param name - in a workspace an absolute path whose parent folder exists
   */
  async ensure(
    name: string,
    more: { readonly tags?: Readonly<Record<string, string>>; readonly artifactLocation?: string } = {},
    options: CallOptions = {},
  ): Promise<string> {
    const found = await this.findByName(name, options);
    if (found !== null) {
      if (found.isDeleted) await this.#post('restore', { experiment_id: found.experimentId }, options);
      return found.experimentId;
    }
    try {
      const created = await this.#context.http.request({
        ...options,
        method: 'POST',
        path: path`/api/2.0/mlflow/experiments/create`,
        json: {
          name,
          ...(more.artifactLocation === undefined ? {} : { artifact_location: more.artifactLocation }),
          tags: toEntries(more.tags ?? {}),
        },
        schema: experimentCreatedSchema,
        // A second attempt finds the name taken, and is answered below.
        retry: 'safe',
      });
      return created.experiment_id;
    } catch (error) {
      // Somebody else, or our own first attempt, was quicker.
      const other = error instanceof ConflictError ? await this.findByName(name, options) : null;
      if (other === null) throw error;
      return other.experimentId;
    }
  }

  async setTag(experimentId: string, key: string, value: string, options: CallOptions = {}): Promise<void> {
    await this.#post('set-experiment-tag', { experiment_id: experimentId, key, value }, options);
  }

  async #post(action: string, json: object, options: CallOptions): Promise<void> {
    const target = path`/api/2.0/mlflow/experiments/${action}`;
    await this.#context.http.request({
      ...options,
      method: 'POST',
      path: target,
      json,
      schema: anyAnswerSchema,
      retry: 'safe',
    });
  }
}
