import * as z from 'zod';
import { sampleQuestions, textOf, toTextLines } from '../../spaces/index.ts';
import { definePatch } from '../define-patch.ts';
import { questionKey } from '../example-edit.ts';
import { someText } from '../payload-schemas.ts';
import { changes, noop } from '../rendering.ts';
import { spaceEdit } from '../step.ts';
import { quote } from '../text-edit.ts';

/** Adds a question that the space shows to people who open it. */
export const addSampleQuestion = definePatch({
  type: 'add_sample_question',
  group: 'authoring',
  lever: 6,
  risk: 'low',
  scope: 'genie_config',
  schema: z.strictObject({ question: someText }),
  example: { question: 'How did sales develop this year?' },
  objectKey: (p) => `sample_question:${questionKey(p.question)}`,
  render(p, context) {
    const exists = sampleQuestions(context.space).some(
      (sample) => questionKey(textOf(sample.question)) === questionKey(p.question),
    );
    if (exists) return noop('already a sample question');
    const id = context.newId();
    return changes([
      spaceEdit(['config', 'sample_questions', { by: 'id', is: id }], undefined, {
        id,
        question: toTextLines(p.question.trim()),
      }),
    ]);
  },
  describe: (p) => `Show the sample question ${quote(p.question)}`,
});
