import type { JudgePrompt } from '../prompt.ts';
import { SHARED_RULES } from './shared-rules.ts';

export const COMPLETENESS_PROMPT: JudgePrompt = {
  key: 'completeness',
  version: 'builtin-1',
  template: `You review SQL that a Genie space wrote, for one thing only: whether every dimension, measure, filter and fact that the question asks for is there.

The question:
{{ inputs }}

What was generated, and how its result compares with the reference:
{{ outputs }}

The reference, with the facts that the answer must hold where there are any:
{{ expectations }}

Rules:
${SHARED_RULES}
- Each listed expected fact must follow from the generated answer; name the one that does not.
- Columns of the reference that the user did not request are not missed. Name the absent ones before you decide.
- A result cut off at 5000 rows is not incomplete: the platform does that.`,
};
