import { questionsInScope } from '../benchmarks/index.ts';
import { OptimizerError } from '../core/index.ts';
import { requeryCost } from '../evaluation/index.ts';
import { planBudget, type BudgetPlan } from './acceptance/budget.ts';
import type { EventListener } from './events.ts';
import { onlyMeasures } from './only-measures.ts';
import type { ResolvedOptions } from './options.ts';

/** What a whole run may cost at most, and what it can find out. */
export interface RunBudget {
  /** Questions put to Genie: baseline, candidates, fresh asks, the repeat at the end, held-out questions of both spaces. */
  readonly asks: number;
  /** At the rate limit; `null` where the workspace sets none. */
  readonly minutes: number | null;
  readonly startsPerMinute: number | null;
  /** Questions of a full evaluation. */
  readonly questions: number;
  /** Changes that may be tried; 0: the run only measures. */
  readonly candidates: number;
  /** Fewest repaired questions with which a change is accepted in 80 % of cases; `null`: none suffices, or none is tried. */
  readonly smallestEffect: BudgetPlan['smallest_effect'];
}

/** The run would take longer than `maxMinutes`, and nobody said that it may; nothing was asked or written. */
export class BudgetError extends OptimizerError {
  constructor(budget: RunBudget, maxMinutes: number | null, problem: string) {
    super(
      `The run may ask ${budget.asks} questions${budget.minutes === null ? '' : ` and take ${Math.ceil(budget.minutes)} minutes`}${maxMinutes === null ? '' : `, with maxMinutes ${maxMinutes}`}: ${problem}`,
      { code: 'BUDGET', details: { ...budget, maxMinutes } },
    );
  }
}

/** Conversation starts a minute that a workspace allows unless something else was agreed. */
const USUAL_STARTS_PER_MINUTE = 5;

type BudgetOptions = Pick<
  ResolvedOptions,
  | 'benchmarks'
  | 'acceptance'
  | 'acceptanceK'
  | 'maxIterations'
  | 'alpha'
  | 'evaluateOnly'
  | 'dryRun'
  | 'finalRepeatability'
  | 'workspace'
>;

/** The budget of a run from its options; `null` when it has no question to ask yet. Takes up to seconds for 200 questions. */
export function runBudget(options: BudgetOptions): RunBudget | null {
  const questions = questionsInScope(options.benchmarks, 'full').length;
  if (questions === 0) return null;
  const { startsPerMinute = USUAL_STARTS_PER_MINUTE } = options.workspace;
  const candidates = onlyMeasures(options) ? 0 : options.maxIterations;
  const plan =
    candidates === 0
      ? { asks: questions, smallest_effect: null }
      : planBudget({
          questions,
          candidates,
          acceptance: options.acceptance,
          k: options.acceptanceK,
          ...(options.alpha === undefined ? {} : { alpha: options.alpha }),
        });
  const repeats = options.finalRepeatability === false ? 0 : requeryCost(questions).asks;
  const heldOut = 2 * questionsInScope(options.benchmarks, 'held_out').length;
  const asks = plan.asks + (candidates === 0 ? 0 : repeats + heldOut);
  return {
    asks,
    minutes: startsPerMinute === null ? null : asks / startsPerMinute,
    startsPerMinute,
    questions,
    candidates,
    smallestEffect: plan.smallest_effect,
  };
}

/**
 * Tells what a run will cost, where the options ask for it, and stops one that nobody wants.
 *
 * @throws {BudgetError}
 */
export async function agreeOnBudget(options: ResolvedOptions, emit: EventListener): Promise<void> {
  const { maxMinutes = null, confirmBudget } = options;
  if (maxMinutes === null && confirmBudget === undefined) return;
  const budget = runBudget(options);
  if (budget === null) return;
  emit({ type: 'budget_planned', budget });
  if (maxMinutes !== null && (budget.minutes ?? 0) <= maxMinutes) return;
  if (confirmBudget === undefined)
    throw new BudgetError(
      budget,
      maxMinutes,
      'raise maxMinutes, lower maxIterations, or pass confirmBudget to be asked.',
    );
  if (!(await confirmBudget(budget))) throw new BudgetError(budget, maxMinutes, 'it was not confirmed.');
}
