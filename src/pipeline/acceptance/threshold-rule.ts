import type { EvaluationResult } from '../../evaluation/index.ts';
import type { Decision } from '../../session/index.ts';
import { judgeChange, judgesOf, pairRows, verdictFlips, winsAndLosses } from './paired-rows.ts';

/**
 * The simple acceptance rule: more questions right than before, and no judge worse by more than the threshold.
 *
 * A change that turns no question either way, but brings failing answers closer to the key
 * (judges that said no say yes, none the other way), is `provisional`: a question that needs two
 * changes shows no gain after the first. It stays only if a later change builds on it and wins.
 *
 * @see spec/pipeline.md §6.7, decisions.md 6–7
 */
export function decideByThreshold(
  input: {
    readonly accepted: EvaluationResult;
    readonly tip: EvaluationResult;
    readonly candidate: EvaluationResult;
  },
  options: { readonly regressionThresholdPp: number },
): Decision {
  const pairs = pairRows(input.accepted.rows, input.candidate.rows);
  const { wins, losses } = winsAndLosses(pairs);
  const counted = pairs.filter(
    ({ before, after }) => before.correct !== null && after.correct !== null,
  ).length;
  const deltaPp = counted === 0 ? null : (100 * (wins.length - losses.length)) / counted;
  const regressions = judgesOf(pairs).flatMap((metric) => {
    const change = judgeChange(pairs, metric);
    if (change === null || change.current >= change.previous - options.regressionThresholdPp) return [];
    return [{ metric, ...change, delta: change.current - change.previous }];
  });
  const base = { rule: 'threshold', wins, losses, delta_pp: deltaPp, regressions };
  const reject = (reason: string): Decision => ({ ...base, decision: 'rejected', reason });

  if (input.candidate.benchmark_fingerprint !== input.accepted.benchmark_fingerprint) {
    return reject('The two evaluations asked different questions, so they cannot be compared.');
  }
  if (deltaPp === null) return reject('No question could be evaluated on both sides.');
  const lostP0 = pairs.filter(({ after }) => after.priority === 'P0' && losses.includes(after.question_id));
  if (lostP0.length > 0)
    return reject(`P0 question ${lostP0[0]?.after.question_id ?? ''} was right before and is wrong now.`);
  if (deltaPp < 0) return reject(`Accuracy fell by ${(-deltaPp).toFixed(1)} points (${losses.join(', ')}).`);
  if (regressions.length > 0) {
    const worst = regressions.reduce((a, b) => (b.delta < a.delta ? b : a));
    return reject(
      `${worst.metric} fell by ${(-worst.delta).toFixed(1)} points, more than ${options.regressionThresholdPp}.`,
    );
  }
  if (deltaPp > 0) {
    return {
      ...base,
      decision: 'accepted',
      reason: `${wins.length} more right, ${losses.length} fewer: +${deltaPp.toFixed(1)} points.`,
    };
  }
  const closer = judgeGains(input.tip, input.candidate);
  if (losses.length === 0 && closer > 0) {
    return {
      ...base,
      decision: 'provisional',
      reason: `No question turned, but ${closer} verdict${closer === 1 ? '' : 's'} improved; kept until a later change proves it.`,
    };
  }
  return reject('No question improved.');
}

/** Verdicts that turned from no to yes, minus those that turned from yes to no. */
function judgeGains(before: EvaluationResult, after: EvaluationResult): number {
  const pairs = pairRows(before.rows, after.rows);
  return judgesOf(pairs).reduce((sum, judge) => sum + verdictFlips(pairs, judge), 0);
}
