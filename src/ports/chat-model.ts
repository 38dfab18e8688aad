import type { CallOptions } from './call-options.ts';

/** Any chat model that can answer in JSON; adapters turn endpoints into this. */
export interface ChatModel {
  readonly name: string;
  /** Answers `prompt` with a JSON value that should satisfy `jsonSchema`; the caller validates. */
  generateJson(prompt: string, jsonSchema: unknown, options?: CallOptions): Promise<unknown>;
}
