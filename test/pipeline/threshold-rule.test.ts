import { describe, expect, it } from 'vitest';
import { decideByThreshold } from '../../src/pipeline/index.ts';
import { evaluation, row, verdict } from './rows.ts';

const options = { regressionThresholdPp: 2, p0Mode: 'never-regress' } as const;
const decide = (before: ReturnType<typeof evaluation>, after: ReturnType<typeof evaluation>, tip = before) =>
  decideByThreshold({ accepted: before, tip, candidate: after }, options);

describe('the threshold rule', () => {
  it('accepts when more questions are right and none is lost', () => {
    const decision = decide(
      evaluation([row('a', false), row('b', true)]),
      evaluation([row('a', true), row('b', true)]),
    );
    expect(decision).toMatchObject({ decision: 'accepted', wins: ['a'], losses: [], delta_pp: 50 });
  });

  it('rejects when nothing changed', () => {
    const same = evaluation([row('a', false), row('b', true)]);
    expect(decide(same, same)).toMatchObject({ decision: 'rejected', reason: 'No question improved.' });
  });

  it('rejects a loss and names the question', () => {
    const decision = decide(
      evaluation([row('a', true), row('b', false)]),
      evaluation([row('a', false), row('b', false)]),
    );
    expect(decision.decision).toBe('rejected');
    expect(decision.reason).toContain('a');
  });

  it('rejects a lost P0 question even when more questions are won', () => {
    const before = evaluation([row('a', true, { priority: 'P0' }), row('b', false), row('c', false)]);
    const after = evaluation([row('a', false, { priority: 'P0' }), row('b', true), row('c', true)]);
    expect(decide(before, after)).toMatchObject({ decision: 'rejected', delta_pp: expect.closeTo(33.3, 1) });
  });

  it('never counts an excluded row as a win or a loss', () => {
    const decision = decide(
      evaluation([row('a', null), row('b', true)]),
      evaluation([row('a', true), row('b', null)]),
    );
    expect(decision).toMatchObject({ decision: 'rejected', wins: [], losses: [], delta_pp: null });
  });

  it('refuses to compare evaluations of different questions', () => {
    const decision = decide(
      evaluation([row('a', false)]),
      evaluation([row('a', true)], { benchmark_fingerprint: 'other' }),
    );
    expect(decision.decision).toBe('rejected');
    expect(decision.reason).toContain('cannot be compared');
  });

  it.each([
    [60, 59.95, 'accepted'],
    [60, 57.9, 'rejected'],
  ])(
    'measures a judge over the questions it scored on both sides: %d to %d is %s',
    (previous, current, expected) => {
      const judged = (share: number, correct: (index: number) => boolean) =>
        evaluation(
          Array.from({ length: 2000 }, (_, index) =>
            row(`q${index}`, correct(index), {
              verdicts: verdict('completeness', index < share * 20 ? 'yes' : 'no'),
            }),
          ),
        );
      expect(
        decide(
          judged(previous, () => false),
          judged(current, (index) => index === 0),
        ).decision,
      ).toBe(expected);
    },
  );

  it('ignores a judge that merely scores more rows than before', () => {
    const before = evaluation([
      row('a', false, { verdicts: verdict('completeness', 'skipped') }),
      row('b', false),
    ]);
    const after = evaluation([row('a', false, { verdicts: verdict('completeness', 'no') }), row('b', true)]);
    expect(decide(before, after).decision).toBe('accepted');
  });

  it('keeps a change on trial when verdicts improve although no question turned yet', () => {
    const before = evaluation([row('a', false, { verdicts: verdict('schema_accuracy', 'no') })]);
    const after = evaluation([row('a', false, { verdicts: verdict('schema_accuracy', 'yes') })]);
    expect(decide(before, after).decision).toBe('provisional');
    expect(decide(before, after, after).decision).toBe('rejected');
  });
});
