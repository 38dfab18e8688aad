import { messageOf, OptimizerError } from '../core/index.ts';
import { escalated } from './escalated.ts';
import { giveUp } from './give-up.ts';
import type { PhaseInput } from './phases.ts';
import type { LadderOutcome } from './position.ts';
import { phaseOf, type Run } from './run.ts';
import type { Trying } from './trying.ts';

/** A state of the space has no version in MLflow, where it must have one. */
export class ModelMissingError extends OptimizerError {
  constructor(iteration: number, cause?: unknown) {
    const why = cause instanceof Error ? ` ${cause.message}` : '';
    super(
      `No version of the space could be recorded for iteration ${iteration}.${why} Mend MLflow and run again, or set allowMissingModel: true to go on without.`,
      { code: 'MODEL_MISSING', details: { iteration }, cause },
    );
  }
}

/**
 * Records a state as a version before it is evaluated.
 *
 * A run whose first state could not be recorded goes on without versions, unless `allowMissingModel` is `false`.
 * Once there is a version, every later state needs one: the next versions hang on it, and a change that cannot be
 * taken back is restored from it.
 *
 * @throws {ModelMissingError}
 * @see spec/pipeline.md §6.6, step 2.8
 */
export async function snapshot(
  run: Pick<Run, 'ctx' | 'recorder'>,
  input: PhaseInput<'snapshot'>,
  lever: number | null = null,
): Promise<void> {
  const { ctx, recorder } = run;
  const { allowMissingModel: isAllowed } = ctx.options;
  const isChained = recorder.current().tracking?.models['0'] !== undefined;
  const { modelId } = await phaseOf(
    run,
    'snapshot',
    input,
    async (given) => ({ modelId: await ctx.tracking.recordState(given) }),
    lever,
  );
  if (modelId !== null || isAllowed === true) return;
  if (isChained || isAllowed === false) throw new ModelMissingError(input.iteration);
}

/** Escalation of a run that stopped because a state had no version. */
export const MODEL_MISSING = 'model_missing';

/**
 * Takes a change back that has no version, and ends the search: what was accepted so far stands.
 *
 * @throws the error itself when it is not only that there is no version, or when `allowMissingModel` is `false`
 */
export async function stopWithoutVersion(run: Run, trying: Trying, error: unknown): Promise<LadderOutcome> {
  const { ctx, recorder } = run;
  const detail = messageOf(error);
  const outcome = await giveUp(run, trying, { stage: 'snapshot', reason: 'model_missing', detail });
  if (!(error instanceof ModelMissingError) || ctx.options.allowMissingModel === false) throw error;
  await recorder.update(() => escalated(ctx.clock, MODEL_MISSING, detail));
  ctx.emit({ type: 'warning', code: 'MODEL_MISSING', message: detail });
  return outcome;
}
