import { validateSpace } from '../../../spaces/index.ts';
import { defineScanCheck } from '../check.ts';

export const invalidSpace = defineScanCheck({
  id: 'invalid_space',
  severity: 'error',
  explains: 'The API would refuse the space as it is, or answer worse for it.',
  find: ({ space }) =>
    validateSpace(space)
      .filter(({ code }) => code !== 'NOT_SORTED')
      .map(({ severity, path, message }) => ({
        severity,
        where: [path === '' ? 'the whole space' : path],
        message,
        advice: 'Correct it before anything else: one such error refuses the next edit of the space.',
      })),
});
