import { describe, expect, it } from 'vitest';
import {
  assessRepeatability,
  markRoutingSensitive,
  requeryFailures,
  routingSensitivity,
  type RepeatabilitySample,
} from '../../src/repeatability/index.ts';

const sample = (sql: string | null, result: string | null = 'r', asset = 'TABLE'): RepeatabilitySample => ({
  sql: sql === null ? null : `SELECT ${sql} FROM t`,
  asset: sql === null ? 'NONE' : asset,
  result_hash: sql === null ? null : result,
});
const assess = async (samples: readonly RepeatabilitySample[], mode: 'sql' | 'answer' = 'sql') =>
  (await assessRepeatability([{ question_id: 'q', question: 'How many?', samples }], { mode })).results[0];

describe('assessRepeatability', () => {
  it.each([
    ['a a a', [sample('a'), sample('a'), sample('a')], 100, 'IDENTICAL', 1, 'none'],
    ['a a b', [sample('a'), sample('a'), sample('b', 's')], 66.67, 'SIGNIFICANT_VARIANCE', 2, 'value_flip'],
    ['a b c', [sample('a'), sample('b'), sample('c')], 33.33, 'CRITICAL_VARIANCE', 3, 'text_only_flip'],
    [
      'a a a b',
      [sample('a'), sample('a'), sample('a'), sample('b')],
      75,
      'MINOR_VARIANCE',
      2,
      'text_only_flip',
    ],
    ['no SQL at all', [sample(null), sample(null), sample(null)], null, 'NO_SQL', 1, 'none'],
    ['SQL once only', [sample('a'), sample(null)], 50, 'SIGNIFICANT_VARIANCE', 2, 'value_flip'],
    ['one sample', [sample('a')], null, 'UNMEASURED', 1, 'none'],
    ['rows not known', [sample('a', null), sample('b', null)], 50, 'SIGNIFICANT_VARIANCE', 2, 'unknown'],
    ['another asset', [sample('a'), sample('b', 'r', 'MV')], 50, 'SIGNIFICANT_VARIANCE', 2, 'routing_flip'],
  ])('%s', async (_what, samples, pct, classification, variants, cause) => {
    const result = await assess(samples);
    expect(result).toMatchObject({ classification, unique_variants: variants, cause });
    expect(result?.repeatability_pct ?? null).toEqual(pct === null ? null : expect.closeTo(pct, 1));
  });

  it('takes layout, a semicolon and comments for no variance, and literals for one', async () => {
    const same = (sql: string): RepeatabilitySample => ({ sql, asset: 'TABLE', result_hash: 'r' });
    const result = await assess([
      same('SELECT a FROM t'),
      same('select a\nfrom t;'),
      same('-- x\nSELECT a FROM t'),
    ]);
    expect(result?.classification).toBe('IDENTICAL');
    const other = await assess([
      same("SELECT a FROM t WHERE r = 'EU'"),
      same("SELECT a FROM t WHERE r = 'eu'"),
    ]);
    expect(other?.classification).toBe('SIGNIFICANT_VARIANCE');
  });

  it('makes classes from rows on demand, where all samples have them', async () => {
    expect((await assess([sample('a'), sample('b')], 'answer'))?.classification).toBe('IDENTICAL');
    expect((await assess([sample('a'), sample('b', null)], 'answer'))?.classification).toBe(
      'SIGNIFICANT_VARIANCE',
    );
  });

  it('leaves what could not be measured out of the mean, and counts it', async () => {
    const question = (id: string, ...samples: RepeatabilitySample[]) => ({
      question_id: id,
      question: id,
      samples,
    });
    const report = await assessRepeatability([
      question('a', sample('a'), sample('a')),
      question('b', sample('a'), sample('b')),
      question('c', sample(null), sample(null)),
      question('d', sample('a')),
    ]);
    expect(report).toMatchObject({
      average_repeatability_pct: 75,
      average_answer_repeatability_pct: 100,
      total_questions: 4,
      identical: 1,
      significant_variance: 1,
      no_sql: 1,
      unmeasured: 1,
    });
    expect((await assessRepeatability([])).average_repeatability_pct).toBeNull();
  });
});

describe('failures from asking again', () => {
  const report = (samples: readonly RepeatabilitySample[]) =>
    assessRepeatability([{ question_id: 'q', question: 'How many?', samples }]);

  it('blames the asset of critical and significant variance', async () => {
    const failures = requeryFailures(
      await report([sample('a', 'r', 'TVF'), sample('b', 's', 'TVF'), sample('c', 't', 'TVF')]),
    );
    expect(failures).toMatchObject([
      {
        question_id: 'q',
        judge: 'repeatability',
        synthetic: true,
        asi: {
          failure_type: 'repeatability_issue',
          severity: 'critical',
          blame_set: ['asset_routing:TVF'],
        },
      },
    ]);
    expect(failures[0]?.asi.confidence).toBeCloseTo(0.667, 2);
  });

  it.each<[string, readonly RepeatabilitySample[], object]>([
    ['the rows are the same', [sample('a'), sample('b')], {}],
    [
      'the question is known to be routing-sensitive',
      [sample('a'), sample('b', 's')],
      { routingSensitiveIds: ['q'] },
    ],
    ['the mean reaches the target', [sample('a'), sample('b', 's')], { targetPct: 50 }],
    ['nothing differs', [sample('a'), sample('a')], {}],
  ])('are none when %s', async (_when, samples, options) => {
    expect(requeryFailures(await report(samples), options)).toEqual([]);
  });
});

describe('routing-sensitive questions', () => {
  const found = async (...assets: string[]) =>
    routingSensitivity(
      await assessRepeatability([
        { question_id: 'q', question: 'q', samples: assets.map((asset) => sample('a', 'r', asset)) },
      ]),
      new Map([['q', 'MV']]),
    )[0];

  it.each([
    [['MV', 'MV', 'MV', 'TABLE', 'TABLE'], true],
    [['MV', 'MV', 'MV', 'MV', 'TABLE'], false],
    [['MV', 'TABLE'], false],
    [['TABLE', 'TABLE', 'TABLE'], false],
  ])('%j: %s', async (assets, sensitive) => {
    expect((await found(...assets))?.sensitive).toBe(sensitive);
  });

  it('are marked, and the others are left alone', async () => {
    const sensitive = await found('MV', 'TABLE', 'TABLE');
    const questions = [{ id: 'q' }, { id: 'other' }];
    expect(markRoutingSensitive(questions, sensitive === undefined ? [] : [sensitive])).toEqual([
      { id: 'q', routing_sensitive: true },
      { id: 'other' },
    ]);
  });
});
