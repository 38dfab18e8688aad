import { describe, expect, it } from 'vitest';
import {
  evaluate,
  requeryCost,
  verifyRepeatability,
  type VerifyRepeatabilityOptions,
} from '../../src/evaluation/index.ts';
import { CallFailed, CATALOG, FakeGenie, FakeSql, genieAnswer, question, rows, SPACE } from './fakes.ts';

const SQL = 'SELECT n FROM main.s.t WHERE id = 1';

/** The answers to one question, in the order of asking; the first is that of the evaluation. */
async function measured(
  answers: readonly (ReturnType<typeof genieAnswer> | Error)[],
  more: Partial<VerifyRepeatabilityOptions> = {},
) {
  const genie = new FakeGenie((_, time) => answers[time] ?? genieAnswer(SQL));
  const sql = new FakeSql({ [`${SQL} AND n > 0`]: rows('2') });
  const shared = { spaceId: 's'.repeat(32), space: SPACE, catalog: CATALOG };
  const { rows: evaluated } = await evaluate({
    ...shared,
    workspace: { genie, sql },
    questions: [question('q1')],
    scope: 'full',
    iteration: 0,
  });
  const report = await verifyRepeatability({ ...shared, rows: evaluated, genie, sql, ...more });
  return { report, asked: genie.asked.length - 1 };
}

describe('verifyRepeatability', () => {
  it('asks every question again and compares statements and rows', async () => {
    const { report, asked } = await measured([
      genieAnswer(SQL),
      genieAnswer(SQL.toLowerCase()),
      genieAnswer(`${SQL} AND n > 0`),
    ]);
    expect(asked).toBe(2);
    expect(report.results[0]).toMatchObject({
      classification: 'SIGNIFICANT_VARIANCE',
      cause: 'value_flip',
      assets: ['TABLE', 'TABLE', 'TABLE'],
    });
    expect(new Set(report.results[0]?.result_hashes).size).toBe(2);
    expect(report.average_repeatability_pct).toBeCloseTo(66.7, 1);
  });

  it('counts an answer without SQL as an answer, and never runs one that writes', async () => {
    const { report } = await measured([
      genieAnswer(SQL),
      genieAnswer(null),
      genieAnswer('DROP TABLE main.s.t'),
    ]);
    expect(report.results[0]?.hashes[1]).toBeNull();
    expect(report.results[0]?.result_hashes.slice(1)).toEqual([null, null]);
  });

  it('asks once more for a sample that was lost, and then does without', async () => {
    const lost = new CallFailed('NETWORK');
    const { report, asked } = await measured([genieAnswer(SQL), lost, lost, lost, lost], { concurrency: 1 });
    expect(asked).toBe(4);
    expect(report).toMatchObject({ unmeasured: 1, average_repeatability_pct: null });
  });

  it('does not compare rows of relative periods over days', async () => {
    const { report } = await measured([genieAnswer(SQL)], { sameDay: false });
    expect(report.results[0]).toMatchObject({
      classification: 'IDENTICAL',
      answer_repeatability_pct: null,
    });
  });

  it('refuses a number of queries out of bounds, and tells the cost before', async () => {
    await expect(measured([], { extraQueries: 0 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    expect(requeryCost(20)).toEqual({ asks: 40, seconds: 960 });
    expect(requeryCost(20, { startsPerMinute: 1000 })).toEqual({ asks: 40, seconds: 5 });
    expect(requeryCost(20, { startsPerMinute: null })).toEqual({ asks: 40, seconds: null });
  });
});
