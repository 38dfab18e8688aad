/**
 * What a run waits for, in simulated time: `npm run bench:waiting`.
 *
 * How near an evaluation comes to the shortest schedule that the rate limit allows, and how late answers are seen.
 * Exit code 1 when a bar is missed. The same in every run: nothing here depends on the machine.
 */
import { defaultPollInterval, type PollInterval } from '../src/clients/index.ts';
import { seededRandom } from '../src/core/index.ts';
import { busiestMinute, lowerBoundMs, SETTINGS, simulate } from '../test/evaluation/simulated-schedule.ts';
import { report, type Row } from './measure.ts';

const rows: Row[] = [];

// The parser loads on first use, in real time.
await simulate(1000, 1, 1);
for (const { startsPerMinute, latencyMs, judgeMs } of SETTINGS) {
  const { makespanMs, starts } = await simulate(startsPerMinute, latencyMs, judgeMs);
  const setting = `${startsPerMinute} starts a minute, ${latencyMs / 1000} s an answer, ${judgeMs / 1000} s of judging`;
  rows.push(
    {
      what: `makespan ÷ lower bound, ${setting}`,
      ratio: makespanMs / lowerBoundMs(startsPerMinute, latencyMs, judgeMs),
      bar: 1.02,
    },
    { what: `busiest minute ÷ limit, ${setting}`, ratio: busiestMinute(starts) / startsPerMinute, bar: 1 },
  );
}
const { makespanMs: oneByOneMs } = await simulate(5, 45_000, 20_000, 1);
rows.push({
  what: 'makespan ÷ lower bound, one question after another, 5 starts a minute, 45 s an answer, 20 s of judging',
  ratio: oneByOneMs / lowerBoundMs(5, 45_000, 20_000),
  bar: null,
});

/** Share of its own latency by which an answer is seen late, and looks, over answers of 5–60 s. */
function polling(interval: PollInterval): { readonly lag: number; readonly looks: number } {
  const random = seededRandom('polling');
  const count = 10_000;
  let [lag, looks] = [0, 0];
  for (let round = 0; round < count; round += 1) {
    const latencyMs = 5000 + 55_000 * random();
    let elapsedMs = 0;
    while (elapsedMs < latencyMs) {
      elapsedMs += interval(elapsedMs);
      looks += 1;
    }
    lag += (elapsedMs - latencyMs) / latencyMs;
  }
  return { lag: lag / count, looks: looks / count };
}

const ours = polling(defaultPollInterval);
const growing = polling((elapsedMs) => Math.min(10_000, Math.max(3000, elapsedMs / 2)));
const doubling = polling((elapsedMs) => Math.max(1000, elapsedMs));
rows.push(
  { what: 'seen late, share of the latency (answers of 5–60 s)', ratio: ours.lag, bar: 0.05 },
  { what: 'looks at an answer ÷ 25', ratio: ours.looks / 25, bar: 1 },
  { what: 'seen late, from 3 s growing to 10 s', ratio: growing.lag, bar: null },
  { what: 'seen late, doubling', ratio: doubling.lag, bar: null },
);

if (!report(rows)) process.exitCode = 1;
