/** Prompts that the judges load, by key. @see spec/judges.md §6 */
export const JUDGE_PROMPT_KEYS = [
  'schema_accuracy',
  'logical_accuracy',
  'semantic_equivalence',
  'completeness',
  'arbiter',
] as const;
export type JudgePromptKey = (typeof JUDGE_PROMPT_KEYS)[number];

/** A template with `{{ inputs }}`, `{{ outputs }}` and `{{ expectations }}`; the form of the answer is added by code. */
export interface JudgePrompt {
  readonly key: JudgePromptKey;
  /** Version of the registry, or of the built-in text (`builtin-1`). */
  readonly version: string;
  readonly template: string;
}
