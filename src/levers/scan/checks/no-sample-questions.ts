import { sampleQuestions } from '../../../spaces/index.ts';
import { defineScanCheck } from '../check.ts';

export const noSampleQuestions = defineScanCheck({
  id: 'no_sample_questions',
  severity: 'info',
  explains: 'The space shows no sample question, so newcomers do not know what they can ask.',
  find: ({ space }) =>
    sampleQuestions(space).length > 0
      ? []
      : [
          {
            where: ['config.sample_questions'],
            message: 'The space has no sample question.',
            advice: 'Add three or four that people ask often and that are answered well.',
          },
        ],
});
