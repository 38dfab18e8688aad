import { defineScanCheck, type CheckFinding } from '../check.ts';
import { contradict } from './conditions.ts';
import { definitionsOf, type Definition } from './statements.ts';

/** One term, two meanings: in instructions, descriptions and snippets. */
export const conflictingDefinitions = defineScanCheck({
  id: 'conflicting_definitions',
  severity: 'error',
  explains:
    'One business term is given two meanings that exclude each other; Genie follows either, by chance.',
  isLint: true,
  find({ space, statements }) {
    const byTerm = Map.groupBy(definitionsOf(space, statements), ({ key }) => key);
    return [...byTerm.values()].flatMap(contradictions);
  },
});

function contradictions(definitions: readonly Definition[]): CheckFinding[] {
  for (const [at, first] of definitions.entries()) {
    const other = definitions.slice(at + 1).find((later) => contradict(first.meaning, later.meaning));
    if (other === undefined) continue;
    return [
      {
        where: [first.where, other.where],
        message: `'${first.term}' means ${first.meaning} in ${first.where}, but ${other.meaning} in ${other.where}.`,
        advice: 'Keep the meaning that the business uses and remove the other one.',
      },
    ];
  }
  return [];
}
