import * as z from 'zod';
import type { CallOptions, PromptsPort, PromptVersion } from '../../ports/index.ts';
import { type ApiPath, ConflictError, path } from '../http/index.ts';
import { orNull } from '../or-null.ts';
import type { MlflowContext } from './context.ts';
import { anyAnswerSchema, toEntries } from './wire.ts';

const versionSchema = z.looseObject({ version: z.coerce.string(), template: z.string().nullish() });

/**
 * Versions of prompts in a workspace, where they are objects of Unity Catalog: `catalog.schema.name`.
 *
 * The service is not documented by its vendor; the official Python client uses the same calls.
 * @see spec/mlflow-rest.md §8.2
 */
export class WorkspacePrompts implements PromptsPort {
  readonly #context: MlflowContext;

  constructor(context: MlflowContext) {
    this.#context = context;
  }

  async register(
    prompt: {
      readonly name: string;
      readonly template: string;
      readonly message?: string;
      readonly tags?: Readonly<Record<string, string>>;
    },
    options: CallOptions = {},
  ): Promise<PromptVersion> {
    const { name, template, message, tags } = prompt;
    await this.#ensure(name, options);
    const answer = await this.#context.http.request({
      ...options,
      method: 'POST',
      path: path`/api/2.0/mlflow/unity-catalog/prompts/${name}/versions`,
      json: {
        name,
        prompt_version: {
          name,
          template,
          ...(message === undefined ? {} : { description: message }),
          tags: toEntries(tags ?? {}),
        },
      },
      schema: versionSchema,
    });
    return { name, version: answer.version, template };
  }

  async load(name: string, version: string, options: CallOptions = {}): Promise<PromptVersion | null> {
    return this.#read(name, path`/api/2.0/mlflow/unity-catalog/prompts/${name}/versions/${version}`, options);
  }

  async setAlias(name: string, alias: string, version: string, options: CallOptions = {}): Promise<void> {
    await this.#context.http.request({
      ...options,
      method: 'POST',
      path: path`/api/2.0/mlflow/unity-catalog/prompts/${name}/aliases/${alias}`,
      json: { name, alias, version },
      schema: anyAnswerSchema,
      retry: 'safe',
    });
  }

  async loadByAlias(name: string, alias: string, options: CallOptions = {}): Promise<PromptVersion | null> {
    return this.#read(
      name,
      path`/api/2.0/mlflow/unity-catalog/prompts/${name}/versions/by-alias/${alias}`,
      options,
    );
  }

  async #read(name: string, target: ApiPath, options: CallOptions): Promise<PromptVersion | null> {
    const answer = await orNull(
      this.#context.http.request({ ...options, method: 'GET', path: target, schema: versionSchema }),
    );
    return answer === null ? null : { name, version: answer.version, template: answer.template ?? '' };
  }

  async #ensure(name: string, options: CallOptions): Promise<void> {
    try {
      await this.#context.http.request({
        ...options,
        method: 'POST',
        path: path`/api/2.0/mlflow/unity-catalog/prompts`,
        json: { name, prompt: { name } },
        schema: anyAnswerSchema,
        retry: 'safe',
      });
    } catch (error) {
      // Exists already, which is all that is wanted.
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}
