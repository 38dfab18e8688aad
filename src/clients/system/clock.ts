import type { Clock } from '../../ports/index.ts';

/** The largest delay that a timer can hold; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Real time. */
export const systemClock = (): Clock => CLOCK;

const CLOCK: Clock = {
  now: () => new Date(),
  sleep: async (ms, { signal } = {}) => {
    const end = performance.now() + ms;
    signal?.throwIfAborted();
    // Timers may fire a fraction of a millisecond early, and the rate limit must not be broken by that.
    for (let left = ms; left > 0; left = end - performance.now())
      await timer(Math.min(Math.ceil(left), LONGEST_TIMER_MS), signal);
  },
};

function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(handle);
      // Whatever the caller aborted with; the clock passes it on unchanged.
      reject(signal?.reason as Error);
    };
    const handle = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
