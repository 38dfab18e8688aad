import { runStatements, undoStatements } from '../apply/index.ts';
import type { RoundVerdict } from './acceptance/evidence.ts';
import { askMaker, type StoredAsk } from './ask-ledger.ts';
import { configHashOf, type Run, type Standing } from './run.ts';

export type Arm = 'incumbent' | 'candidate';

/** Whether an ask was made for this comparison, of this question. */
export const isOf = (ask: StoredAsk, comparison: string, questionId: string): boolean =>
  ask.comparison === comparison && ask.question_id === questionId;

/** The rounds of one question, in order. */
export function roundsOf(asks: readonly StoredAsk[], comparison: string, questionId: string): RoundVerdict[] {
  const rounds = new Map<number, { incumbent: boolean | null; candidate: boolean | null }>();
  for (const ask of asks) {
    if (!isOf(ask, comparison, questionId) || ask.round === null || ask.arm === null) continue;
    const round = rounds.get(ask.round) ?? { incumbent: null, candidate: null };
    rounds.set(ask.round, {
      ...round,
      [ask.arm]: ask.verdict === 'excluded' ? null : ask.verdict === 'pass',
    });
  }
  return [...rounds].sort(([a], [b]) => a - b).map(([, round]) => round);
}

/** Asks some questions of one arm once more, outside any evaluation; each ask goes into the ledger. */
export async function askArm(
  run: Run,
  standing: Pick<Standing, 'state' | 'catalog'>,
  request: {
    readonly arm: Arm;
    readonly round: number;
    readonly iteration: number;
    readonly comparison: string;
    readonly questionIds: readonly string[];
  },
): Promise<void> {
  const { ctx, place, suite } = run;
  const { arm, round, iteration, comparison, questionIds } = request;
  const wanted = new Set(questionIds);
  const configHash = configHashOf(standing);
  const askOf = askMaker(configHash, suite.questions);
  try {
    await ctx.evaluator.evaluate({
      spaceId: arm === 'incumbent' ? (place.incumbentId ?? ctx.spaceId) : place.candidateId,
      questions: suite.questions.filter((question) => wanted.has(question.id)),
      scope: 'full',
      iteration,
      space: standing.state.space,
      catalog: standing.catalog,
      configHash,
      signal: ctx.signal,
      onRow: (row) => ctx.asks.add({ ...askOf(row), comparison, arm, round }),
    });
  } finally {
    await ctx.asks.flush();
  }
}

/** Brings Unity Catalog into the state of an arm; nothing to do for changes of the space alone. */
export function catalogSwitch(run: Run): (arm: Arm) => Promise<void> {
  const { ctx, recorder } = run;
  const session = recorder.current();
  const plans = [
    ...session.provisional_apply_logs,
    ...(session.current_apply_log ? [session.current_apply_log] : []),
  ].flatMap(({ plan }) => (plan.statements.length === 0 ? [] : [plan]));
  let current: Arm = 'candidate';
  return async (arm) => {
    if (arm === current || plans.length === 0) return;
    if (arm === 'incumbent') await undoStatements(ctx.workspace, plans);
    else await runStatements(ctx.workspace, plans);
    current = arm;
    if (ctx.options.propagationMs > 0) {
      await ctx.clock.sleep(ctx.options.propagationMs, { signal: ctx.signal });
    }
  };
}
