import type { Draft, Generator } from './draft.ts';
import { lacksShape } from './sibling-example.ts';

/**
 * Makes examples of failed train questions, where that is allowed.
 *
 * An example teaches one shape of statement well and its neighbours a little, so its confidence is
 * below that of metadata.
 * @see decisions.md 12
 */
export const proposeExamples: Generator = ({ rows, allowTrainExamples }) =>
  allowTrainExamples
    ? rows
        .filter((row) => row.failed && (row.lacking.size > 0 || lacksShape(row)))
        .map(({ row }): Draft => ({
          failure_type: 'missing_instruction',
          question_ids: [row.question_id],
          changes: [{ type: 'add_example_sql', question: row.question, sql: row.expected_sql }],
          reason: 'an example shows the whole shape of the statement',
          confidence: 0.5,
        }))
    : [];
