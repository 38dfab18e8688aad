import { readSpace } from '../apply/index.ts';
import { questionsInScope } from '../benchmarks/index.ts';
import { checkHeldOut } from './held-out.ts';
import { onlyMeasures } from './only-measures.ts';
import { phaseOf, readCatalog, type Run, type Standing } from './run.ts';
import { underWay } from './under-way.ts';

/**
 * The one moment held-out questions are asked: of the space as accepted, and as deployed where it was. After a
 * deployment that failed nobody can say what is in the space, and they stay unseen.
 *
 * @see spec/pipeline.md §5, §6.15
 */
export async function checkUnseen(run: Run): Promise<void> {
  const { ctx, recorder, suite } = run;
  const questions = questionsInScope(suite, 'held_out');
  const initialText = recorder.current().initial_config;
  if (onlyMeasures(ctx.options) || questions.length === 0) return;
  const { held_out_result: earlier, deploy_result: deployment } = recorder.current();
  if (initialText === null || earlier !== null) return;
  if (deployment !== undefined && deployment.status !== 'SUCCESS') return;
  const { state, catalog } = deployment === undefined ? run.accepted : await deployedSpace(run);
  await recorder.update((session) => ({
    next_lever: null,
    ...underWay(ctx, session, 'heldOut'),
  }));
  const { before, after, note } = await phaseOf(
    run,
    'heldOut',
    { questions, state, initialText, catalog },
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

/** What a deployment made of the space need not be what was accepted. */
async function deployedSpace({ ctx }: Run): Promise<Pick<Standing, 'state' | 'catalog'>> {
  const state = await readSpace(ctx.workspace.genie, ctx.spaceId, { signal: ctx.signal });
  return { state, catalog: await readCatalog(ctx, state.space) };
}
