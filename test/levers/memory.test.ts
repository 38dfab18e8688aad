import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  coerceNulls,
  failureState,
  limitsOf,
  nextRung,
  passRateBelow,
  proposeAll,
  type HistoryEntry,
  type Observation,
  type ProposalInput,
} from '../../src/levers/index.ts';
import { changesOf, harborCatalog, inputOf, propose, type Asked } from './harbor.ts';

const tried = (
  failure_type: HistoryEntry['failure_type'],
  lever: HistoryEntry['lever'],
  question_ids: readonly string[] = ['q1'],
): HistoryEntry => ({
  fingerprint: `${failure_type} ${lever}`,
  question_ids,
  failure_type,
  lever,
  outcome: 'reverted',
});

describe('pass-rate posteriors', () => {
  it.each([
    ['nothing known', 0, 0, 'unproven'],
    ['one failure', 0, 1, 'unproven'],
    ['two failures', 0, 2, 'persistent'],
    ['two passes', 2, 0, 'solved'],
    ['now here, now there', 2, 2, 'intermittent'],
    ['one slip of many', 9, 1, 'solved'],
    ['one hit of many', 1, 9, 'persistent'],
  ])('%s', (_, passes, failures, state) => {
    const answer = (correct: boolean): Observation => ({ question_id: 'q', correct });
    const all = [
      ...Array.from({ length: passes }, () => answer(true)),
      ...Array.from({ length: failures }, () => answer(false)),
    ];
    expect(failureState([...all, { question_id: 'q', correct: null }])).toBe(state);
  });

  it('a persistent failure for which nothing is left is exhausted', () => {
    const failed = { question_id: 'q', correct: false };
    expect(failureState([failed, failed], true)).toBe('exhausted');
  });

  it('are a distribution: between 0 and 1, rising with x, falling with each pass', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 30 }),
        fc.nat({ max: 30 }),
        fc.double({ min: 0.01, max: 0.98, noNaN: true }),
        (passes, failures, x) => {
          const here = passRateBelow(x, passes, failures);
          expect(here).toBeGreaterThanOrEqual(0);
          expect(here).toBeLessThanOrEqual(1);
          expect(passRateBelow(x + 0.01, passes, failures)).toBeGreaterThanOrEqual(here - 1e-9);
          expect(passRateBelow(x, passes + 1, failures)).toBeLessThanOrEqual(here + 1e-9);
          expect(here + passRateBelow(1 - x, failures, passes)).toBeCloseTo(1, 6);
        },
      ),
    );
  });
});

describe('the ladder', () => {
  it('goes to the next rung after each attempt and ends with a word to the owner', () => {
    const history: HistoryEntry[] = [];
    const seen: unknown[] = [];
    for (const lever of [1, 2, 6, 3] as const) {
      seen.push(nextRung(history, 'q1', 'missing_temporal_filter', 1));
      history.push(tried('missing_temporal_filter', lever));
    }
    seen.push(nextRung(history, 'q1', 'missing_temporal_filter', 1));
    expect(seen).toEqual([1, 2, 6, 3, 'recommendation']);
    expect(nextRung(history, 'q2', 'missing_temporal_filter', 1)).toBe(1);
  });

  it('of any other cause has its own lever and an instruction, then nothing', () => {
    const history = [tried('wrong_column', 1)];
    expect(nextRung([], 'q1', 'wrong_column', 1)).toBe(1);
    expect(nextRung(history, 'q1', 'wrong_column', 1)).toBe(6);
    expect(nextRung([...history, tried('wrong_column', 6)], 'q1', 'wrong_column', 1)).toBeNull();
  });

  it('does not try a temporal rung twice for the same question', async () => {
    const asked: Asked[] = ['Dues of calls leaving in 2024', 'Tonnage of calls leaving in 2024'].map(
      (question, at) => ({
        question,
        expected: `SELECT SUM(${at === 0 ? 'dues' : 'cargo_t'}) FROM calls WHERE dep >= DATE '2024-01-01' AND dep < DATE '2025-01-01'`,
        generated: `SELECT SUM(${at === 0 ? 'dues' : 'cargo_t'}) FROM calls WHERE arr >= DATE '2024-01-01' AND arr < DATE '2025-01-01'`,
      }),
    );
    const levers = (result: Awaited<ReturnType<typeof propose>>) =>
      result.proposals
        .filter((item) => item.failure_type === 'missing_temporal_filter')
        .map((item) => item.lever);
    expect(levers(await propose(asked))).toContain(1);
    const history = [tried('missing_temporal_filter', 1, ['q1', 'q2'])];
    const again = await propose(asked, { history });
    expect(levers(again)).not.toContain(1);
    expect(again.review.map((item) => item.reason)).toContain('rung_tried');
  });
});

