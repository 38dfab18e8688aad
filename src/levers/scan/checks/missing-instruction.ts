import { instructionText } from '../../../spaces/index.ts';
import { defineScanCheck } from '../check.ts';

export const missingInstruction = defineScanCheck({
  id: 'missing_instruction',
  severity: 'info',
  explains:
    'The space has no general instruction: rules that hold for every question are nowhere written down.',
  find: ({ space }) =>
    instructionText(space).trim() === ''
      ? [
          {
            where: ['general instruction'],
            message: 'The space has no general instruction.',
            advice: 'Write down conventions of the business: fiscal year, currency, what counts as active.',
          },
        ]
      : [],
});
