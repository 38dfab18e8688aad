import type { JudgePrompt, JudgePromptKey } from '../prompt.ts';
import { ARBITER_PROMPT } from './arbiter.ts';
import { COMPLETENESS_PROMPT } from './completeness.ts';
import { LOGICAL_ACCURACY_PROMPT } from './logical-accuracy.ts';
import { SCHEMA_ACCURACY_PROMPT } from './schema-accuracy.ts';
import { SEMANTIC_EQUIVALENCE_PROMPT } from './semantic-equivalence.ts';

/** The prompts that are used where no registry gives others. */
export const BUILT_IN_PROMPTS: Readonly<Record<JudgePromptKey, JudgePrompt>> = {
  schema_accuracy: SCHEMA_ACCURACY_PROMPT,
  logical_accuracy: LOGICAL_ACCURACY_PROMPT,
  semantic_equivalence: SEMANTIC_EQUIVALENCE_PROMPT,
  completeness: COMPLETENESS_PROMPT,
  arbiter: ARBITER_PROMPT,
};
