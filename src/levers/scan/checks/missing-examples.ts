import { exampleSqls, sqlFunctions } from '../../../spaces/index.ts';
import { defineScanCheck } from '../check.ts';

/** Fewer example queries than this teach little of how a business asks. */
const FEW_EXAMPLES = 5;

export const missingExamples = defineScanCheck({
  id: 'missing_examples',
  severity: 'warning',
  explains: 'The space has no or few example queries, from which Genie learns how questions become SQL.',
  find({ space }) {
    const count = exampleSqls(space).length;
    if (count >= FEW_EXAMPLES) return [];
    const trusted = sqlFunctions(space).length;
    return [
      {
        severity: count === 0 && trusted === 0 ? ('warning' as const) : ('info' as const),
        where: ['example queries'],
        message:
          count === 0 ? 'The space has no example query.' : `The space has only ${count} example queries.`,
        advice: 'Add examples for the questions whose SQL the metadata alone does not explain.',
      },
    ];
  },
});
