import * as z from 'zod';
import { sampleQuestions, textOf } from '../../spaces/index.ts';
import { definePatch } from '../define-patch.ts';
import { questionKey } from '../example-edit.ts';
import { someText } from '../payload-schemas.ts';
import { changes, noop } from '../rendering.ts';
import { spaceEdit } from '../step.ts';
import { quote } from '../text-edit.ts';

/** Removes a sample question; all of them that read so. */
export const removeSampleQuestion = definePatch({
  type: 'remove_sample_question',
  group: 'authoring',
  lever: 6,
  risk: 'medium',
  scope: 'genie_config',
  phase: 'remove',
  schema: z.strictObject({ question: someText }),
  example: { question: 'What were sales last month?' },
  objectKey: (p) => `sample_question:${questionKey(p.question)}`,
  render(p, context) {
    const found = sampleQuestions(context.space).filter(
      (sample) => questionKey(textOf(sample.question)) === questionKey(p.question),
    );
    if (found.length === 0) return noop('no such sample question');
    return changes(
      found.map((sample) =>
        spaceEdit(['config', 'sample_questions', { by: 'id', is: sample.id }], sample, undefined),
      ),
    );
  },
  describe: (p) => `Stop showing the sample question ${quote(p.question)}`,
});
