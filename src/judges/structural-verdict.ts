import type { AsiInput } from '../asi/index.ts';
import type { JudgeInput, JudgeOutcome } from './judge.ts';
import { exclude, exclusionText, fail, pass, skip } from './outcomes.ts';
import type { Aspect, Difference } from './structure/difference.ts';
import type { FindDifferences } from './structure/find-differences.ts';

/**
 * What a structural judge says about its side of an answer.
 *
 * The result is the stronger evidence: where results match, differences of the text are no failure.
 * Where they differ, the judge says no only to a difference of its own kind.
 */
export function structuralVerdict(aspect: Aspect, input: JudgeInput, find: FindDifferences): JudgeOutcome {
  const { comparison, expectedFacts, generatedFacts } = input;
  if (comparison.exclusion !== null) return exclude(comparison.exclusion, exclusionText(input));
  if (input.generatedSql === null) return skip('no_sql', 'Genie gave no SQL; the syntax judge counts that.');
  if (comparison.match === true) return pass(`Results match (${comparison.matchType}).`);
  const unparsed = [expectedFacts, generatedFacts].find(
    (facts) => facts === null || facts.engine === 'lexical',
  );
  if (unparsed !== undefined)
    return skip('unparsed', `A statement could not be parsed: ${unparsed?.degradedReason ?? 'no facts'}.`);
  if (input.expectedAsset !== input.actualAsset) {
    return skip(
      'not_applicable',
      `${input.actualAsset} against ${input.expectedAsset}: the routing judge decides.`,
    );
  }
  const own = find(input).filter((difference) => difference.aspects[aspect] !== undefined);
  const [first] = own;
  if (first === undefined) return pass('No difference of this kind.');
  const label = first.aspects[aspect] ?? first.label;
  const alike = own.filter(
    (difference) => difference.aspects[aspect] === label && difference.clause === first.clause,
  );
  return fail(rationaleOf(own), asiOf(label, alike, input));
}

const rationaleOf = (differences: readonly Difference[]): string =>
  `Genie's statement ${differences.map(({ description }) => description).join('; ')}.`;

/** One complaint of all differences of the same kind in the same clause. */
export function asiOf(
  label: string,
  differences: readonly Difference[],
  input: Pick<JudgeInput, 'comparison'>,
): AsiInput {
  const [first] = differences;
  const separator =
    first?.clause === 'WHERE' || first?.clause === 'HAVING' || first?.clause === 'JOIN' ? ' AND ' : ', ';
  const joined = (values: readonly (string | null)[]): string | null => {
    const present = values.filter((value) => value !== null && value !== '');
    return present.length === 0 ? null : present.join(separator);
  };
  const certain = first?.weight === 'certain';
  return {
    failure_type: label,
    severity: 'major',
    // The comparison is evidence that something is wrong; without it only the texts speak.
    confidence: (certain ? 0.95 : 0.6) * (input.comparison.match === false ? 1 : 0.7),
    wrong_clause: first?.clause ?? null,
    blame_set: differences.flatMap(({ blame }) => blame),
    expected_value: joined(differences.map(({ expected }) => expected)),
    actual_value: joined(differences.map(({ actual }) => actual)),
    counterfactual_fix: differences.map(({ fix }) => fix).join(' '),
    missing_metadata: joined(differences.map(({ missingMetadata }) => missingMetadata ?? null)),
  };
}
