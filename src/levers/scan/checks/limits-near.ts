import { limitUse, SPACE_LIMITS } from '../../../spaces/index.ts';
import { defineScanCheck } from '../check.ts';

/** A limit counts as near from this share of it. */
const NEAR = 0.8;

export const limitsNear = defineScanCheck({
  id: 'limits_near',
  severity: 'warning',
  explains: 'The space uses four fifths or more of something that Genie limits.',
  find: ({ space }) =>
    limitUse(space).flatMap(({ name, count, path }) => {
      const limit = SPACE_LIMITS[name];
      // One text instruction of one is how a space should be; beyond a limit `invalid_space` reports.
      if (limit.max === 1 || count < NEAR * limit.max || count > limit.max) return [];
      return [
        {
          where: [path === '' ? 'the whole space' : path],
          message: `The space uses ${count} of ${limit.max} ${limit.what} (${limit.source}).`,
          advice: 'Merge or remove what earns its place least before adding more.',
        },
      ];
    }),
});
