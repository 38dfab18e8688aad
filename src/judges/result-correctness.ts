import { counted } from '../core/index.ts';
import type { AsiInput } from '../asi/index.ts';
import { defineJudge } from './define-judge.ts';
import { classifyGenieError } from './error-class.ts';
import type { Judge, JudgeInput, JudgeOutcome } from './judge.ts';
import { exclude, exclusionText, fail, pass } from './outcomes.ts';
import { asiOf } from './structural-verdict.ts';
import { differenceFinder, type FindDifferences } from './structure/find-differences.ts';

/**
 * Whether Genie's result is the answer key's result.
 *
 * The reason comes from the texts where they were parsed, else from the shape of the difference;
 * it never claims a cause it has not seen.
 *
 * @see spec/judges.md §3.3
 */
export const resultCorrectnessJudge = (find: FindDifferences = differenceFinder()): Judge =>
  defineJudge({
    name: 'result_correctness',
    kind: 'code',
    targetPct: 85,
    judge: (input) => judgeResult(input, find),
  });

function judgeResult(input: JudgeInput, find: FindDifferences): JudgeOutcome {
  const { comparison } = input;
  if (comparison.exclusion !== null) return exclude(comparison.exclusion, exclusionText(input));
  if (comparison.error?.side === 'expected') return exclude('ground_truth_failed', comparison.error.message);
  if (comparison.match === true) {
    return pass(
      `${comparison.matchType}: ${comparison.actualRows ?? 0} rows, ${comparison.actualHash?.slice(0, 8) ?? 'not hashed'}.`,
    );
  }
  if (input.generatedSql === null) {
    return fail('There is no result: Genie gave no SQL.', {
      failure_type: 'other',
      failure_type_raw: 'no_sql',
      severity: 'major',
      confidence: 0.7,
    });
  }
  if (comparison.error !== null) {
    const { label, clause, exclusion } = classifyGenieError(
      comparison.error.errorClass,
      comparison.error.message,
    );
    if (exclusion !== null) return exclude(exclusion, comparison.error.message);
    return fail(comparison.error.message, {
      failure_type: label,
      severity: 'major',
      confidence: 0.7,
      wrong_clause: clause,
      actual_value: comparison.error.message.slice(0, 100),
    });
  }
  if (comparison.match === null)
    return exclude('genie_result_unavailable', 'The results could not be compared.');
  return fail(rationaleOf(input), asiFor(input, find));
}

function rationaleOf({ comparison }: JudgeInput): string {
  const [actual, expected] = [comparison.actualRows ?? 0, comparison.expectedRows ?? 0];
  const rows =
    actual === expected
      ? `${counted(actual, 'row')} as in the answer key, with other values`
      : `${counted(actual, 'row')} instead of ${expected}`;
  const first = comparison.diff?.firstDifference ?? null;
  return `${comparison.matchType}: ${rows}${first === null ? '' : `; ${first}`}`;
}

function asiFor(input: JudgeInput, find: FindDifferences): AsiInput {
  const shape = {
    expected_value: `rows=${input.comparison.expectedRows ?? 0}, hash=${input.comparison.expectedHash?.slice(0, 8) ?? ''}`,
    actual_value: `rows=${input.comparison.actualRows ?? 0}, hash=${input.comparison.actualHash?.slice(0, 8) ?? ''}`,
  };
  const comparable = input.expectedAsset === input.actualAsset && input.comparison.matchType !== 'tied_limit';
  const [first] = comparable ? find(input) : [];
  if (first !== undefined) {
    return { ...asiOf(first.label, [first], input), ...shape, counterfactual_fix: first.fix };
  }
  return { ...shape, ...shapeType(input), severity: 'major' };
}

/** The cause as far as the shape of the results shows it. */
function shapeType({
  comparison,
  expectedAsset,
  actualAsset,
}: JudgeInput): Pick<AsiInput, 'failure_type' | 'confidence'> {
  if (comparison.matchType === 'tied_limit') return { failure_type: 'other', confidence: 0.3 };
  if (expectedAsset !== actualAsset) return { failure_type: 'asset_routing_error', confidence: 0.5 };
  if (comparison.matchType === 'column_subset' || (comparison.diff?.missingColumns.length ?? 0) > 0)
    return { failure_type: 'missing_column', confidence: 0.5 };
  return { failure_type: 'other', confidence: 0.4 };
}
