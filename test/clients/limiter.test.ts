import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversationLimiter } from '../../src/clients/index.ts';
import { AbortedError, InvalidOptionError } from '../../src/core/index.ts';
import { FakeClock } from './support/fake-clock.ts';
import { rejection } from './support/server.ts';

const MINUTE_MS = 60_000;

/** The largest number of starts within any minute, both ends counted. */
function busiestMinute(starts: readonly number[]): number {
  return Math.max(
    0,
    ...starts.map((start) => starts.filter((other) => other >= start && other <= start + MINUTE_MS).length),
  );
}

describe('conversationLimiter', () => {
  it('never lets any sliding minute see more starts than the limit, however callers come', async () => {
    const arrivals = fc.array(
      fc.record({ pauseMs: fc.integer({ min: 0, max: 40_000 }), together: fc.integer({ min: 1, max: 6 }) }),
      { minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), arrivals, async (startsPerMinute, groups) => {
        const clock = new FakeClock();
        const limiter = conversationLimiter({ startsPerMinute, clock });
        const starts: number[] = [];
        const start = async (): Promise<void> => {
          await limiter.acquire();
          starts.push(clock.now().getTime());
        };
        for (const { pauseMs, together } of groups) {
          clock.advance(pauseMs);
          await Promise.all(Array.from({ length: together }, start));
        }
        expect(busiestMinute(starts)).toBeLessThanOrEqual(startsPerMinute);
        expect(starts).toHaveLength(groups.reduce((sum, { together }) => sum + together, 0));
      }),
      { numRuns: 60 },
    );
  });

  it('loses almost nothing against the best schedule', async () => {
    const clock = new FakeClock();
    const begin = clock.now().getTime();
    const limiter = conversationLimiter({ startsPerMinute: 5, clock });
    await Promise.all(Array.from({ length: 51 }, () => limiter.acquire()));
    expect(clock.now().getTime() - begin).toBeLessThanOrEqual((10 * MINUTE_MS) / 0.98);
  });

  it('serves callers in the order in which they came', async () => {
    const limiter = conversationLimiter({ startsPerMinute: 5, clock: new FakeClock() });
    const served: number[] = [];
    await Promise.all([0, 1, 2, 3].map((index) => limiter.acquire().then(() => served.push(index))));
    expect(served).toEqual([0, 1, 2, 3]);
  });

  it('does not wait without a limit, but heeds a server that asks for a pause', async () => {
    const clock = new FakeClock();
    const limiter = conversationLimiter({ startsPerMinute: null, clock });
    await Promise.all(Array.from({ length: 100 }, () => limiter.acquire()));
    expect(clock.sleeps).toEqual([]);
    limiter.holdBack(7000);
    await limiter.acquire();
    expect(clock.sleeps).toEqual([7000]);
  });

  it('holds back everybody when one was refused', async () => {
    const clock = new FakeClock();
    const limiter = conversationLimiter({ startsPerMinute: 60, clock });
    limiter.holdBack(30_000);
    const begin = clock.now().getTime();
    await Promise.all([limiter.acquire(), limiter.acquire()]);
    expect(clock.now().getTime() - begin).toBe(30_000 + 1001);
  });

  it('releases a caller that gives up, at once, and keeps the others in order', async () => {
    const clock = new FakeClock();
    const limiter = conversationLimiter({ startsPerMinute: 5, clock });
    const controller = new AbortController();
    const served: string[] = [];
    const first = limiter.acquire().then(() => served.push('first'));
    const second = limiter.acquire().then(() => served.push('second'));
    const third = rejection(limiter.acquire({ signal: controller.signal }));
    const fourth = limiter.acquire().then(() => served.push('fourth'));
    controller.abort();
    expect(await third).toBeInstanceOf(AbortedError);
    await Promise.all([first, second, fourth]);
    expect(served).toEqual(['first', 'second', 'fourth']);
    expect(clock.sleeps).toEqual([12_001, 12_001]);
  });

  it('refuses a signal that has fired already', async () => {
    const limiter = conversationLimiter({ clock: new FakeClock() });
    expect(await rejection(limiter.acquire({ signal: AbortSignal.abort() }))).toBeInstanceOf(AbortedError);
  });

  it('waits one spacing at most when the clock is set back', async () => {
    const clock = new FakeClock();
    const limiter = conversationLimiter({ startsPerMinute: 5, clock });
    await limiter.acquire();
    clock.advance(-3_600_000);
    await limiter.acquire();
    expect(clock.sleeps[0]).toBeLessThanOrEqual(12_001);
  });

  it.each([0, -1, Number.NaN, 1001])('refuses %d starts a minute', (startsPerMinute) => {
    expect(() => conversationLimiter({ startsPerMinute })).toThrow(InvalidOptionError);
  });
});
