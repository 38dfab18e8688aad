import { objectsOfKind } from './assets.ts';
import { defineJudge } from './define-judge.ts';
import type { Judge, JudgeInput, JudgeOutcome } from './judge.ts';
import { exclude, exclusionText, fail, pass } from './outcomes.ts';
import { objectIndex } from './structure/object-index.ts';

export interface AssetRoutingOptions {
  /** Lets another kind of asset pass where the results match. Default `false`. */
  readonly softRouting?: boolean;
}

/**
 * Whether Genie read the kind of asset that the question calls for: metric view, function or table.
 *
 * No SQL is the kind `NONE` and always wrong.
 *
 * @see spec/judges.md §3.2
 */
export const assetRoutingJudge = (options: AssetRoutingOptions = {}): Judge =>
  defineJudge({
    name: 'asset_routing',
    kind: 'code',
    targetPct: 95,
    judge: (input) => judgeRouting(input, options),
  });

function judgeRouting(input: JudgeInput, { softRouting = false }: AssetRoutingOptions): JudgeOutcome {
  const { expectedAsset, actualAsset, comparison } = input;
  // A question that could not be put to Genie, or an answer that never arrived, says nothing about routing.
  if (comparison.exclusion !== null && input.generatedSql === null)
    return exclude(comparison.exclusion, exclusionText(input));
  if (expectedAsset === actualAsset) return pass(`Reads ${actualAsset} as expected.`);
  if (softRouting && comparison.match === true)
    return pass(`Reads ${actualAsset} instead of ${expectedAsset}, with the same result.`);
  const index = objectIndex(input.space, input.catalog);
  const wanted = objectsOfKind(input.expectedFacts, expectedAsset, index);
  const used =
    input.generatedFacts === null
      ? []
      : [...new Set(input.generatedFacts.tables.map(({ name }) => index.find(name)?.key ?? name))];
  const known = wanted.filter((name) => index.find(name) !== null);
  return fail(
    `Reads ${actualAsset}${used.length > 0 ? ` (${used.join(', ')})` : ''} where ${expectedAsset} is expected.`,
    {
      failure_type: 'asset_routing_error',
      severity: 'major',
      confidence: 0.95,
      wrong_clause: 'FROM',
      blame_set: [`asset_routing:${expectedAsset}`, ...known],
      expected_value: expectedAsset,
      actual_value: actualAsset,
      counterfactual_fix: `Say in the description of ${known.join(', ') || expectedAsset} that such questions use it${used.length > 0 ? ` instead of “${used.join(', ')}”` : ', under “the words of the user”'}.`,
    },
  );
}
