import { AbortedError } from '../core/index.ts';
import type { Clock } from '../ports/index.ts';

/** A clock that stands still; sleeping moves it on at once. */
export interface FakeClock extends Clock {
  /** Milliseconds slept so far. */
  readonly sleptMs: () => number;
  advance(ms: number): void;
}

/** @param start - ISO 8601 moment the clock shows first */
export function fakeClock(start = '2026-10-01T08:00:00.000Z'): FakeClock {
  let now = Date.parse(start);
  let slept = 0;
  return {
    now: () => new Date(now),
    sleep(ms, options) {
      if (options?.signal?.aborted) return Promise.reject(new AbortedError('Sleep', options.signal.reason));
      now += ms;
      slept += ms;
      return Promise.resolve();
    },
    sleptMs: () => slept,
    advance(ms) {
      now += ms;
    },
  };
}
