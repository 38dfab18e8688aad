import { beforeAll, describe, expect, it } from 'vitest';
import { busiestMinute, COUNT, lowerBoundMs, SETTINGS, simulate } from './simulated-schedule.ts';

describe('the time an evaluation takes', () => {
  // The parser loads on first use, in real time.
  beforeAll(async () => {
    await simulate(1000, 1, 1);
  });

  it.each(SETTINGS)(
    'stays within 5 % of the lower bound for %o',
    async ({ startsPerMinute, latencyMs, judgeMs }) => {
      const { makespanMs, starts } = await simulate(startsPerMinute, latencyMs, judgeMs);
      const boundMs = lowerBoundMs(startsPerMinute, latencyMs, judgeMs);
      expect(starts).toHaveLength(COUNT);
      expect(makespanMs).toBeGreaterThanOrEqual(boundMs);
      expect(makespanMs / boundMs).toBeLessThanOrEqual(1.05);
      expect(busiestMinute(starts)).toBeLessThanOrEqual(startsPerMinute);
    },
  );

  it('is far from the bound when one question waits for the other, so the bound tells schedules apart', async () => {
    const { makespanMs } = await simulate(5, 45_000, 20_000, 1);
    expect(makespanMs / lowerBoundMs(5, 45_000, 20_000)).toBeGreaterThan(4);
  });

  it('is that of the concurrency where this is the narrower gate', async () => {
    const { makespanMs } = await simulate(1000, 9000, 1000, 2);
    expect(makespanMs / ((COUNT / 2) * 10_000)).toBeLessThanOrEqual(1.05);
  });
});
