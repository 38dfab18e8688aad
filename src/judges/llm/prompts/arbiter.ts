import type { JudgePrompt } from '../prompt.ts';

export const ARBITER_PROMPT: JudgePrompt = {
  key: 'arbiter',
  version: 'builtin-1',
  template: `Two SQL queries answer the same question with different results. Decide on your own which of them answers it. Neither has the benefit of the doubt: reference answers can be wrong, and the question alone decides.

The question:
{{ inputs }}

The generated query, the comparison, and the first rows of both results:
{{ outputs }}

The reference query and the instructions of the space:
{{ expectations }}

Verdicts:
- genie_correct: the generated query answers the question and the reference does not.
- ground_truth_correct: the reference answers the question and the generated query does not.
- both_correct: both answer the question; it can be read in two ways, or they differ in what does not matter.
- neither_correct: neither answers the question.

Rules:
- Not a difference: aliases, formatting, extra columns, an order of rows that nobody asked for.
- Filters that the instructions of the space demand are right, also where the other query lacks them.
- For "which" and "list" questions each thing is wanted once.
- Words such as "last month" refer to the day given as "today".
- A reference that returns no rows may be stale or too strict; say so.
- Results are cut off at 5000 rows.`,
};
