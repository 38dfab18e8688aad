import { describe, expect, it } from 'vitest';
import {
  assessRepeatability,
  repeatabilityVerdicts,
  requeryFailures,
  type RepeatabilitySample,
} from '../../src/repeatability/index.ts';

const sample = (sql: string | null, asset = 'TABLE'): RepeatabilitySample => ({
  sql: sql === null ? null : `SELECT ${sql} FROM t`,
  asset: sql === null ? 'NONE' : asset,
  result_hash: sql,
});
const report = (questions: Readonly<Record<string, readonly RepeatabilitySample[]>>) =>
  assessRepeatability(
    Object.entries(questions).map(([question_id, samples]) => ({ question_id, question: '?', samples })),
  );

describe('repeatabilityVerdicts', () => {
  it.each([
    ['IDENTICAL', [sample('a'), sample('a'), sample('a')], null],
    ['MINOR_VARIANCE', [sample('a'), sample('a'), sample('a'), sample('b')], ['minor', 0.25]],
    ['SIGNIFICANT_VARIANCE', [sample('a'), sample('a'), sample('b')], ['major', 1 / 3]],
    ['CRITICAL_VARIANCE', [sample('a'), sample('b'), sample('c')], ['critical', 2 / 3]],
    ['NO_SQL', [sample(null), sample(null)], null],
    ['UNMEASURED', [sample('a')], null],
  ] as const)('gives %s its severity and confidence', async (value, samples, reasons) => {
    const [verdict] = repeatabilityVerdicts(await report({ q: samples }));
    expect(verdict).toMatchObject({ question_id: 'q', value });
    expect(verdict?.rationale).not.toBe('');
    expect(verdict?.asi === null ? null : [verdict?.asi.severity, verdict?.asi.confidence]).toEqual(
      reasons === null ? null : [reasons[0], expect.closeTo(reasons[1], 6)],
    );
  });

  it('names asset, share and number of answers, and a remedy for the asset', async () => {
    const [verdict] = repeatabilityVerdicts(
      await report({ q: [sample('a', 'TVF'), sample('a', 'TVF'), sample('b', 'TVF')] }),
    );
    expect(verdict?.asi).toMatchObject({
      failure_type: 'repeatability_issue',
      blame_set: ['asset_routing:TVF'],
      ambiguity_detected: true,
      expected_value: 'identical answers, 100 %',
      actual_value: 'SIGNIFICANT_VARIANCE, 66.7 %, 2 variants',
      counterfactual_fix: expect.stringContaining('parameter') as string,
    });
    expect(verdict?.rationale).toContain('66.7 %');
    expect(verdict?.rationale).toContain('TVF');
  });

  it('speaks of every question, and failures only of those that have to be mended', async () => {
    const found = await report({
      same: [sample('a'), sample('a'), sample('a')],
      wild: [sample('a'), sample('b'), sample('c')],
      minor: [sample('a'), sample('a'), sample('a'), sample('b')],
    });
    expect(repeatabilityVerdicts(found).map(({ question_id }) => question_id)).toEqual([
      'same',
      'wild',
      'minor',
    ]);
    expect(requeryFailures(found).map(({ question_id }) => question_id)).toEqual(['wild']);
  });
});
