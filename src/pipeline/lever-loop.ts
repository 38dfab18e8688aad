import { allThresholdsMet } from '../evaluation/index.ts';
import type { Lever } from '../levers/index.ts';
import type { RunStatus } from '../session/index.ts';
import { runLadder, skip } from './lever-ladder.ts';
import { LAST_LEVER } from './position.ts';
import { restoreSpace } from './restore-space.ts';
import type { Run } from './run.ts';

export interface LoopEnd {
  readonly status: RunStatus;
  readonly reason: string;
}

/**
 * Sweeps over levers 1–5 until a sweep changes nothing or the budget is used, then lever 6.
 *
 * Starts where the session says, so a resumed run repeats no finished lever. A change that still
 * awaits its proof at the end is rolled back.
 */
export async function runLeverLoop(run: Run): Promise<LoopEnd> {
  const { ctx, recorder } = run;
  for (;;) {
    const { next_lever: lever, iterations_used: used, max_iterations: budget } = recorder.current();
    if (lever === null || budget === 0 || allThresholdsMet(run.accepted.evaluation.scores)) break;
    if (used >= budget && lever !== LAST_LEVER) {
      await recorder.update(() => ({ next_lever: LAST_LEVER, lever_attempts: 0 }));
    } else if (ctx.options.disabledLevers.includes(lever)) {
      await skip(run, lever as Lever, 'user_disabled', 'Switched off by disabledLevers.');
    } else {
      await runLadder(run, lever as Lever);
    }
  }
  await dropUnproven(run);
  return endOf(run);
}

/** Status and reason of a finished loop. @see spec/pipeline.md §7.3 */
function endOf(run: Run): LoopEnd {
  const {
    best_iteration: best,
    iterations_used: used,
    max_iterations: budget,
    ...session
  } = run.recorder.current();
  if (allThresholdsMet(run.accepted.evaluation.scores)) {
    const where = best === null || best === 0 ? 'at baseline' : `after iteration ${best}`;
    return { status: 'converged', reason: `All thresholds met ${where}.` };
  }
  if (used >= budget) return { status: 'max_iterations', reason: `Max iterations (${budget}) reached.` };
  const accuracy = session.best_overall_accuracy?.toFixed(1) ?? '–';
  return { status: 'stalled', reason: `Lever sweep exhausted. Best: ${accuracy}%` };
}

/** Takes back changes that brought answers closer but never turned a question. */
async function dropUnproven(run: Run): Promise<void> {
  const { recorder } = run;
  if (recorder.current().provisional_apply_logs.length === 0) return;
  const reason = 'No later change proved it.';
  const state = await restoreSpace(run, {
    toText: run.accepted.state.text,
    fromHash: run.tip.state.hash,
    statements: recorder.current().provisional_apply_logs.flatMap((log) => log.statements),
    reason,
  });
  run.tip = { ...run.accepted, state };
  await recorder.update((session) => ({
    provisional_apply_logs: [],
    iterations: session.iterations.map((entry) =>
      entry.outcome === 'provisional'
        ? { ...entry, accepted: false, outcome: 'rolled_back' as const }
        : entry,
    ),
  }));
}
