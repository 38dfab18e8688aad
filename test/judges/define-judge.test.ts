import { describe, expect, it } from 'vitest';
import { assetRoutingJudge, defineJudge, runJudges, type JudgeOutcome } from '../../src/judges/index.ts';
import { judgeInput } from './shop.ts';

const COUNT = 'SELECT COUNT(*) FROM shop.orders';

describe('judges of one’s own', () => {
  it('are checked when they are defined', () => {
    const judge = () => ({ status: 'scored', value: 'yes', rationale: '' }) as const;
    expect(defineJudge({ name: 'tone', kind: 'llm', judge })).toMatchObject({ targetPct: null });
    expect(() => defineJudge({ name: 'My Judge', kind: 'code', judge })).toThrow(/Option 'name'/);
    expect(() => defineJudge({ name: 'tone', kind: 'code', targetPct: 101, judge })).toThrow(
      /Option 'targetPct'/,
    );
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('boom');
      },
    ],
    ['rejects', () => Promise.reject(new Error('boom'))],
    [
      'throws a text',
      () => {
        throw 'boom';
      },
    ],
    ['returns prose', () => 'looks fine'],
    ['returns nothing', () => undefined],
    ['says no without a reason', () => ({ status: 'scored', value: 'no', rationale: 'x' })],
    ['says maybe', () => ({ status: 'scored', value: 'maybe', rationale: 'x' })],
  ])('a judge that %s is errored, never a no', async (_, judge) => {
    const own = defineJudge({ name: 'own', kind: 'code', judge: judge as () => JudgeOutcome });
    const outcomes = await runJudges([own, assetRoutingJudge()], await judgeInput(COUNT, COUNT));
    expect(outcomes.get('own')).toMatchObject({ status: 'errored', error: { code: 'JUDGE_FAILED' } });
    expect(outcomes.get('asset_routing')).toMatchObject({ value: 'yes' });
  });

  it('stop with the signal', async () => {
    await expect(
      runJudges([], await judgeInput(COUNT, COUNT), { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'ABORTED_BY_CALLER' });
  });
});
