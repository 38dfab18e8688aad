import { isOptimizerError } from '../../src/core/index.ts';

/** Code of the error that a promise is rejected with; `null` when it is fulfilled or fails in another way. */
export const codeOfFailure = (promise: Promise<unknown>): Promise<string | null> =>
  promise.then(
    () => null,
    (error: unknown) => (isOptimizerError(error) ? error.code : null),
  );
