import { OptimizerError } from '../core/index.ts';

/** Nothing could be measured, for a reason outside the questions; there is no score, not a score of 0. */
export class EvaluationError extends OptimizerError {
  constructor(asked: number, firstReason: string, cause?: unknown) {
    super(
      `None of the ${asked} questions could be evaluated; the first was lost to: ${firstReason} Check the connection, the warehouse and your permissions, then evaluate again.`,
      { code: 'EVALUATION_FAILED', retryable: true, details: { asked, firstReason }, cause },
    );
  }
}
