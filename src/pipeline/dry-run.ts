import { LEVERS } from '../levers/index.ts';
import type { LoopEnd } from './lever-loop.ts';
import { linesOf } from './plan-lines.ts';
import { planStep, proposalsFor } from './plan-step.ts';
import type { Run } from './run.ts';

/** Plans the first step of every lever from the baseline, and writes nothing to the workspace. */
export async function planEveryLever(run: Run): Promise<LoopEnd> {
  const { ctx, recorder } = run;
  for (const lever of LEVERS) {
    if (ctx.options.disabledLevers.includes(lever)) continue;
    const step = await planStep(run, lever, await proposalsFor(run, lever));
    if (!step.ok) {
      ctx.emit({ type: 'lever_skipped', lever, reason: step.reason, detail: step.detail });
      continue;
    }
    const { plan, patches } = step.selection;
    ctx.emit({ type: 'proposals_ready', lever, proposals: step.proposals, patches: linesOf(plan) });
    await recorder.update((session) => ({
      planned_steps: [
        ...session.planned_steps.filter((known) => known.lever !== lever),
        { lever, patches: patches.map((patch) => ({ ...patch })), changes: linesOf(plan) },
      ],
    }));
  }
  return { status: 'evaluated', reason: 'Planned only: the space was not touched.' };
}
