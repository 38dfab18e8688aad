import { describe, expect, it } from 'vitest';
import { asiSchema } from '../../src/asi/index.ts';
import {
  classifySamples,
  crossIterationRepeatability,
  syntheticFailures,
  type RepeatabilityRow,
} from '../../src/repeatability/index.ts';

const row = (
  question_id: string,
  generated_sql: string | null,
  more: Partial<RepeatabilityRow> = {},
): RepeatabilityRow => ({
  question_id,
  question: `Question ${question_id}`,
  expected_sql: 'SELECT 1',
  generated_sql,
  actual_asset: 'TABLE',
  correct: true,
  comparison: { actualHash: null },
  ...more,
});
const A = "SELECT a FROM t WHERE r = 'EU'";

describe('crossIterationRepeatability', () => {
  it.each([
    ['a final semicolon', `${A};`, true],
    ['a comment', `-- why\n${A}`, true],
    ['line breaks and case of keywords', "select a\n  from t\n where r = 'EU'", true],
    ['back-quotes', "SELECT `a` FROM `t` WHERE `r` = 'EU'", true],
    ['the case of a literal', "SELECT a FROM t WHERE r = 'eu'", false],
    ['another constant', "SELECT a FROM t WHERE r = 'US'", false],
    ['another column', "SELECT b FROM t WHERE r = 'EU'", false],
  ])('%s', async (_, sql, matched) => {
    expect((await crossIterationRepeatability([row('q', A)], [row('q', sql)])).matched).toBe(matched ? 1 : 0);
  });

  it('knows nothing without a common question, and makes no failures of it', async () => {
    const outcome = await crossIterationRepeatability([row('a', A)], [row('b', A)]);
    expect(outcome).toMatchObject({
      avg_pct: null,
      answer_pct: null,
      total_questions: 0,
      unmatched: ['a', 'b'],
    });
    expect(syntheticFailures(outcome)).toEqual([]);
  });

  it('never takes two missing statements for the same', async () => {
    const outcome = await crossIterationRepeatability(
      [row('a', null), row('b', ' ')],
      [row('a', null), row('b', ' ')],
    );
    expect(outcome).toMatchObject({ avg_pct: null, unmatched: ['a', 'b'] });
  });

  it('leaves out excluded rows and questions whose text or answer key changed', async () => {
    const before = [row('a', A), row('b', A), row('c', A)];
    const now = [
      row('a', A, { correct: null }),
      row('b', A, { expected_sql: 'SELECT 2' }),
      row('c', A, { question: 'Another?' }),
    ];
    expect((await crossIterationRepeatability(before, now)).unmatched).toEqual(['a', 'b', 'c']);
  });

  const B = 'SELECT b FROM t';
  it.each([
    ['previously wrong', { correct: false }, {}, [], 'expected', 0],
    ['intended by the patch', {}, {}, ['q'], 'intended', 0],
    [
      'still right with the same result',
      { comparison: { actualHash: 'h' } },
      { comparison: { actualHash: 'h' } },
      [],
      'harmless',
      0,
    ],
    ['right before, wrong now', {}, { correct: false }, [], 'concerning', 1],
    ['right before and now, with results unknown', {}, {}, [], 'concerning', 1],
  ] as const)('a change %s', async (_, before, now, predictedQuestionIds, kind, failures) => {
    const outcome = await crossIterationRepeatability([row('q', A, before)], [row('q', B, now)], {
      predictedQuestionIds,
    });
    expect(outcome.unstable_details).toMatchObject([{ question_id: 'q', kind, matched: false }]);
    expect(outcome.avg_pct).toBe(0);
    expect(syntheticFailures(outcome)).toHaveLength(failures);
  });

  it('counts another statement of the same result in the answer percentage, on one day only', async () => {
    const same = { comparison: { actualHash: 'h' } };
    const sides = [[row('q', A, same)], [row('q', B, same)]] as const;
    expect(await crossIterationRepeatability(...sides)).toMatchObject({ avg_pct: 0, answer_pct: 100 });
    expect(await crossIterationRepeatability(...sides, { sameDay: false })).toMatchObject({ answer_pct: 0 });
  });

  it('makes complete ASI that blames the asset of the present statement', async () => {
    const outcome = await crossIterationRepeatability(
      [row('q', A)],
      [row('q', B, { actual_asset: 'TVF', correct: false })],
    );
    const [failure] = syntheticFailures(outcome);
    expect(failure).toMatchObject({
      synthetic: true,
      judge: 'repeatability',
      asi: { severity: 'major', blame_set: ['asset_routing:TVF'] },
    });
    expect(asiSchema.parse(failure?.asi)).toEqual(failure?.asi);
    expect(outcome.details[0]).toMatchObject({ dominant_asset: 'TVF', prev_asset: 'TABLE' });
  });

  it('refuses repeated ids', async () => {
    await expect(crossIterationRepeatability([row('q', A), row('q', A)], [])).rejects.toMatchObject({
      code: 'DUPLICATE_QUESTION',
    });
  });
});

describe('classifySamples', () => {
  it.each([
    [['a', 'a', 'a'], 100, 'IDENTICAL', 1],
    [['a', 'a', 'b'], 200 / 3, 'SIGNIFICANT_VARIANCE', 2],
    [['a', 'b', 'c'], 100 / 3, 'CRITICAL_VARIANCE', 3],
    [['a', 'a', 'a', 'b'], 75, 'MINOR_VARIANCE', 2],
    [['a', 'b'], 50, 'SIGNIFICANT_VARIANCE', 2],
    [['a', null, 'a'], 200 / 3, 'SIGNIFICANT_VARIANCE', 2],
    [[null, null, null], null, 'NO_SQL', 1],
    [['a'], null, 'UNMEASURED', 1],
    [[], null, 'UNMEASURED', 0],
  ] as const)('%j', (hashes, pct, classification, unique_variants) => {
    expect(classifySamples(hashes)).toEqual({ pct, classification, unique_variants });
  });
});
