import { describe, expect, it } from 'vitest';
import {
  accuracyOf,
  allThresholdsMet,
  checkThresholds,
  degradedJudges,
  judgeScores,
  THRESHOLDS,
  type ScoredRow,
} from '../../src/evaluation/index.ts';

const row = (
  question_id: string,
  correct: boolean | null,
  verdicts: Readonly<Record<string, string>> = {},
): ScoredRow => ({
  question_id,
  correct,
  verdicts: Object.fromEntries(
    Object.entries(verdicts).map(([judge, value]) => [judge, { value, rationale: '', reason: null }]),
  ),
});

describe('accuracyOf', () => {
  it('leaves excluded rows out of every percentage and counts them', () => {
    const rows = [
      row('a', true),
      row('b', false, { arbiter: 'both_correct' }),
      row('c', false, { arbiter: 'neither_correct' }),
      row('d', null, { arbiter: 'genie_correct' }),
    ];
    expect(accuracyOf(rows)).toEqual({
      overall_accuracy: 100 / 3,
      adjusted_accuracy: 200 / 3,
      total_questions: 4,
      evaluated_count: 3,
      correct_count: 1,
      excluded_count: 1,
      failures: ['b', 'c'],
    });
  });

  it('knows no accuracy when no row counts', () => {
    expect(accuracyOf([row('a', null)])).toMatchObject({ overall_accuracy: null, adjusted_accuracy: null });
  });
});

describe('judgeScores', () => {
  it('uses only yes and no; words that contain "no" are no failures', () => {
    const values = ['yes', 'no', 'unknown', 'excluded', 'skipped', 'none', 'not applicable'];
    expect(judgeScores(values.map((value) => row('x', true, { judge: value })))).toEqual({ judge: 50 });
  });

  it('has no entry for a judge that scored no row', () => {
    expect(judgeScores([row('x', true, { judge: 'skipped' })])).toEqual({});
  });

  it('reports a judge when more than a fifth of its verdicts are unknown', () => {
    const rows = (unknown: number) =>
      Array.from({ length: 10 }, (_, at) =>
        row(String(at), true, { judge: at < unknown ? 'unknown' : 'yes' }),
      );
    expect(degradedJudges(rows(2))).toEqual([]);
    expect(degradedJudges(rows(3))).toEqual(['judge']);
  });
});

describe('thresholds', () => {
  it('are met when each judge reaches its target, exactly counting', () => {
    expect(allThresholdsMet({ ...THRESHOLDS })).toBe(true);
    expect(allThresholdsMet({ ...THRESHOLDS, completeness: 89.9 })).toBe(false);
  });

  it('are not met by a missing judge or by no scores at all', () => {
    const { asset_routing: _, ...rest } = THRESHOLDS;
    expect(checkThresholds(rest).perJudge.find(({ judge }) => judge === 'asset_routing')).toMatchObject({
      status: 'missing',
      value: null,
    });
    expect(allThresholdsMet(rest)).toBe(false);
    expect(allThresholdsMet({}, {})).toBe(false);
  });

  it('take targets of one’s own', () => {
    expect(allThresholdsMet({ routing: 80 }, { routing: 80 })).toBe(true);
  });
});
