import type { JudgePrompt } from '../prompt.ts';
import { SHARED_RULES } from './shared-rules.ts';

export const SCHEMA_ACCURACY_PROMPT: JudgePrompt = {
  key: 'schema_accuracy',
  version: 'builtin-1',
  template: `You review SQL that a Genie space wrote, for one thing only: whether it reads the right tables, columns and joins for the question.

The question:
{{ inputs }}

What was generated, and how its result compares with the reference:
{{ outputs }}

The reference:
{{ expectations }}

Rules:
${SHARED_RULES}
- Filters, aggregates, grouping and order are not your business.
- When a join is wrong, name both tables and the condition that is right.`,
};
