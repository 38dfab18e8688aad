import type { JudgePrompt } from '../prompt.ts';
import { SHARED_RULES } from './shared-rules.ts';

export const SEMANTIC_EQUIVALENCE_PROMPT: JudgePrompt = {
  key: 'semantic_equivalence',
  version: 'builtin-1',
  template: `You review SQL that a Genie space wrote, for one thing only: whether it measures the same business quantity, at the same grain and over the same rows, as the question means, however differently it is written.

The question:
{{ inputs }}

What was generated, and how its result compares with the reference:
{{ outputs }}

The reference:
{{ expectations }}

Rules:
${SHARED_RULES}
- LIKE without regard to case and equality on a proper name are the same.
- Where the generated query shows fewer columns than the reference, name the absent ones and ask whether the user requested them.`,
};
