import { describe, expect, it } from 'vitest';
import { runJudges, scorerJudge, type Score, type ScorerJudgeOptions } from '../../src/judges/index.ts';
import { judgeInput, MISMATCH } from './shop.ts';

const KEY = 'SELECT COUNT(*) FROM shop.customers';

async function verdict(
  score: Score | Error,
  options: Partial<ScorerJudgeOptions> = {},
  generated: string | null = KEY,
  comparison = MISMATCH,
) {
  const handed: unknown[] = [];
  const judge = scorerJudge(
    async (input) => {
      handed.push(input);
      if (score instanceof Error) throw score;
      return score;
    },
    { name: 'similarity', ...options },
  );
  const input = await judgeInput(KEY, generated, { question: 'How many customers?', comparison });
  return { outcome: (await runJudges([judge], input)).get('similarity'), handed };
}

describe('scorerJudge', () => {
  it('hands question, statement and answer key to a scorer, and takes its score for a verdict', async () => {
    const { outcome, handed } = await verdict({
      name: 'Levenshtein',
      score: 0.8,
      metadata: { rationale: 'nearly the same' },
    });
    expect(handed).toEqual([
      {
        input: 'How many customers?',
        output: 'SELECT COUNT(*) FROM main.shop.customers',
        expected: 'SELECT COUNT(*) FROM main.shop.customers',
      },
    ]);
    expect(outcome).toMatchObject({ status: 'scored', value: 'yes' });
    expect(outcome?.rationale).toContain('nearly the same');
  });

  it('fails below the mark, with a reason that clustering takes', async () => {
    const { outcome } = await verdict({ score: 0.25 }, { failureType: 'wrong_filter' });
    expect(outcome).toMatchObject({
      value: 'no',
      asi: {
        failure_type: 'missing_filter',
        failure_type_raw: 'wrong_filter',
        confidence: 0.75,
        actual_value: '0.25',
      },
    });
    expect((await verdict({ score: 0.25 }, { passAt: 0.25 })).outcome).toMatchObject({ value: 'yes' });
  });

  it.each<[string, Score | Error]>([
    ['throws', new Error('quota')],
    ['reports an error', { score: null, error: new Error('quota') }],
    ['gives NaN', { score: Number.NaN }],
    ['gives more than 1', { score: 7 }],
    ['gives no score at all', {} as Score],
  ])('is unknown, not a no, when the scorer %s', async (_what, score) => {
    expect((await verdict(score)).outcome).toMatchObject({
      status: 'errored',
      error: { code: 'JUDGE_FAILED' },
    });
  });

  it('skips what does not apply, and does not score rows that do not count or have no SQL', async () => {
    expect((await verdict({ score: null })).outcome).toMatchObject({
      status: 'skipped',
      reason: 'not_applicable',
    });
    const without = await verdict({ score: 0 }, {}, null);
    expect(without).toMatchObject({ outcome: { status: 'skipped', reason: 'no_sql' }, handed: [] });
    const excluded = await verdict({ score: 0 }, {}, KEY, {
      ...MISMATCH,
      match: null,
      exclusion: 'both_empty',
    });
    expect(excluded).toMatchObject({ outcome: { status: 'excluded', reason: 'both_empty' }, handed: [] });
  });

  it('lets the caller choose what is scored', async () => {
    const { handed } = await verdict(
      { score: 1 },
      {
        inputOf: ({ benchmark, answerText }) => ({
          input: benchmark.question,
          output: answerText ?? 'nothing',
          expected: '',
        }),
      },
      null,
    );
    expect(handed).toEqual([{ input: 'How many customers?', output: 'nothing', expected: '' }]);
  });

  it('refuses a mark outside 0–1 and a name that is no key', () => {
    const scorer = () => ({ score: 1 });
    expect(() => scorerJudge(scorer, { name: 'a', passAt: 50 })).toThrow(/Option 'passAt'/);
    expect(() => scorerJudge(scorer, { name: 'A b' })).toThrow(/Option 'name'/);
  });
});
