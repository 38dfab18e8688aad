import type { Random } from '../../core/index.ts';
import { freshEvidence, withRound, type QuestionEvidence } from './evidence.ts';
import { nextStep, type EvidenceRule } from './rules.ts';

/** A made-up space and change. Chances are 0–1, by question. */
export interface SimulatedChange {
  readonly incumbent: readonly number[];
  readonly candidate: readonly number[];
}

/** Questions of acceptance tests: some unsteady, the others always right or always wrong. */
export interface SimulatedSpace {
  readonly questions: number;
  /** Share of questions answered rightly half of the time, 0–1. */
  readonly unsteadyShare: number;
  /** Share of the steady questions that are answered wrongly, 0–1. */
  readonly failingShare: number;
  /** Chance of a right answer to a repaired question, 0–1. */
  readonly repairedTo: number;
}

/** The setting of the power table. @see spec/acceptance.md §1 */
export const TABLE_SETTING: SimulatedSpace = {
  questions: 30,
  unsteadyShare: 0.25,
  failingShare: 0.5,
  repairedTo: 0.9,
};

/** A space of the setting, and a change that repairs `repaired` of its failing questions. */
export function changeOf(setting: SimulatedSpace, repaired: number): SimulatedChange {
  const { questions, unsteadyShare, failingShare, repairedTo } = setting;
  const unsteady = Math.round(questions * unsteadyShare);
  const failing = Math.max(repaired, Math.round((questions - unsteady) * failingShare));
  // The repaired questions are the first of those that always fail.
  const incumbent = Array.from({ length: questions }, (_, index) =>
    index < failing ? 0 : index < questions - unsteady ? 1 : 0.5,
  );
  return { incumbent, candidate: incumbent.map((p, index) => (index < repaired ? repairedTo : p)) };
}

/** What one simulated decision came to. */
export interface SimulatedDecision {
  readonly accepted: boolean;
  /** Questions asked: one evaluation of the candidate and all fresh asks. */
  readonly asks: number;
}

/** How the fresh asks of the two arms lie in time. */
export interface AskDesign {
  /** `interleaved`: both arms in every round; `one-after-the-other`: all asks of the candidate, then all of the incumbent. */
  readonly order: 'interleaved' | 'one-after-the-other';
  /** Added to every chance between 0 and 1 after so many rounds of asking. */
  readonly drift: (round: number) => number;
}

const STEADY: AskDesign = { order: 'interleaved', drift: () => 0 };

/** The rule without proof: one evaluation each, keep what scores higher. */
export type OneRunRule = { readonly rule: 'one-run' };

/** One decision by a rule over a simulated change. @param last - the incumbent's last evaluation; drawn when absent */
export function simulateDecision(
  rule: EvidenceRule | OneRunRule,
  change: SimulatedChange,
  random: Random,
  options: { readonly last?: readonly boolean[]; readonly design?: AskDesign } = {},
): SimulatedDecision {
  const { order, drift } = options.design ?? STEADY;
  const ask = (chances: readonly number[], index: number, round: number): boolean => {
    const chance = chances[index] ?? 0;
    return random() < (chance > 0 && chance < 1 ? chance + drift(round) : chance);
  };
  const before = options.last ?? evaluateOnce(change.incumbent, random);
  let evidence: QuestionEvidence[] = before.flatMap((was, index) => {
    const is = ask(change.candidate, index, 0);
    return was === is ? [] : [freshEvidence(String(index), is ? 'win' : 'loss')];
  });
  let asks = before.length;
  if (rule.rule === 'one-run') {
    const gain = evidence.reduce((sum, { turned }) => sum + (turned === 'win' ? 1 : -1), 0);
    return { accepted: gain > 0, asks };
  }
  for (let round = 0; ; round++) {
    const step = nextStep(rule, evidence);
    if (step.kind === 'decided') return { accepted: step.accepted, asks };
    const chosen = new Set(step.questionIds);
    asks += 2 * chosen.size;
    const late = order === 'interleaved' ? round : round + LATE_ROUNDS;
    evidence = evidence.map((question) => {
      if (!chosen.has(question.question_id)) return question;
      const index = Number(question.question_id);
      return withRound(question, {
        candidate: ask(change.candidate, index, round),
        incumbent: ask(change.incumbent, index, late),
      });
    });
  }
}

/** Rounds that pass before the second arm's turn when the arms are asked one after the other. */
const LATE_ROUNDS = 6;

/** One evaluation: every question once. */
export const evaluateOnce = (chances: readonly number[], random: Random): boolean[] =>
  chances.map((chance) => random() < chance);

/** Shares over many simulated decisions. */
export interface SimulationResult {
  /** Share of changes that were accepted, 0–1. */
  readonly accepted: number;
  readonly meanAsks: number;
  /** Standard error of `accepted`. */
  readonly error: number;
}

/**
 * How often a rule accepts a change that repairs `repaired` questions; 0 is a change that does nothing.
 *
 * The same seed gives the same numbers.
 */
export function simulateRule(
  rule: EvidenceRule | OneRunRule,
  options: {
    readonly setting?: SimulatedSpace;
    readonly repaired: number;
    readonly runs: number;
    readonly random: Random;
    readonly design?: AskDesign;
  },
): SimulationResult {
  const { setting = TABLE_SETTING, repaired, runs, random, design } = options;
  let accepted = 0;
  let asks = 0;
  for (let run = 0; run < runs; run++) {
    const change = changeOf(setting, repaired);
    const decision = simulateDecision(rule, change, random, design ? { design } : {});
    accepted += Number(decision.accepted);
    asks += decision.asks;
  }
  const share = accepted / runs;
  return { accepted: share, meanAsks: asks / runs, error: Math.sqrt((share * (1 - share)) / runs) };
}
