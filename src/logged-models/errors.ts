import { messageOf, OptimizerError } from '../core/index.ts';

/** A version of the space could not be recorded whole; it is marked as failed and must not be used. */
export class ModelVersionError extends OptimizerError {
  constructor(what: string, cause: unknown, details: Readonly<Record<string, unknown>> = {}) {
    const why = messageOf(cause);
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

/** Traces were to be kept in Unity Catalog, and cannot be. */
export class UcTracesUnavailableError extends OptimizerError {
  constructor(why: string, cause?: unknown) {
    super(
      `Traces of this run are to be kept in Unity Catalog, and cannot be: ${why} Nothing was asked. Mend it, or leave requireUcTraces out to keep them in the experiment.`,
      { code: 'UC_TRACES_UNAVAILABLE', details: { why }, cause },
    );
  }
}
