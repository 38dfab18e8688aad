import { OptimizerError } from '../../core/index.ts';
import { decisionFactsSchema, type Decision, type DecisionFacts } from '../../session/index.ts';
import { asksIn } from './evidence.ts';
import { judgeFacts, regressionsOf, type AcceptanceRule, type Ruling } from './judge-facts.ts';

/** A decision cannot be judged again: its record is of an older library or was made by an own handler. */
export class DecisionNotReplayableError extends OptimizerError {
  constructor(missing: string) {
    super(
      `This decision cannot be replayed: its record has no valid '${missing}'. Only decisions made by the built-in rules hold what is needed.`,
      { code: 'DECISION_NOT_REPLAYABLE', details: { missing } },
    );
  }
}

/** Where a decision stands among those of its run. */
export interface DecisionPlace {
  /** Candidates tested so far, this one included. */
  readonly candidate_index: number;
  readonly alpha_spending: string;
  /** Bound on the chance that the run has accepted any change that does not help, 0–1. */
  readonly familywise_bound: number;
}

/**
 * The record of a decision: facts, rule and ruling. It holds all that {@link replayDecision} needs.
 *
 * `regressions` lists judges that fell by more than `thresholdPp`; the rules that rest on fresh asks note
 * them without rejecting, since one unsteady question moves a judge by more.
 *
 * @see spec/acceptance.md §4
 */
export function decisionRecord(
  facts: DecisionFacts,
  rule: AcceptanceRule,
  thresholdPp: number,
  place?: DecisionPlace,
): Decision {
  const { decision, reason, p_value: p, e_value: e } = judgeFacts(facts, rule);
  return {
    ...facts,
    ...rule,
    ...place,
    regressions: regressionsOf(facts, thresholdPp).map((change) => ({ ...change })),
    asks_used: asksIn(facts.discordant),
    p_value: p,
    e_value: e,
    // What is undecided when the asking ends is not proven.
    decision: decision === 'undecided' ? 'rejected' : decision,
    reason: decision === 'undecided' ? `Not proven with the asks that could be made. ${reason}` : reason,
  };
}

/** A decision judged again, beside what was decided then. */
export interface Replay extends Ruling {
  readonly recorded: Decision['decision'];
  readonly agrees: boolean;
}

/**
 * Judges a recorded decision again, from its record alone.
 *
 * @param rule - another rule, to learn what it would have done; default: the rule of the record. A rule
 * that would have asked more than was asked comes out `undecided`.
 * @throws {DecisionNotReplayableError}
 */
export function replayDecision(record: Decision, rule: AcceptanceRule = ruleOf(record)): Replay {
  const facts = decisionFactsSchema.safeParse(record);
  if (!facts.success) {
    throw new DecisionNotReplayableError(facts.error.issues[0]?.path.join('.') ?? 'facts');
  }
  const ruling = judgeFacts(facts.data, rule);
  const settled = ruling.decision === 'undecided' ? 'rejected' : ruling.decision;
  return { ...ruling, recorded: record.decision, agrees: settled === record.decision };
}

/** The rule a decision was made by. @throws {DecisionNotReplayableError} */
export function ruleOf(record: Decision): AcceptanceRule {
  const number = (field: string): number => {
    const value = record[field];
    if (typeof value !== 'number') throw new DecisionNotReplayableError(field);
    return value;
  };
  const levels = () => ({ alpha: number('alpha'), alpha_regression: number('alpha_regression') });
  if (record.rule === 'paired') return { rule: 'paired', ...levels(), k: number('k') };
  if (record.rule === 'sequential')
    return { rule: 'sequential', ...levels(), max_rounds: number('max_rounds') };
  if (record.rule === 'threshold') {
    return { rule: 'threshold', regression_threshold_pp: number('regression_threshold_pp') };
  }
  throw new DecisionNotReplayableError('rule');
}
