import { counted } from '../core/index.ts';
import { isConverged } from './converged.ts';
import { planEveryLever } from './dry-run.ts';
import { escalated } from './escalated.ts';
import { runLeverLoop, type LoopEnd } from './lever-loop.ts';
import { whyKeysAreImplausible } from './preconditions.ts';
import type { Run } from './run.ts';
import { withWarnings } from './with-warnings.ts';

/** What follows the baseline: nothing, a plan, or the levers; nothing is learnt from implausible answer keys. */
export async function improve(run: Run): Promise<LoopEnd> {
  const { ctx, recorder, suite } = run;
  if (ctx.options.evaluateOnly === true) return { status: 'evaluated', reason: 'Measured only.' };
  warnOfP0(run);
  const implausible = whyKeysAreImplausible(suite);
  if (implausible !== null) {
    ctx.emit({ type: 'warning', code: 'IMPLAUSIBLE_ANSWER_KEYS', message: implausible });
    await recorder.update((session) => withWarnings(session, implausible));
    if (ctx.options.answerKeyCheck !== 'warn' && !isConverged(run)) {
      await recorder.update(() => ({
        next_lever: null,
        ...escalated(ctx.clock, 'implausible_answer_keys', implausible),
      }));
      return {
        status: 'stalled',
        reason: 'The answer keys do not seem to belong to their questions; nothing was changed.',
      };
    }
  }
  return ctx.options.dryRun === true ? planEveryLever(run) : runLeverLoop(run);
}

/** With `zero-failures` a change that leaves such a question wrong is never kept, whatever else it does. */
function warnOfP0({ ctx, accepted, suite }: Run): void {
  if (ctx.options.p0Mode !== 'zero-failures') return;
  const wrong = new Set(accepted.evaluation.failures);
  const ids = suite.questions
    .filter(({ id, priority }) => priority === 'P0' && wrong.has(id))
    .map(({ id }) => id);
  if (ids.length === 0) return;
  ctx.emit({
    type: 'warning',
    code: 'P0_BASELINE_FAILING',
    message: `${counted(ids.length, 'question')} of priority P0 fail as the space is: ${ids.join(', ')}. With p0Mode 'zero-failures' only a change that mends them all can be kept; 'never-regress' asks for less.`,
  });
}
