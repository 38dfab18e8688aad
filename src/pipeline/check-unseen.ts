import { questionsInScope } from '../benchmarks/index.ts';
import { checkHeldOut } from './held-out.ts';
import { phaseOf, type Run } from './run.ts';

/** The one moment held-out questions are asked. */
export async function checkUnseen(run: Run): Promise<void> {
  const { ctx, recorder, suite } = run;
  const questions = questionsInScope(suite, 'held_out');
  const initialText = recorder.current().initial_config;
  const onlyMeasures = ctx.options.evaluateOnly === true || ctx.options.dryRun === true;
  if (onlyMeasures || questions.length === 0) return;
  if (initialText === null || recorder.current().held_out_result !== null) return;
  await recorder.update((session) => ({
    next_lever: null,
    pending: {
      phase: 'heldOut',
      lever: null,
      sweep: session.sweep,
      started_at: ctx.clock.now().toISOString(),
    },
  }));
  const { before, after, note } = await phaseOf(
    run,
    'heldOut',
    { questions, state: run.accepted.state, initialText, catalog: run.accepted.catalog },
    (input) => checkHeldOut(ctx, input),
  );
  const best = recorder.current().best_overall_accuracy;
  const gapPp = best === null || after.overall_accuracy === null ? null : best - after.overall_accuracy;
  if (gapPp !== null && gapPp > ctx.options.heldOutMaxGapPp) {
    ctx.emit({
      type: 'warning',
      code: 'OVERFITTING_SUSPECTED',
      message: `Held-out accuracy is ${gapPp.toFixed(1)} points below the accuracy on the questions the run has seen.`,
    });
  }
  await recorder.update(() => ({
    pending: null,
    held_out_result: {
      before_accuracy: before?.overall_accuracy ?? null,
      after_accuracy: after.overall_accuracy,
      total_questions: after.total_questions,
      gap_pp: gapPp,
      failures: [...after.failures],
      note,
    },
  }));
}
