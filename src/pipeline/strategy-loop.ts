import { questionsInScope } from '../benchmarks/index.ts';
import { LEVERS, STRATEGIES, type Lever, type Proposal, type Strategy } from '../levers/index.ts';
import { runLadder } from './lever-ladder.ts';
import { proposalsFor } from './plan-step.ts';
import type { Run } from './run.ts';

/** The strategy a run follows; `null`: the fixed order of the built-in loop. */
export function strategyOf({ ctx }: Pick<Run, 'ctx'>): Strategy | null {
  const { strategy = 'fixedOrder' } = ctx.options;
  if (typeof strategy !== 'string') return strategy;
  return strategy === 'fixedOrder' ? null : STRATEGIES[strategy];
}

/**
 * One step as a strategy wants it: all open levers propose, the strategy chooses, the ladder tries.
 *
 * A lever that was tried is closed until the sweep ends; a sweep that kept something is followed by another.
 *
 * @returns whether there is anything left to do
 */
export async function strategyStep(run: Run, strategy: Strategy): Promise<boolean> {
  const { ctx, recorder, tip } = run;
  const session = recorder.current();
  const closed = [...new Set([...session.closed_levers, ...ctx.options.disabledLevers])] as Lever[];
  const proposals: Proposal[] = [];
  for (const lever of LEVERS)
    if (!closed.includes(lever)) proposals.push(...(await proposalsFor(run, lever)));
  const step = strategy.next({
    proposals: proposals.sort((a, b) => b.net_impact - a.net_impact),
    closed,
    lastLever: (session.closed_levers.at(-1) ?? null) as Lever | null,
    questionsPerStep: Math.max(1, questionsInScope(run.suite, 'full').length),
    stepsLeft: session.max_iterations - session.iterations_used,
    snapshot: { space: tip.state.space, catalog: tip.catalog },
  });
  const [lever] = step?.levers ?? [];
  if (step === null || lever === undefined) {
    const goesOn = session.sweep_changed && session.iterations_used < session.max_iterations;
    await recorder.update(({ sweep }) => ({
      closed_levers: [],
      sweep_changed: false,
      ...(goesOn ? { sweep: sweep + 1 } : { next_lever: null }),
    }));
    return goesOn;
  }
  ctx.emit({ type: 'strategy_step', strategy: strategy.name, levers: step.levers, log: step.log });
  const before = recorder.current();
  const outcome = await runLadder(run, lever, step.proposals);
  const kept = outcome === 'accepted' || outcome === 'provisional' || outcome === 'inconclusive';
  await recorder.update(() => ({
    // The fixed order of the ladder does not apply here.
    sweep: before.sweep,
    next_lever: before.next_lever,
    lever_attempts: 0,
    sweep_changed: before.sweep_changed || kept,
    closed_levers:
      outcome === 'rejected_in_part' ? before.closed_levers : [...before.closed_levers, ...step.levers],
  }));
  return true;
}
