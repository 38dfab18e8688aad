import { correctKeys } from '../evaluation/index.ts';
import { applyKeys, confirmOnce, correctingWith, pastEvaluations, type KeysInForce } from './apply-keys.ts';
import type { ArbiterTriage } from './phases/arbiter-triage.ts';
import { phaseOf, type Run, type Standing } from './run.ts';

/**
 * Corrects answer keys right after the evaluation that doubts them, before anything is compared under them.
 *
 * Three keys or more must look wrong in this one evaluation; fewer are left to the end of the run. A question of
 * which neither side was right three times in a row goes into quarantine. The last accepted evaluation is scored
 * again under the new keys without asking Genie, so both sides of the comparison that follows have the same keys.
 *
 * Nothing of it is in the session yet: `keep` goes into the save that records the evaluation.
 *
 * @see decisions.md 11, spec/pipeline.md §6.11, spec/evaluation.md §12.3
 */
export async function remedyKeys(
  run: Run,
  candidate: Standing,
  { actions, correction_needed: isNeeded }: ArbiterTriage,
  lever: number | null,
): Promise<KeysInForce> {
  const { ctx, recorder, suite, accepted, tip } = run;
  const { corrections } = ctx.options;
  const isDoubtful = isNeeded || actions.some(({ verdict }) => verdict === 'neither_correct');
  if (corrections === 'off' || ctx.options.evaluateOnly === true || !isDoubtful)
    return { suite, accepted, tip, candidate, keep: () => ({}), corrected: [], refreshAdvised: false };
  const past = await pastEvaluations(run);
  const { tracking, session_id: sessionId } = recorder.current();
  const found = await phaseOf(
    run,
    'gtRemediation',
    {
      history: [...past.map(({ evaluation }) => evaluation), candidate.evaluation],
      questions: suite.questions,
      only: isNeeded
        ? actions.filter(({ verdict }) => verdict === 'genie_correct').map(({ question_id: id }) => id)
        : [],
    },
    (input) =>
      correctKeys(input.history, input.questions, {
        ...correctingWith(run),
        only: input.only,
        mode: corrections,
        confirm: confirmOnce(run),
        runId: tracking?.evaluation_runs[String(candidate.evaluation.iteration)] ?? sessionId,
      }),
    lever,
  );
  return applyKeys(run, found, past, candidate, String(candidate.evaluation.iteration));
}

/** Tells that keys were corrected, once that is on disk. */
export function announceKeys({ ctx }: Pick<Run, 'ctx'>, { corrected, refreshAdvised }: KeysInForce): void {
  if (corrected.length > 0) ctx.emit({ type: 'keys_corrected', questionIds: corrected, refreshAdvised });
}
