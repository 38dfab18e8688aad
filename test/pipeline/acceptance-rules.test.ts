import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alphaFor,
  familywiseBound,
  freshEvidence,
  holmAdjusted,
  intervalOverQuestions,
  lossEvidence,
  nextStep,
  stratifiedPValue,
  winEvidence,
  withRound,
  type EvidenceRule,
  type QuestionEvidence,
  type Stratum,
} from '../../src/pipeline/index.ts';

const stratum = (a: number, right: number, b: number, before: number): Stratum => ({
  candidate: { n: a, correct: right },
  incumbent: { n: b, correct: before },
});

/** P(candidate total ≥ observed), by going through every way to deal the right answers to the asks. */
function slowPValue(strata: readonly Stratum[]): number {
  const observed = strata.reduce((sum, { candidate }) => sum + candidate.correct, 0);
  let sums = new Map([[0, 1]]);
  for (const { candidate, incumbent } of strata) {
    const total = candidate.n + incumbent.n;
    const right = candidate.correct + incumbent.correct;
    const next = new Map<number, number>();
    for (let mask = 0; mask < 2 ** total; mask++) {
      const bits = Array.from({ length: total }, (_, i) => (mask >> i) & 1);
      if (bits.reduce((sum, bit) => sum + bit, 0) !== right) continue;
      const mine = bits.slice(0, candidate.n).reduce((sum, bit) => sum + bit, 0);
      for (const [sum, weight] of sums) next.set(sum + mine, (next.get(sum + mine) ?? 0) + weight);
    }
    sums = next;
  }
  const all = [...sums.values()].reduce((sum, weight) => sum + weight, 0);
  const tail = [...sums].filter(([sum]) => sum >= observed).reduce((sum, [, weight]) => sum + weight, 0);
  return tail / all;
}

describe('the exact stratified test', () => {
  it.each([
    ['four of four against none of four', [stratum(4, 4, 4, 0)], 1 / 70],
    ['the other way round', [stratum(4, 0, 4, 4)], 1],
    ['one against one', [stratum(1, 1, 1, 0)], 1 / 2],
    ['nothing asked', [], 1],
    ['always right on both sides', [stratum(5, 5, 5, 5)], 1],
    ['unequal arms', [stratum(4, 4, 1, 0)], 1 / 5],
    ['two questions', [stratum(4, 4, 1, 0), stratum(4, 4, 1, 0)], 1 / 25],
  ])('%s', (_, strata, p) => {
    expect(stratifiedPValue(strata)).toBeCloseTo(p, 12);
  });

  it('equals the count of all ways to deal the right answers', () => {
    const arm = fc
      .integer({ min: 0, max: 4 })
      .chain((n) => fc.integer({ min: 0, max: n }).map((correct) => ({ n, correct })));
    const strata = fc.array(fc.record({ candidate: arm, incumbent: arm }), { maxLength: 3 });
    fc.assert(
      fc.property(strata, (list) => {
        expect(stratifiedPValue(list)).toBeCloseTo(slowPValue(list), 9);
      }),
    );
  });
});

describe('the e-value', () => {
  it('expects no gain whatever the common chance of both arms is, so it may be looked at any time', () => {
    const none = { won: 0, lost: 0, both: 0, neither: 0 };
    const history = fc.record({ won: fc.nat(6), lost: fc.nat(6), both: fc.nat(6), neither: fc.nat(6) });
    fc.assert(
      fc.property(history, fc.double({ min: 0, max: 1, noNaN: true }), (pairs, p) => {
        for (const evidence of [winEvidence, lossEvidence]) {
          const after =
            p * (1 - p) * evidence({ ...pairs, won: pairs.won + 1 }) +
            (1 - p) * p * evidence({ ...pairs, lost: pairs.lost + 1 }) +
            p * p * evidence({ ...pairs, both: pairs.both + 1 }) +
            (1 - p) * (1 - p) * evidence({ ...pairs, neither: pairs.neither + 1 });
          expect(after).toBeLessThanOrEqual(evidence(pairs) * (1 + 1e-9));
        }
      }),
    );
    expect(winEvidence(none)).toBeCloseTo(1, 12);
  });
});

describe("Holm's adjustment", () => {
  it.each([
    [
      [0.01, 0.04, 0.03],
      [0.03, 0.06, 0.06],
    ],
    [[], []],
    [
      [0.5, 0.9],
      [1, 1],
    ],
  ])('of %j is %j', (given, adjusted) => {
    holmAdjusted(given).forEach((p, index) => expect(p).toBeCloseTo(adjusted[index] ?? -1, 12));
    expect(holmAdjusted(given)).toHaveLength(adjusted.length);
  });
});

describe('the levels of several candidates', () => {
  it('add up to no more than alpha, however many there are', () => {
    const online = Array.from({ length: 500 }, (_, i) => alphaFor('online', 0.05, { index: i + 1, most: 7 }));
    expect(online.reduce((sum, level) => sum + level, 0)).toBeLessThanOrEqual(0.05);
    expect(7 * alphaFor('bonferroni', 0.05, { index: 3, most: 7 })).toBeCloseTo(0.05, 12);
    expect(alphaFor('none', 0.05, { index: 3, most: 7 })).toBe(0.05);
  });

  it.each([
    ['none', 3, 0.06],
    ['none', 100, 1],
    ['bonferroni', 3, 0.02],
    ['online', 3, 0.02],
    ['online', 0, 0],
  ] as const)('%s after %d candidates bounds the error of the run by %d', (spending, tried, bound) => {
    expect(familywiseBound(spending, 0.02, tried)).toBeCloseTo(bound, 12);
  });
});

