import type { Decision, LeverSkipReason } from '../session/index.ts';
import { alphaFor, familywiseBound } from './acceptance/alpha-spending.ts';
import { decisionRecord } from './acceptance/decision-record.ts';
import { decisionFacts, turnedQuestions } from './acceptance/facts.ts';
import { judgeFacts } from './acceptance/judge-facts.ts';
import { ACCEPTANCE_DEFAULTS, type EvidenceRule } from './acceptance/rules.ts';
import { decideByThreshold } from './acceptance/threshold-rule.ts';
import { gatherEvidence } from './gather-evidence.ts';
import type { RegressionInput } from './phases.ts';
import type { Run, Standing } from './run.ts';

/** Attempts at lever 6, which come on top of the budget of levers 1–5. */
const LAST_LEVER_ATTEMPTS = 2;

/**
 * The default of the `regressionCheck` phase: asks again what the acceptance rule wants asked, and decides.
 *
 * @param candidate - the state under judgement; the evaluations of `input` may be an override's
 */
export async function decideCandidate(
  run: Run,
  candidate: Standing,
  input: RegressionInput,
  lever: number,
): Promise<Decision> {
  const { options } = run.ctx;
  if (options.acceptance === 'threshold') return decideByThreshold(input, options);
  const session = run.recorder.current();
  const index = session.iterations.filter((iteration) => iteration.lever > 0).length + 1;
  const alpha =
    options.alpha ??
    (options.acceptance === 'paired' ? ACCEPTANCE_DEFAULTS.alpha : ACCEPTANCE_DEFAULTS.sequentialAlpha);
  const most = session.max_iterations + LAST_LEVER_ATTEMPTS;
  const rule = ruleOf(options, alphaFor(options.alphaSpending, alpha, { index, most }));
  const place = {
    candidate_index: index,
    alpha_spending: options.alphaSpending,
    familywise_bound: familywiseBound(options.alphaSpending, alpha, index),
  };
  const atFirstSight = decisionFacts(input, turnedQuestions(input), 'none');
  if (judgeFacts(atFirstSight, rule).decision !== 'undecided') {
    return decisionRecord(atFirstSight, rule, options.regressionThresholdPp, place);
  }
  const { design, evidence } = await gatherEvidence(run, candidate, input, rule, lever);
  return decisionRecord(decisionFacts(input, evidence, design), rule, options.regressionThresholdPp, place);
}

function ruleOf(options: Run['ctx']['options'], alpha: number): EvidenceRule {
  const levels = { alpha, alpha_regression: options.alphaRegression };
  return options.acceptance === 'sequential'
    ? { rule: 'sequential', ...levels, max_rounds: options.maxRounds }
    : { rule: 'paired', ...levels, k: options.acceptanceK };
}

/** Why nothing was kept of a rejected candidate, in the words of the audit. */
export function skipReasonOf(decision: Decision): LeverSkipReason {
  const isProofMissing =
    decision.rule !== 'threshold' &&
    decision.wins.length > 0 &&
    typeof decision.p_value === 'number' &&
    decision.p_value > (decision['alpha'] as number);
  if (isProofMissing) return 'not_proven';
  return decision.losses.length + decision.regressions.length > 0 ? 'regression_detected' : 'no_improvement';
}
