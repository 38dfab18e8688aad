import * as z from 'zod';
import { extractJson, OptimizerError } from '../../core/index.ts';
import type { CallOptions, ChatModel, Clock } from '../../ports/index.ts';
import type { Credentials } from '../auth/index.ts';
import { type ApiPath, BadRequestError, HttpClient, path, PathSegments } from '../http/index.ts';

/** A model answered twice with something that holds no JSON. */
export class ChatAnswerError extends OptimizerError {
  constructor(model: string, answer: string) {
    super(
      `Model ${model} gave no JSON, also when asked again. Use a model that supports structured output. Its answer began: ${answer.slice(0, 200)}`,
      { code: 'CHAT_ANSWER_UNREADABLE', retryable: true, details: { model } },
    );
  }
}

export interface ChatOptions {
  readonly maxTokens?: number | undefined;
  /** Default 0: verdicts should not waver. `null` leaves it out, for models that refuse it. */
  readonly temperature?: number | null | undefined;
  readonly timeoutMs?: number | undefined;
}

/** @see spec/databricks-apis.md §7 */
export const CHAT_DEFAULTS = { maxTokens: 4096, temperature: 0, timeoutMs: 120_000 } as const;

/** A model behind a serving endpoint of a workspace. */
export const servingChatModel = (
  options: ChatOptions & { readonly http: HttpClient; readonly endpoint: string },
): ChatModel =>
  new HttpChatModel(
    options.endpoint,
    null,
    options.http,
    path`/serving-endpoints/${options.endpoint}/invocations`,
    options,
  );

/**
 * A model behind any endpoint that speaks the OpenAI chat protocol.
 *
 * @param options.baseUrl - up to and without `/chat/completions`: `http://127.0.0.1:11434/v1`
 */
export function openAiChatModel(
  options: ChatOptions & {
    readonly baseUrl: string;
    readonly model: string;
    readonly apiKey?: string | undefined;
    readonly clock?: Clock;
  },
): ChatModel {
  const url = new URL(options.baseUrl);
  const { apiKey } = options;
  const credentials: Credentials = {
    type: apiKey === undefined ? 'none' : 'pat',
    source: "option 'apiKey'",
    remedy: 'Pass a valid apiKey.',
    authorization: () => Promise.resolve(apiKey === undefined ? null : `Bearer ${apiKey}`),
  };
  const http = new HttpClient({
    host: url.origin,
    credentials,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  const target = path`/${new PathSegments(`${url.pathname}/chat/completions`)}`;
  return new HttpChatModel(options.model, options.model, http, target, options);
}

const partSchema = z.looseObject({ type: z.string().nullish(), text: z.string().nullish() });

const answerSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        message: z.looseObject({ content: z.union([z.string(), z.array(partSchema)]).nullish() }),
      }),
    )
    .min(1),
});

interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

class HttpChatModel implements ChatModel {
  readonly name: string;
  readonly #model: string | null;
  readonly #http: HttpClient;
  readonly #target: ApiPath;
  readonly #options: ChatOptions;

  constructor(name: string, model: string | null, http: HttpClient, target: ApiPath, options: ChatOptions) {
    this.name = name;
    this.#model = model;
    this.#http = http;
    this.#target = target;
    this.#options = options;
  }

  async generateJson(prompt: string, jsonSchema: unknown, options: CallOptions = {}): Promise<unknown> {
    const question: Message = { role: 'user', content: prompt };
    const first = await this.#structured([question], jsonSchema, options);
    const value = extractJson(first);
    if (value !== undefined) return value;
    const repair: Message = { role: 'user', content: `That was no JSON. ${jsonOnly(jsonSchema)}` };
    const second = await this.#structured(
      [question, { role: 'assistant', content: first }, repair],
      jsonSchema,
      options,
    );
    const repaired = extractJson(second);
    if (repaired === undefined) throw new ChatAnswerError(this.name, second);
    return repaired;
  }

  /** Asks for output by schema; where the endpoint cannot do that, by words. */
  async #structured(
    messages: readonly Message[],
    jsonSchema: unknown,
    options: CallOptions,
  ): Promise<string> {
    const format = { type: 'json_schema', json_schema: { name: 'answer', schema: jsonSchema, strict: true } };
    try {
      return await this.#complete(messages, { response_format: format }, options);
    } catch (error) {
      if (
        !(error instanceof BadRequestError) ||
        !/response_format|json_schema|schema|structured/i.test(error.facts.serverMessage)
      )
        throw error;
      return this.#complete([...messages, { role: 'user', content: jsonOnly(jsonSchema) }], {}, options);
    }
  }

  async #complete(messages: readonly Message[], more: object, options: CallOptions): Promise<string> {
    const temperature =
      this.#options.temperature === undefined ? CHAT_DEFAULTS.temperature : this.#options.temperature;
    const answer = await this.#http.request({
      ...options,
      method: 'POST',
      path: this.#target,
      json: {
        ...(this.#model === null ? {} : { model: this.#model }),
        messages,
        max_tokens: this.#options.maxTokens ?? CHAT_DEFAULTS.maxTokens,
        ...(temperature === null ? {} : { temperature }),
        ...more,
      },
      schema: answerSchema,
      timeoutMs: this.#options.timeoutMs ?? CHAT_DEFAULTS.timeoutMs,
      // Asking a model twice costs tokens and changes nothing.
      retry: 'safe',
    });
    const content = answer.choices[0]?.message.content ?? '';
    // Reasoning models send parts; only those of type text are the answer.
    return typeof content === 'string'
      ? content
      : content.map((part) => (part.type === 'text' ? (part.text ?? '') : '')).join('');
  }
}

const jsonOnly = (jsonSchema: unknown): string =>
  `Answer with nothing but JSON that satisfies this JSON schema: ${JSON.stringify(jsonSchema)}`;
