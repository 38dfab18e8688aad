import type { DecisionFacts } from '../../session/index.ts';
import { judgeFirstLook, judgePaired, nextStep, type EvidenceRule, type Step } from './rules.ts';

/** The simple rule with its number. @see decisions 7 */
export interface ThresholdRule {
  readonly rule: 'threshold';
  /** Most that the pass rate of a judge may fall, percentage points. */
  readonly regression_threshold_pp: number;
}

export type AcceptanceRule = ThresholdRule | EvidenceRule;

/** What a rule says of the facts. */
export interface Ruling {
  /** `undecided`: the rule would have asked on. */
  readonly decision: 'accepted' | 'provisional' | 'rejected' | 'undecided';
  readonly reason: string;
  readonly p_value: number | null;
  readonly e_value: number | null;
}

/**
 * Judges the facts by a rule. Pure: the same facts and rule always give the same ruling.
 *
 * A change that turns no question either way, but brings failing answers closer to the key
 * (judges that said no say yes, none the other way), is `provisional`: a question that needs two
 * changes shows no gain after the first. It stays only if a later change builds on it and wins.
 *
 * @see spec/acceptance.md §2, spec/pipeline.md §6.7
 */
export function judgeFacts(facts: DecisionFacts, rule: AcceptanceRule): Ruling {
  const { wins, losses, verdicts_improved: closer } = facts;
  const rejected = (reason: string): Ruling => ({ ...NO_VALUES, decision: 'rejected', reason });
  if (!facts.comparable) {
    return rejected('The two evaluations asked different questions, so they cannot be compared.');
  }
  if (facts.questions_compared === 0) return rejected('No question could be evaluated on both sides.');
  if (facts.missing_judges.length > 0) {
    return rejected(
      `The evaluation is incomplete: no score of ${facts.missing_judges.join(', ')}, which scored before.`,
    );
  }
  const harm = rule.rule === 'threshold' ? harmOf(facts, rule) : null;
  if (harm !== null) return rejected(harm);
  if (wins.length === 0 && losses.length === 0 && closer > 0) {
    const reason = `No question turned, but ${closer} verdict${closer === 1 ? '' : 's'} improved; kept until a later change proves it.`;
    return { ...NO_VALUES, decision: 'provisional', reason };
  }
  if (rule.rule !== 'threshold') return rulingOf(stepOf(facts, rule));
  const delta = facts.delta_pp ?? 0;
  return delta > 0
    ? {
        ...NO_VALUES,
        decision: 'accepted',
        reason: `${wins.length} more right, ${losses.length} fewer: +${delta.toFixed(1)} points.`,
      }
    : rejected('No question improved.');
}

const NO_VALUES = { p_value: null, e_value: null } as const;

/** Why the simple rule refuses, or `null`. */
function harmOf(facts: DecisionFacts, rule: ThresholdRule): string | null {
  const [lost] = facts.lost_p0;
  if (lost !== undefined) return `P0 question ${lost} was right before and is wrong now.`;
  const delta = facts.delta_pp ?? 0;
  if (delta < 0) return `Accuracy fell by ${(-delta).toFixed(1)} points (${facts.losses.join(', ')}).`;
  const [worst] = regressionsOf(facts, rule.regression_threshold_pp).sort((a, b) => a.delta - b.delta);
  if (worst === undefined) return null;
  return `${worst.metric} fell by ${(-worst.delta).toFixed(1)} points, more than ${rule.regression_threshold_pp}.`;
}

/** Judges whose pass rate fell by more than the threshold. */
export const regressionsOf = (
  facts: Pick<DecisionFacts, 'judge_changes'>,
  thresholdPp: number,
): DecisionFacts['judge_changes'] =>
  facts.judge_changes.filter(({ previous, current }) => current < previous - thresholdPp);

/** The rule's next step. Where the incumbent could not be asked again, its recorded asks have to do. */
export function stepOf(facts: Pick<DecisionFacts, 'design' | 'discordant'>, rule: EvidenceRule): Step {
  const { discordant } = facts;
  if (facts.design !== 'pooled') return nextStep(rule, discordant);
  const first = judgeFirstLook('paired', discordant);
  if (first !== null) return first;
  const k = rule.rule === 'paired' ? rule.k : rule.max_rounds;
  const short = discordant.filter(({ candidate }) => candidate.n < k);
  if (short.length > 0) return { kind: 'ask', questionIds: short.map((question) => question.question_id) };
  return judgePaired(rule, discordant);
}

function rulingOf(step: Step): Ruling {
  if (step.kind === 'decided') {
    const { accepted, reason, p_value: p, e_value: e } = step;
    return { decision: accepted ? 'accepted' : 'rejected', reason, p_value: p, e_value: e };
  }
  return {
    ...NO_VALUES,
    decision: 'undecided',
    reason: `Would ask ${step.questionIds.join(', ')} again.`,
  };
}
