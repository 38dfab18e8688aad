import { conversationLimiter } from '../../src/clients/index.ts';
import { evaluate } from '../../src/evaluation/index.ts';
import { defineJudge } from '../../src/judges/index.ts';
import type { Clock } from '../../src/ports/index.ts';
import { CATALOG, FakeSql, genieAnswer, question, SPACE } from './fakes.ts';

/** A clock whose time moves on to the next sleeper when nothing else is left to do. */
class SimulatedClock implements Clock {
  #nowMs = Date.parse('2026-10-01T08:00:00.000Z');
  #sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];

  now(): Date {
    return new Date(this.#nowMs);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.push({ atMs: this.#nowMs + ms, wake });
    });
  }

  async drive<T>(work: Promise<T>): Promise<T> {
    const state = { done: false };
    const ended = work.finally(() => {
      state.done = true;
    });
    while (!state.done) {
      for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
      const next = this.#sleepers.sort((a, b) => a.atMs - b.atMs).shift();
      if (next === undefined) continue;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.wake();
    }
    return ended;
  }
}

export const MINUTE_MS = 60_000;
/** Questions of one evaluation. */
export const COUNT = 60;
const QUESTIONS = Array.from({ length: COUNT }, (_, at) => question(`q${at + 1}`));

/** One evaluation against the real rate limiter in simulated time. */
export async function simulate(
  startsPerMinute: number,
  latencyMs: number,
  judgeMs: number,
  concurrency?: number,
) {
  const clock = new SimulatedClock();
  const limiter = conversationLimiter({ startsPerMinute, clock });
  const starts: number[] = [];
  const begin = clock.now().getTime();
  const genie = {
    ask: async () => {
      await limiter.acquire();
      starts.push(clock.now().getTime());
      await clock.sleep(latencyMs);
      return genieAnswer('SELECT n FROM main.s.t');
    },
  };
  const slow = defineJudge({
    name: 'slow',
    kind: 'llm',
    judge: async () => {
      await clock.sleep(judgeMs);
      return { status: 'scored', value: 'yes', rationale: '' };
    },
  });
  await clock.drive(
    evaluate({
      questions: QUESTIONS,
      workspace: { genie, sql: new FakeSql() },
      spaceId: 'space',
      scope: 'full',
      iteration: 0,
      space: SPACE,
      catalog: CATALOG,
      judges: [slow],
      clock,
      ...(concurrency === undefined ? {} : { concurrency }),
    }),
  );
  return { makespanMs: clock.now().getTime() - begin, starts };
}

/** No schedule is shorter: the last question starts after the others, and is answered and judged after that. */
export const lowerBoundMs = (startsPerMinute: number, latencyMs: number, judgeMs: number): number =>
  ((COUNT - 1) * MINUTE_MS) / startsPerMinute + latencyMs + judgeMs;

/** The most starts within any minute. */
export const busiestMinute = (starts: readonly number[]): number =>
  Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + MINUTE_MS).length));

export const SETTINGS = [
  { startsPerMinute: 5, latencyMs: 15_000, judgeMs: 3000 },
  { startsPerMinute: 5, latencyMs: 45_000, judgeMs: 20_000 },
  { startsPerMinute: 20, latencyMs: 10_000, judgeMs: 2000 },
  { startsPerMinute: 60, latencyMs: 4000, judgeMs: 1000 },
] as const;
