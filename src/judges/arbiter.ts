import { defineJudge } from './define-judge.ts';
import { buildAsi } from '../asi/index.ts';
import type { Judge, JudgeInput, JudgeOutcome } from './judge.ts';
import { exclusionText, skip } from './outcomes.ts';
import { differenceFinder, type FindDifferences } from './structure/find-differences.ts';

/**
 * Who is right where results differ, as far as that can be decided without a model.
 *
 * A statement of Genie's that fails leaves the answer key right. Rows that differ only in a tie at
 * the cut of a LIMIT, under statements that say the same, are both right. Everything else needs a
 * model: `skipped: no_model`.
 *
 * @see spec/judges.md §4.3
 */
export const arbiterJudge = (find: FindDifferences = differenceFinder()): Judge =>
  defineJudge({ name: 'arbiter', kind: 'code', targetPct: null, judge: (input) => arbitrate(input, find) });

function arbitrate(input: JudgeInput, find: FindDifferences): JudgeOutcome {
  const { comparison } = input;
  if (comparison.match === true) return skip('results_match', 'Results match: nothing to arbitrate.');
  if (comparison.exclusion !== null || comparison.error?.side === 'expected')
    return skip('not_applicable', exclusionText(input));
  if (comparison.error?.side === 'actual' || input.generatedSql === null) {
    const message = comparison.error?.message ?? 'Genie gave no SQL.';
    return {
      status: 'verdict',
      value: 'ground_truth_correct',
      rationale: message,
      asi: buildAsi({
        failure_type: 'other',
        severity: 'major',
        confidence: 0.85,
        actual_value: message.slice(0, 100),
      }),
    };
  }
  const parsed = input.expectedFacts.engine === 'ast' && input.generatedFacts?.engine === 'ast';
  if (comparison.matchType === 'tied_limit' && parsed && find(input).length === 0) {
    return {
      status: 'verdict',
      value: 'both_correct',
      rationale: 'The rows differ only where the order ties at the LIMIT.',
      asi: null,
    };
  }
  return skip('no_model', 'The results differ and no model was given to arbitrate.');
}
