import { allThresholdsMet } from '../evaluation/index.ts';
import { planEveryLever } from './dry-run.ts';
import { runLeverLoop, type LoopEnd } from './lever-loop.ts';
import { whyKeysAreImplausible } from './preconditions.ts';
import type { Run } from './run.ts';

/** What follows the baseline: nothing, a plan, or the levers; nothing is learnt from implausible answer keys. */
export async function improve(run: Run): Promise<LoopEnd> {
  const { ctx, recorder, suite } = run;
  if (ctx.options.evaluateOnly === true) return { status: 'evaluated', reason: 'Measured only.' };
  const implausible = whyKeysAreImplausible(suite);
  if (implausible !== null) {
    ctx.emit({ type: 'warning', code: 'IMPLAUSIBLE_ANSWER_KEYS', message: implausible });
    await recorder.update((session) => ({ warnings: [...new Set([...session.warnings, implausible])] }));
    if (ctx.options.answerKeyCheck !== 'warn' && !allThresholdsMet(run.accepted.evaluation.scores)) {
      await recorder.update(() => ({
        next_lever: null,
        escalation: {
          code: 'implausible_answer_keys',
          detail: implausible,
          at: ctx.clock.now().toISOString(),
        },
      }));
      return {
        status: 'stalled',
        reason: 'The answer keys do not seem to belong to their questions; nothing was changed.',
      };
    }
  }
  return ctx.options.dryRun === true ? planEveryLever(run) : runLeverLoop(run);
}
