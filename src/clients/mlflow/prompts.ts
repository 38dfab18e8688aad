import * as z from 'zod';
import type { CallOptions, PromptsPort, PromptVersion } from '../../ports/index.ts';
import { ConflictError, path } from '../http/index.ts';
import { orNull } from '../or-null.ts';
import type { MlflowContext } from './context.ts';
import { anyAnswerSchema, toEntries } from './wire.ts';

const IS_PROMPT = 'mlflow.prompt.is_prompt';
const TEXT = 'mlflow.prompt.text';

const versionSchema = z.looseObject({
  model_version: z.looseObject({
    name: z.string(),
    version: z.coerce.string(),
    tags: z
      .array(z.looseObject({ key: z.string(), value: z.string().nullish() }))
      .nullish()
      .transform((tags) => tags ?? []),
  }),
});

/**
 * Versions of prompts on an open-source server, where they ride on the model registry.
 *
 * @see spec/mlflow-rest.md §8.1
 */
export class Prompts implements PromptsPort {
  readonly #context: MlflowContext;

  constructor(context: MlflowContext) {
    this.#context = context;
  }

  /** Adds a version; makes the prompt when it is new. */
  async register(
    prompt: {
      readonly name: string;
      readonly template: string;
      readonly message?: string;
      readonly tags?: Readonly<Record<string, string>>;
    },
    options: CallOptions = {},
  ): Promise<PromptVersion> {
    await this.#ensure(prompt.name, options);
    const answer = await this.#context.http.request({
      ...options,
      method: 'POST',
      path: path`/api/2.0/mlflow/model-versions/create`,
      json: {
        name: prompt.name,
        source: 'prompt-template',
        ...(prompt.message === undefined ? {} : { description: prompt.message }),
        tags: toEntries({
          ...prompt.tags,
          [IS_PROMPT]: 'true',
          [TEXT]: prompt.template,
          _mlflow_prompt_type: 'text',
        }),
      },
      schema: versionSchema,
    });
    return { name: prompt.name, version: answer.model_version.version, template: prompt.template };
  }

  /** One version, or `null` when there is none. */
  async load(name: string, version: string, options: CallOptions = {}): Promise<PromptVersion | null> {
    const answer = await orNull(
      this.#context.http.request({
        ...options,
        method: 'GET',
        path: path`/api/2.0/mlflow/model-versions/get`,
        query: { name, version },
        schema: versionSchema,
      }),
    );
    return answer === null ? null : toPrompt(answer);
  }

  async setAlias(name: string, alias: string, version: string, options: CallOptions = {}): Promise<void> {
    const target = path`/api/2.0/mlflow/registered-models/alias`;
    await this.#context.http.request({
      ...options,
      method: 'POST',
      path: target,
      json: { name, alias, version },
      schema: anyAnswerSchema,
      retry: 'safe',
    });
  }

  /** The version that an alias names, or `null` when there is no such prompt or alias. */
  async loadByAlias(name: string, alias: string, options: CallOptions = {}): Promise<PromptVersion | null> {
    const answer = await orNull(
      this.#context.http.request({
        ...options,
        method: 'GET',
        path: path`/api/2.0/mlflow/registered-models/alias`,
        query: { name, alias },
        schema: versionSchema,
      }),
    );
    return answer === null ? null : toPrompt(answer);
  }

  async #ensure(name: string, options: CallOptions): Promise<void> {
    try {
      const target = path`/api/2.0/mlflow/registered-models/create`;
      await this.#context.http.request({
        ...options,
        method: 'POST',
        path: target,
        json: { name, tags: toEntries({ [IS_PROMPT]: 'true' }) },
        schema: anyAnswerSchema,
        retry: 'safe',
      });
    } catch (error) {
      // Exists already, which is all that is wanted.
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}

const toPrompt = ({
  model_version: { name, version, tags },
}: z.infer<typeof versionSchema>): PromptVersion => ({
  name,
  version,
  template: tags.find((tag) => tag.key === TEXT)?.value ?? '',
});
