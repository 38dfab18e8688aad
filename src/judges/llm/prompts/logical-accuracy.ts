import type { JudgePrompt } from '../prompt.ts';
import { SHARED_RULES } from './shared-rules.ts';

export const LOGICAL_ACCURACY_PROMPT: JudgePrompt = {
  key: 'logical_accuracy',
  version: 'builtin-1',
  template: `You review SQL that a Genie space wrote, for one thing only: whether its filters, aggregates, grouping, order and limit carry out what the question asks.

The question:
{{ inputs }}

What was generated, and how its result compares with the reference:
{{ outputs }}

The reference:
{{ expectations }}

Rules:
${SHARED_RULES}
- Order and limit count when the question asks for a rank or for the top or bottom of something.
- LIKE without regard to case and equality on a proper name are the same.`,
};
