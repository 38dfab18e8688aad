/** Time between two looks at something that takes a while, as a function of the time it has taken so far. */
export type PollInterval = (elapsedMs: number) => number;

/**
 * Doubles from 50 ms within the first second, so that a fast server is not kept waiting; after that 8 % of the
 * elapsed time between 1 s and 5 s, which costs about 4 % in lag and at most 25 looks at an answer of half a minute.
 *
 * @see spec/performance.md
 */
export const defaultPollInterval: PollInterval = (elapsedMs) =>
  elapsedMs < 1000 ? Math.max(50, elapsedMs) : Math.min(5000, Math.max(1000, elapsedMs * 0.08));
