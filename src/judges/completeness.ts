import { defineJudge } from './define-judge.ts';
import type { Judge, JudgeInput, JudgeOutcome } from './judge.ts';
import { checkExpectedFacts } from './expected-facts.ts';
import { fail, pass } from './outcomes.ts';
import { structuralVerdict } from './structural-verdict.ts';
import { differenceFinder, type FindDifferences } from './structure/find-differences.ts';

/**
 * Whether every column, row and listed fact that the question asks for is there.
 *
 * @param find - shared with the other structural judges of a suite, so that statements are compared once
 * @see spec/judges.md §4.2
 */
export const completenessJudge = (find: FindDifferences = differenceFinder()): Judge =>
  defineJudge({
    name: 'completeness',
    kind: 'code',
    targetPct: 90,
    judge: (input) =>
      heldFacts(coveredRows(structuralVerdict('completeness', input, onlyLosses(find)), input), input),
  });

/** A filter too many leaves rows out only where rows are in fact missing. */
const onlyLosses =
  (find: FindDifferences): FindDifferences =>
  (input) => {
    const rowDelta = (input as JudgeInput).comparison.diff?.rowDelta ?? 0;
    return find(input).filter(({ aspects }) => aspects.completeness !== 'extra_filter' || rowDelta < 0);
  };

/** Columns that the results lack although the texts show no difference of this kind. */
function coveredRows(outcome: JudgeOutcome, input: JudgeInput): JudgeOutcome {
  const optional = new Set(input.benchmark.optional_columns.map((name) => name.toLowerCase()));
  const missing = (input.comparison.diff?.missingColumns ?? []).filter(
    (name) => !optional.has(name.toLowerCase()),
  );
  const fewer = (input.comparison.diff?.extraColumns.length ?? 0) < missing.length;
  if (outcome.status !== 'scored' || outcome.value === 'no' || input.comparison.match !== false || !fewer)
    return outcome;
  return fail(`The answer lacks ${missing.join(', ')}.`, {
    failure_type: 'missing_column',
    severity: 'major',
    confidence: 0.8,
    wrong_clause: 'SELECT',
    expected_value: missing.join(', '),
    counterfactual_fix: `Say in the instructions that such answers show “${missing.join(', ')}”.`,
  });
}

/** Expected facts that a wrong result lacks for sure; where results match, the answer key speaks for them. */
function heldFacts(outcome: JudgeOutcome, input: JudgeInput): JudgeOutcome {
  if (outcome.status !== 'scored' || outcome.value === 'no' || input.comparison.match !== false)
    return outcome;
  const { missing, unchecked } = checkExpectedFacts(input);
  if (missing.length > 0) {
    return fail(`The answer lacks what is expected of it: ${missing.join('; ')}.`, {
      failure_type: 'partial_answer',
      severity: 'major',
      confidence: 0.7,
      wrong_clause: 'SELECT',
      expected_value: missing.join('; '),
      counterfactual_fix: `Say in the instructions that such answers hold “${missing.join('; ')}”.`,
    });
  }
  return unchecked.length === 0
    ? outcome
    : pass(`${outcome.rationale} Not checked without a model: ${unchecked.join('; ')}.`);
}
