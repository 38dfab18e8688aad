/** A prompt with its versions, or a registered model, which shares the names. */
export interface PromptEntry {
  readonly name: string;
  readonly description: string | null;
  readonly createdAt: number;
  readonly tags: Map<string, string>;
  readonly versions: PromptVersionEntry[];
  readonly aliases: Map<string, string>;
}

/** Versions are numbered from 1; the text of a prompt is in the tag {@link PROMPT_TEXT}. */
export interface PromptVersionEntry {
  readonly version: string;
  readonly description: string | null;
  readonly source: string;
  readonly createdAt: number;
  readonly tags: Map<string, string>;
}

export const PROMPT_TEXT = 'mlflow.prompt.text';