describe('known limits', () => {
  const nulls: Asked = {
    question: 'Calls since 1 May 2024',
    expected: "SELECT * FROM get_calls('2024-05-01', NULL)",
    generated: "SELECT * FROM get_calls('2024-05-01', 'NULL')",
    expectedAsset: 'TVF',
  };
  const catalog = {
    ...harborCatalog,
    functions: harborCatalog.functions.map((fn) => ({
      ...fn,
      body: 'SELECT call_no FROM harbor.ops.calls AS c WHERE get_calls.berth IS NULL OR c.berth_no = get_calls.berth',
    })),
  };
  const twice = [tried('tvf_parameter_error', 3), tried('tvf_parameter_error', 6)];

  it("KGL-1: words first; when 'NULL' comes all the same, the body learns to read it", async () => {
    const first = await propose([nulls], { catalog });
    expect(first.limits).toEqual([]);
    expect(changesOf(first).map((change) => change['type'])).toContain('update_tvf_comment');
    const later = await propose([nulls], { catalog, history: twice });
    expect(later.limits).toMatchObject([{ id: 'KGL-1', question_ids: ['q1'] }]);
    const [change] = changesOf(later).filter((item) => item['type'] === 'update_tvf_sql');
    expect(change?.['new_sql']).toContain(
      "NULLIF(get_calls.berth, 'NULL') IS NULL OR c.berth_no = NULLIF(get_calls.berth, 'NULL')",
    );
  });

  it.each([
    ['a column of that name', 'SELECT 1 WHERE label IS NULL', ['label'], null],
    ['nothing to change', 'SELECT 1', ['x_arg'], null],
    ['already done', "SELECT NULLIF(x_arg, 'NULL')", ['x_arg'], null],
    [
      'a text that names it',
      "SELECT 'x_arg' WHERE x_arg = 1",
      ['x_arg'],
      "SELECT 'x_arg' WHERE NULLIF(x_arg, 'NULL') = 1",
    ],
  ])('coerceNulls: %s', (_, body, parameters, expected) => {
    expect(coerceNulls(body, 'get_calls', new Set(parameters), harborCatalog)).toBe(expected);
  });

  const routed: Asked = {
    question: 'Port turnover by state',
    expected: 'SELECT call_state, MEASURE(gross_dues) FROM call_metrics GROUP BY call_state',
    generated: 'SELECT st, SUM(dues) FROM calls GROUP BY st',
    expectedAsset: 'MV',
    actualAsset: 'TABLE',
  };

  it('mistake 22, KGL-2: routing that wavers after both sides were told apart is accepted and left alone', async () => {
    const observations = [true, false, true, false].map((correct) => ({
      question_id: 'q1',
      correct,
      actual_asset: correct ? 'MV' : 'TABLE',
    }));
    const history = [tried('asset_routing_error', 1)];
    const result = await propose([routed], { history, observations });
    expect(result.limits).toMatchObject([{ id: 'KGL-2', question_ids: ['q1'] }]);
    expect(result.proposals.map((item) => item.failure_type)).not.toContain('asset_routing_error');
    expect((await propose([routed], { observations })).limits).toEqual([]);
  });

  it.each([
    ['2 of 5', [true, false, true, false, true], true],
    ['1 of 5', [true, true, true, false, true], false],
    ['1 of 2', [true, false], false],
    ['all of them', [false, false, false, false], false],
    ['2 of the last 5', [true, true, true, true, true, false, true, false, true], true],
  ])('KGL-2 needs 2 of 5 answers from the wrong asset, and several: %s', async (_, verdicts, isLimit) => {
    const observations = verdicts.map((correct) => ({
      question_id: 'q1',
      correct,
      actual_asset: correct ? 'MV' : 'TABLE',
    }));
    const { limits } = await propose([routed], { history: [tried('asset_routing_error', 1)], observations });
    expect(limits.map(({ id }) => id)).toEqual(isLimit ? ['KGL-2'] : []);
  });

  const ignored: Asked = {
    question: 'Dues last quarter',
    expected:
      "SELECT SUM(dues) FROM calls WHERE arr >= add_months(date_trunc('QUARTER', current_date()), -3) AND arr < date_trunc('QUARTER', current_date())",
    generated: 'SELECT SUM(dues) FROM calls',
  };
  const temporal = [tried('missing_temporal_filter', 1), tried('missing_temporal_filter', 6)];

  it('mistake 23, KGL-3: a nested period that goes on being ignored becomes a recommendation', async () => {
    expect((await propose([ignored], { history: temporal })).limits).toMatchObject([
      { id: 'KGL-3', recommendation: expect.stringContaining('harbor.ops.calls.arr') as string },
    ]);
    expect((await propose([ignored])).limits).toEqual([]);
  });

  it.each<[string, readonly string[], Asked, Partial<ProposalInput>]>([
    ['an argument quoted on', ['KGL-1'], nulls, { catalog, history: twice }],
    ['a period ignored', ['KGL-3'], ignored, { history: temporal }],
    ['a first failure', [], ignored, {}],
  ])('are the same when no proposal is asked for: %s', async (_, ids, asked, more) => {
    const input = await inputOf([asked], more);
    expect(limitsOf(input).map(({ id }) => id)).toEqual(ids);
    expect(limitsOf(input)).toEqual(proposeAll(input).limits);
  });

  it('mistake 21: a statement that strays to another asset is tied to its own on both sides', async () => {
    const { proposals } = await propose([{ ...routed, question: 'Port turnover', actualAsset: 'MV' }], {
      unstable: ['q1'],
    });
    const [tied] = proposals.filter((item) => item.failure_type === 'repeatability_issue');
    expect(tied?.patches.map((patch) => [patch.type, 'target' in patch ? patch.target : ''])).toEqual([
      ['add_description', 'harbor.ops.call_metrics'],
      ['add_description', 'harbor.ops.calls'],
    ]);
  });

  it('mistake 21: bilateral disambiguation has two sides or is an instruction', async () => {
    const { proposals } = proposeAll(
      await inputOf([routed, { ...routed, question: 'What is the port turnover?' }]),
    );
    const routing = proposals.filter((item) => item.failure_type === 'asset_routing_error');
    expect(routing.map((item) => item.patches.map((patch) => patch.type))).toEqual([
      ['add_description', 'add_description'],
      ['add_instruction'],
    ]);
  });
});
