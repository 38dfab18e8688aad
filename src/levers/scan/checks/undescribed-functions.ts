import { parseComment } from '../../../patch-dsl/index.ts';
import { defineScanCheck } from '../check.ts';

/** @see spec/control-levers.md §2 */
export const undescribedFunctions = defineScanCheck({
  id: 'undescribed_functions',
  severity: 'warning',
  explains: 'A function does not say what it is for and how it is called; Genie reads both in its comment.',
  find: ({ schema, catalog }) =>
    catalog.functions.length === 0
      ? []
      : [...schema.functions.values()]
          .filter(({ inSpace }) => inSpace)
          .flatMap(({ name, comment, parameters }) => {
            const { preamble, sections } = parseComment(comment);
            const lacks = [
              ...(preamble === '' && sections.purpose === undefined ? ['PURPOSE'] : []),
              ...(sections.best_for === undefined ? ['BEST FOR'] : []),
              ...(parameters.length > 0 && sections.syntax === undefined ? ['SYNTAX'] : []),
            ];
            if (lacks.length === 0) return [];
            return [
              {
                severity: lacks.includes('PURPOSE') ? ('warning' as const) : ('info' as const),
                where: [name],
                message: `The comment of ${name} has no ${lacks.join(', no ')}.`,
                advice:
                  'Write these sections: what it is for, which questions it answers best, an example call.',
              },
            ];
          }),
});
