import { describe, expect, it } from 'vitest';
import { unaccountedLevers } from '../../src/pipeline/phases/lever-exhaustion.ts';
import { leverImpact, withImpact } from '../../src/pipeline/phases/lever-impact.ts';
import { scriptedRun, synonym, TEN_QUESTIONS } from '../scenarios/scripted-run.ts';

describe('the impact of a lever', () => {
  const input = { lever: 1, before: 60, after: 70, proposals: ['why'], status: 'accepted' } as const;

  it('is accuracy after minus accuracy before, and unknown when one of them is', () => {
    expect(leverImpact(input).delta).toBe(10);
    expect(leverImpact({ ...input, after: null }).delta).toBeNull();
  });

  it('of an earlier attempt moves into the history', () => {
    const [first, second, third] = [60, 50, 40].map((before) => leverImpact({ ...input, before }));
    const impacts = [first, second, third].reduce((all, one) => (one ? withImpact(all, 1, one) : all), {});
    expect(impacts).toMatchObject({ '1': { before: 40, history: [{ before: 60 }, { before: 50 }] } });
  });
});

describe('levers that were never tried', () => {
  const untouched = { attempted: false, proposals_generated: 0, proposals_applied: 0, skip_reason: null };

  it('get the reason of now; those tried, or skipped for another reason, keep theirs', () => {
    const audit = {
      '1': { ...untouched, attempted: true },
      '2': { ...untouched, skip_reason: 'user_disabled' as const },
      '3': untouched,
    };
    expect(unaccountedLevers(audit, 'thresholds_met').skipped).toEqual([
      { lever: 3, reason: 'thresholds_met' },
      { lever: 4, reason: 'thresholds_met' },
      { lever: 5, reason: 'thresholds_met' },
    ]);
  });

  it('HC14: no run ends with a lever of which nobody can say why it was left out', async () => {
    const { session } = await scriptedRun(TEN_QUESTIONS, (lever) => (lever === 1 ? [synonym(1, 2)] : [])).run(
      {
        maxIterations: 1,
        acceptance: 'threshold',
      },
    );
    for (const lever of ['1', '2', '3', '4', '5']) {
      const row = session.lever_audit[lever];
      expect(row?.attempted === true || row?.skip_reason !== null, lever).toBe(true);
    }
    expect(session.lever_audit['3']?.skip_reason).toBe('max_iterations');
  });

  it('a run that meets its targets says so for the levers it did not need', async () => {
    const easy = TEN_QUESTIONS.map((question) => ({ ...question, easy: true }));
    const { session } = await scriptedRun(easy, () => []).run();
    expect(session.status).toBe('converged');
    expect(session.lever_audit['5']?.skip_reason).toBe('thresholds_met');
  });
});
