import { correctKeys } from '../evaluation/index.ts';
import { applyKeys, confirmOnce, correctingWith, pastEvaluations, takeOver } from './apply-keys.ts';
import { announceKeys } from './remedy-keys.ts';
import { phaseOf, type Run } from './run.ts';

/**
 * At the end of a run: every answer key that the arbiter doubted in any evaluation, however few they are, and
 * whether so many were corrected that the suite should be looked at as a whole.
 *
 * Genie is not asked. A corrected key never looks like progress: first and last figure are both under it.
 *
 * @see decisions.md 11, spec/pipeline.md §6.11
 */
export async function correctAnswerKeys(run: Run): Promise<void> {
  const { ctx, recorder, suite } = run;
  const { corrections } = ctx.options;
  if (corrections === 'off' || ctx.options.evaluateOnly === true) return;
  const past = await pastEvaluations(run);
  const history = past.map(({ evaluation }) => evaluation);
  const found = await phaseOf(run, 'corrections', { history, questions: suite.questions }, (input) =>
    correctKeys(input.history, input.questions, {
      ...correctingWith(run),
      chatModel: ctx.options.chatModel,
      mode: corrections,
      confirm: confirmOnce(run),
      runId: ctx.session().session_id,
    }),
  );
  const keys = await applyKeys(run, found, past, null, 'final');
  await recorder.update(keys.keep);
  takeOver(run, keys);
  announceKeys(run, keys);
}