describe('the interval over questions', () => {
  it('is the same for the same questions, and holds the estimate', () => {
    const differences = [1, 1, 0, 0, 0, 0, -1, 0, 0, 0.5];
    const first = intervalOverQuestions(differences);
    expect(intervalOverQuestions(differences)).toEqual(first);
    expect(first.estimated_delta_pp).toBeCloseTo(15, 12);
    expect(first.interval_pp?.[0]).toBeLessThan(15);
    expect(first.interval_pp?.[1]).toBeGreaterThan(15);
  });

  it('gets narrower with more questions', () => {
    const width = (times: number) => {
      const { interval_pp: interval } = intervalOverQuestions(
        Array.from({ length: 10 * times }, (_, i) => (i % 5 === 0 ? 1 : 0)),
      );
      return (interval?.[1] ?? 0) - (interval?.[0] ?? 0);
    };
    expect(width(8)).toBeLessThan(width(1) / 2);
  });

  it.each([[[]], [[1]]])('of %j is none', (differences) => {
    expect(intervalOverQuestions(differences).interval_pp).toBeNull();
  });
});

describe('a rule', () => {
  const paired: EvidenceRule = { rule: 'paired', alpha: 0.05, alpha_regression: 0.05, k: 4 };
  const sequential: EvidenceRule = {
    rule: 'sequential',
    alpha: 0.01,
    alpha_regression: 0.05,
    max_rounds: 12,
  };
  const asked = (
    id: string,
    turned: 'win' | 'loss',
    rounds: number,
    incumbent: boolean,
    candidate: boolean,
    isP0 = false,
  ): QuestionEvidence =>
    Array.from({ length: rounds }, () => ({ incumbent, candidate })).reduce(
      withRound,
      freshEvidence(id, turned, isP0),
    );

  it.each([
    ['nothing won', [freshEvidence('a', 'loss')], false],
    ['nothing turned', [], false],
    [
      'fewer won than lost',
      [freshEvidence('a', 'win'), freshEvidence('b', 'loss'), freshEvidence('c', 'loss')],
      false,
    ],
    ['a question repaired', [asked('a', 'win', 4, false, true)], true],
    ['a question that was right all along', [asked('a', 'win', 4, true, true)], false],
  ])('that is paired decides without asking more: %s', (_, evidence, accepted) => {
    expect(nextStep(paired, evidence)).toMatchObject({ kind: 'decided', accepted });
  });

  it('that is paired asks every question that turned, the lost ones too', () => {
    const evidence = [freshEvidence('a', 'win'), freshEvidence('b', 'loss')];
    expect(nextStep(paired, evidence)).toEqual({ kind: 'ask', questionIds: ['a', 'b'] });
  });

  it.each([paired, sequential])(
    '($rule) refuses a question broken beyond chance, whatever else is repaired',
    (rule) => {
      const evidence = [
        ...['a', 'b', 'c', 'd'].map((id) => asked(id, 'win', 8, false, true)),
        asked('x', 'loss', 8, true, false),
      ];
      const step = nextStep({ ...rule, ...(rule.rule === 'paired' ? { k: 8 } : {}) }, evidence);
      expect(step).toMatchObject({ kind: 'decided', accepted: false });
      expect(step.kind === 'decided' && step.reason).toContain('x');
    },
  );

  it.each([paired, sequential])('($rule) refuses a P0 question that is right much less often', (rule) => {
    const lost = Array.from({ length: 3 }, () => ({ incumbent: true, candidate: false })).reduce(
      withRound,
      asked('p', 'loss', 9, true, true, true),
    );
    const evidence = [...['a', 'b', 'c'].map((id) => asked(id, 'win', 4, false, true)), lost];
    const step = nextStep(rule, evidence);
    expect(step).toMatchObject({ kind: 'decided', accepted: false });
    expect(step.kind === 'decided' && step.reason).toContain('P0');
  });

  it('that is sequential makes sure of a lost question before it accepts', () => {
    const evidence = [
      ...['a', 'b', 'c'].map((id) => asked(id, 'win', 4, false, true)),
      asked('x', 'loss', 1, true, false),
    ];
    expect(nextStep(sequential, evidence)).toEqual({ kind: 'ask', questionIds: ['x'] });
  });

  it('that is sequential gives up once the level is out of reach', () => {
    const evidence = [asked('a', 'win', 12, true, true)];
    expect(nextStep(sequential, evidence)).toMatchObject({ kind: 'decided', accepted: false });
  });

  it('counts a lost ask for neither arm', () => {
    const evidence = withRound(freshEvidence('a', 'win'), { incumbent: null, candidate: true });
    expect(evidence).toMatchObject({ incumbent: { n: 0 }, candidate: { n: 1 }, pairs: { won: 0 } });
  });
});
