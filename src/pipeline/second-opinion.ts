import { messageOf } from '../core/index.ts';
import { questionsInScope } from '../benchmarks/index.ts';
import { agreementReport, type AgreementReport, type EvaluationResult } from '../evaluation/index.ts';
import type { Session } from '../session/index.ts';
import { configHashOf, type Run } from './run.ts';

/**
 * Lets another evaluator look at the state that was last accepted, and notes how far it agrees with the run's own.
 *
 * Called at the baseline and after the promotion; does nothing while the space itself is in another state. It sees no
 * held-out question and decides nothing; when it fails, the run goes on with a warning.
 *
 * @see decisions 8
 */
export async function askSecondOpinion(run: Run): Promise<void> {
  const { ctx, recorder, accepted, suite } = run;
  const { secondOpinion: evaluator } = ctx.options;
  const iteration = recorder.current().best_iteration ?? 0;
  const isKnown = recorder.current().second_opinions.some((opinion) => opinion.iteration === iteration);
  if (evaluator === undefined || isKnown || !isInSpace(run)) return;
  let second: EvaluationResult;
  try {
    second = await evaluator.evaluate({
      spaceId: ctx.spaceId,
      questions: questionsInScope(suite, 'full'),
      scope: 'full',
      iteration,
      space: accepted.state.space,
      catalog: accepted.catalog,
      configHash: configHashOf(accepted),
      signal: ctx.signal,
    });
  } catch (error) {
    if (ctx.signal?.aborted) throw error;
    const why = messageOf(error);
    ctx.emit({
      type: 'warning',
      code: 'SECOND_OPINION',
      message: `The second opinion of '${evaluator.name}' failed: ${why}`,
    });
    return;
  }
  const report = agreementReport(accepted.evaluation, second);
  await recorder.update((session) => ({
    second_opinions: [
      ...session.second_opinions,
      entryOf(report, { iteration, accuracy: second.overall_accuracy, at: ctx.clock.now().toISOString() }),
    ],
  }));
  const { confusion, both_decided: bothDecided, kappa } = report;
  ctx.emit({
    type: 'second_opinion',
    evaluator: evaluator.name,
    iteration,
    bothDecided,
    agreed: confusion.pass.pass + confusion.fail.fail,
    kappa,
  });
  if (bothDecided > 0) return;
  const [why] = second.rows.flatMap(({ exclusion }) => exclusion?.reason_detail ?? []);
  ctx.emit({
    type: 'warning',
    code: 'SECOND_OPINION',
    message: `'${evaluator.name}' decided no question that the run decided${why === undefined ? '' : `: ${why}`}`,
  });
}

/** Whether the space, and not only a copy of it, is as last accepted. */
function isInSpace({ recorder, accepted, tip }: Run): boolean {
  const { isolation, promotion, best_iteration: best } = recorder.current();
  if (isolation === 'live') return tip.state.hash === accepted.state.hash;
  return best === 0 || promotion?.state === 'verified';
}

const entryOf = (
  { confusion: { pass, fail, undecided }, ...report }: AgreementReport,
  facts: { readonly iteration: number; readonly accuracy: number | null; readonly at: string },
): Session['second_opinions'][number] => ({
  iteration: facts.iteration,
  at: facts.at,
  second_accuracy: facts.accuracy,
  ...report,
  confusion: { pass: { ...pass }, fail: { ...fail }, undecided: { ...undecided } },
  disagreements: report.disagreements.map((one) => ({ ...one })),
  unmatched: [...report.unmatched],
});
