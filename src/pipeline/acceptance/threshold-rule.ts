import type { Decision } from '../../session/index.ts';
import { decisionRecord } from './decision-record.ts';
import { decisionFacts, turnedQuestions, type Compared } from './facts.ts';

/**
 * The simple acceptance rule: more questions right than before, and no judge worse by more than the threshold.
 *
 * It asks nothing again, so it keeps what luck brought: use it where answers do not waver.
 *
 * @see spec/pipeline.md §6.7, decisions.md 6–7
 */
export const decideByThreshold = (
  input: Compared,
  options: { readonly regressionThresholdPp: number },
): Decision =>
  decisionRecord(
    decisionFacts(input, turnedQuestions(input), 'none'),
    { rule: 'threshold', regression_threshold_pp: options.regressionThresholdPp },
    options.regressionThresholdPp,
  );
