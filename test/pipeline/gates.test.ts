import { describe, expect, it } from 'vitest';
import { judgeP0 } from '../../src/pipeline/phases/p0-gate.ts';
import { judgeSlice } from '../../src/pipeline/phases/slice-gate.ts';
import { evaluation, row } from './rows.ts';

const twenty = (right: number) => Array.from({ length: 20 }, (_, index) => row(`q${index}`, index < right));

describe('the slice gate', () => {
  it.each([
    [20, 19, 'passed'],
    [20, 18, 'failed'],
    [10, 12, 'passed'],
  ])('compares the same questions: %d of 20 before, %d after: %s', (before, after, status) => {
    expect(judgeSlice(evaluation(twenty(after)), twenty(before), 5)).toMatchObject({ status });
  });

  it('is skipped when no question touches the change', () => {
    expect(judgeSlice(null, twenty(10), 5)).toMatchObject({ status: 'skipped', passed: null });
  });

  it('looks only at questions it has a reference for', () => {
    const slice = judgeSlice(evaluation([row('q0', true), row('new', false)]), [row('q0', true)], 5);
    expect(slice).toMatchObject({ accuracy: 100, reference_accuracy: 100, status: 'passed' });
  });

  it('fails closed when more than half of its questions could not be evaluated', () => {
    const slice = judgeSlice(
      evaluation([row('a', null), row('b', null), row('c', true)]),
      [row('c', true)],
      5,
    );
    expect(slice).toMatchObject({ status: 'error', passed: false });
  });
});

describe('the P0 gate', () => {
  const p0 = (id: string, correct: boolean | null) => row(id, correct, { priority: 'P0' });

  it('lets a question fail that failed before, unless zero failures are demanded', () => {
    const now = evaluation([p0('a', false), p0('b', true)]);
    const before = [p0('a', false), p0('b', true)];
    expect(judgeP0(now, before, 'never-regress')).toMatchObject({ status: 'passed', passed: true });
    expect(judgeP0(now, before, 'zero-failures')).toMatchObject({ status: 'failed', failures: ['a'] });
  });

  it('fails when a question that was right is wrong', () => {
    expect(judgeP0(evaluation([p0('a', false)]), [p0('a', true)], 'never-regress')).toMatchObject({
      status: 'failed',
      failures: ['a'],
    });
  });

  it.each([
    ['without P0 questions', null],
    ['when none could be evaluated', evaluation([])],
  ])('is inconclusive %s, never passed', (_, result) => {
    expect(judgeP0(result, [], 'never-regress')).toMatchObject({ status: 'inconclusive', passed: null });
  });

  it('fails closed when most of its questions are excluded', () => {
    expect(
      judgeP0(evaluation([p0('a', null), p0('b', null), p0('c', true)]), [], 'never-regress'),
    ).toMatchObject({
      status: 'error',
      passed: false,
    });
  });
});
