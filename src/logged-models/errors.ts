import { OptimizerError } from '../core/index.ts';

/** A version of the space could not be recorded whole; it is marked as failed and must not be used. */
export class ModelVersionError extends OptimizerError {
  constructor(what: string, cause: unknown, details: Readonly<Record<string, unknown>> = {}) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      `${what}: ${why} Without it the run cannot be taken back to this state from MLflow; repeat the call, or set tracking to 'off'.`,
      { code: 'MODEL_VERSION', details, cause },
    );
  }
}

/** The evaluation run says that it evaluated other models than the one its scores are linked to. */
export class EvaluatedModelMismatchError extends OptimizerError {
  constructor(runId: string, modelId: string, evaluated: readonly string[]) {
    super(
      `Run ${runId} evaluated ${evaluated.join(', ')}, not ${modelId}; its scores were not linked. Pass the model that was evaluated.`,
      { code: 'EVALUATED_MODEL_MISMATCH', details: { runId, modelId, evaluated } },
    );
  }
}

/** The version must not be promoted: it was not accepted, or the space cannot be brought to it. */
export class ModelNotPromotableError extends OptimizerError {
  constructor(modelId: string, why: string) {
    super(`Model ${modelId} was not promoted: ${why}`, {
      code: 'MODEL_NOT_PROMOTABLE',
      details: { modelId },
    });
  }
}
