/** Time between two looks at something that takes a while, as a function of the time it has taken so far. */
export type PollInterval = (elapsedMs: number) => number;

/**
 * Looks after 50, 200 and 800 ms, so that a fast server is not kept waiting; after that at 8 % of the elapsed time,
 * between 1.2 s and 5 s. That makes at most 25 looks at an answer of half a minute, seen 5 % late on average.
 *
 * @see spec/performance.md
 */
export const defaultPollInterval: PollInterval = (elapsedMs) =>
  elapsedMs < 800
    ? Math.max(50, elapsedMs * 3)
    : Math.min(5000, Math.max(1200, Math.round(elapsedMs * 0.08)));
