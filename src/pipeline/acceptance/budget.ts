import { InvalidOptionError, seededRandom } from '../../core/index.ts';
import { ACCEPTANCE_DEFAULTS, type EvidenceRule } from './rules.ts';
import { simulateRule, TABLE_SETTING, type OneRunRule, type SimulatedSpace } from './simulate.ts';

export interface BudgetQuestion {
  /** Questions of a full evaluation: train and validation. */
  readonly questions: number;
  /** Changes that will be tried. */
  readonly candidates: number;
  /** Fresh asks per arm and question of the paired rule; default {@link ACCEPTANCE_DEFAULTS}. */
  readonly k?: number | undefined;
  readonly alpha?: number | undefined;
  /** Conversation starts the workspace allows per minute; 5 unless agreed otherwise. */
  readonly starts_per_minute?: number | undefined;
  /** Time of judging one answer, milliseconds; judging runs beside asking. Default 0. */
  readonly judge_ms?: number | undefined;
  /** Calls of a chat model for one answer; 0 with structural judges. */
  readonly model_calls_per_answer?: number | undefined;
  readonly acceptance?: 'paired' | 'sequential' | 'threshold' | undefined;
  /** Share of questions that waver, 0–1; default that of the power table. */
  readonly unsteady_share?: number | undefined;
}

/** What a run will cost, and what it can find out. */
export interface BudgetPlan {
  /** Questions put to Genie: baseline, one evaluation per candidate, fresh asks on average. */
  readonly asks: number;
  /** At the rate limit, or at the pace of judging where that is slower. */
  readonly minutes: number;
  readonly model_calls: number;
  /** Fewest repaired questions that one candidate needs to be accepted in 80 % of cases; `null`: none suffices. */
  readonly smallest_effect: {
    readonly questions: number;
    readonly pp: number;
    readonly power: number;
  } | null;
  /** Chance that a change that does nothing is accepted, 0–1. */
  readonly false_accept_share: number;
}

const POWER = 0.8;
const RUNS = 600;
const DEFAULT_STARTS_PER_MINUTE = 5;

/**
 * Asks, minutes and model calls of a run, and the smallest effect it can detect, before anything runs.
 *
 * The last comes from a seeded simulation of the setting, so equal questions get equal answers; shares
 * have a standard error of about 2 points.
 *
 * @throws {InvalidOptionError}
 * @see spec/acceptance.md §6
 */
export function planBudget(question: BudgetQuestion): BudgetPlan {
  const { questions, candidates } = question;
  const startsPerMinute = question.starts_per_minute ?? DEFAULT_STARTS_PER_MINUTE;
  const judgeMs = question.judge_ms ?? 0;
  check({ questions, candidates, starts_per_minute: startsPerMinute, judge_ms: judgeMs });
  const setting: SimulatedSpace = {
    ...TABLE_SETTING,
    questions,
    unsteadyShare: question.unsteady_share ?? TABLE_SETTING.unsteadyShare,
  };
  const rule = ruleFor(question);
  const simulated = (repaired: number) =>
    simulateRule(rule, {
      setting,
      repaired,
      runs: RUNS,
      random: seededRandom(`budget ${questions} ${repaired}`),
    });
  const nothing = simulated(0);
  // A candidate that helps is asked about longest, so the plan holds for candidates of either kind.
  const effect = smallestEffect(setting, simulated);
  const perCandidate = Math.max(nothing.meanAsks, effect?.meanAsks ?? 0);
  const asks = Math.ceil(questions + candidates * perCandidate);
  return {
    asks,
    minutes: Math.max(asks / startsPerMinute, (asks * judgeMs) / 60_000),
    model_calls: asks * (question.model_calls_per_answer ?? 0),
    smallest_effect:
      effect === null
        ? null
        : { questions: effect.questions, pp: (100 * effect.questions) / questions, power: effect.power },
    false_accept_share: nothing.accepted,
  };
}

function ruleFor({ acceptance = 'paired', alpha, k }: BudgetQuestion): EvidenceRule | OneRunRule {
  const { alphaRegression, maxRounds, sequentialAlpha } = ACCEPTANCE_DEFAULTS;
  // As far as a simulation of verdicts can tell: the simple rule keeps any net gain.
  if (acceptance === 'threshold') return { rule: 'one-run' };
  if (acceptance === 'sequential') {
    return {
      rule: 'sequential',
      alpha: alpha ?? sequentialAlpha,
      alpha_regression: alphaRegression,
      max_rounds: maxRounds,
    };
  }
  return {
    rule: 'paired',
    alpha: alpha ?? ACCEPTANCE_DEFAULTS.alpha,
    alpha_regression: alphaRegression,
    k: k ?? ACCEPTANCE_DEFAULTS.k,
  };
}

function smallestEffect(
  setting: SimulatedSpace,
  simulated: (repaired: number) => { readonly accepted: number; readonly meanAsks: number },
): { readonly questions: number; readonly power: number; readonly meanAsks: number } | null {
  const most = Math.floor(setting.questions * (1 - setting.unsteadyShare));
  for (let repaired = 1; repaired <= most; repaired++) {
    const { accepted: power, meanAsks } = simulated(repaired);
    if (power >= POWER) return { questions: repaired, power, meanAsks };
  }
  return null;
}

function check(numbers: Readonly<Record<string, number>>): void {
  const least: Readonly<Record<string, number>> = { questions: 1, candidates: 0, judge_ms: 0 };
  for (const [name, value] of Object.entries(numbers)) {
    const low = least[name] ?? Number.MIN_VALUE;
    if (!(Number.isFinite(value) && value >= low)) {
      throw new InvalidOptionError(
        name,
        `must be ${name in least ? `at least ${low}` : 'above 0'}, got ${value}`,
      );
    }
  }
}
