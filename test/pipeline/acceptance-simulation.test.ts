import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/core/index.ts';
import {
  ACCEPTANCE_DEFAULTS,
  changeOf,
  evaluateOnce,
  simulateDecision,
  simulateRule,
  TABLE_SETTING,
  type EvidenceRule,
  type OneRunRule,
} from '../../src/pipeline/index.ts';

const { alphaRegression: alpha_regression, k, alpha, sequentialAlpha, maxRounds } = ACCEPTANCE_DEFAULTS;
const paired = (asks: number, level: number): EvidenceRule => ({
  rule: 'paired',
  alpha: level,
  alpha_regression,
  k: asks,
});
const PAIRED = paired(k, alpha);
const SEQUENTIAL: EvidenceRule = {
  rule: 'sequential',
  alpha: sequentialAlpha,
  alpha_regression,
  max_rounds: maxRounds,
};
const ONE_RUN: OneRunRule = { rule: 'one-run' };

/** Share of runs of six changes that do nothing, against one last evaluation, with any accepted. */
function anyOfSix(rule: EvidenceRule, runs: number): number {
  const random = seededRandom(`six no-ops ${rule.rule}`);
  let fooled = 0;
  for (let run = 0; run < runs; run++) {
    const change = changeOf(TABLE_SETTING, 0);
    const last = evaluateOnce(change.incumbent, random);
    const accepted = Array.from(
      { length: 6 },
      () => simulateDecision(rule, change, random, { last }).accepted,
    );
    fooled += Number(accepted.includes(true));
  }
  return fooled / runs;
}

describe('changes that do nothing', () => {
  it.each([
    ['paired', PAIRED, 0.02],
    ['sequential', SEQUENTIAL, 0.01],
  ] as const)('pass the %s rule in at most the promised share of cases', (_, rule, most) => {
    const { accepted } = simulateRule(rule, { repaired: 0, runs: 2500, random: seededRandom('no-op') });
    expect(accepted).toBeLessThanOrEqual(most);
  });

  it.each([
    ['paired', PAIRED],
    ['sequential', SEQUENTIAL],
  ] as const)('fool the %s rule in at most 5 % of runs of six', (_, rule) => {
    expect(anyOfSix(rule, 600)).toBeLessThanOrEqual(0.05);
  });

  it('fool the plain rule in about two of five cases', () => {
    const { accepted } = simulateRule(ONE_RUN, { repaired: 0, runs: 2500, random: seededRandom('no-op') });
    expect(accepted).toBeGreaterThan(0.36);
    expect(accepted).toBeLessThan(0.44);
  });
});

describe('the power table', () => {
  const REPAIRED = [0, 1, 2, 3, 4, 6] as const;

  // The published shares are themselves simulated: both have a standard error of one to two points.
  it.each([
    ['one run each', ONE_RUN, [39.7, 57, 74, 86, 94, 99], 30],
    ['two-stage, K=4, α .05', paired(4, 0.05), [1.8, 14, 46, 76, 91, 99], 76],
    ['two-stage, K=4, α .02', paired(4, 0.02), [0.7, 7, 31, 63, 85, 98], 76],
    ['two-stage, K=6, α .02', paired(6, 0.02), [0.7, 12, 48, 79, 94, 99], 98],
  ] as const)('is reproduced: %s', (name, rule, shares, meanAsks) => {
    const rows = REPAIRED.map((repaired) =>
      simulateRule(rule, { repaired, runs: 900, random: seededRandom(`${name} ${repaired}`) }),
    );
    rows.forEach(({ accepted }, index) => {
      expect(Math.abs(100 * accepted - (shares[index] ?? 0)), `f=${REPAIRED[index]}`).toBeLessThanOrEqual(5);
    });
    const asks = rows.reduce((sum, row) => sum + row.meanAsks, 0) / rows.length;
    expect(Math.abs(asks - meanAsks)).toBeLessThanOrEqual(3);
  });

  it('is beaten by the sequential rule: 90 % power for three repaired questions with 100 asks or fewer', () => {
    const { accepted, meanAsks } = simulateRule(SEQUENTIAL, {
      repaired: 3,
      runs: 900,
      random: seededRandom('sequential'),
    });
    expect(accepted).toBeGreaterThanOrEqual(0.9);
    expect(meanAsks).toBeLessThanOrEqual(100);
  });
});

describe('a service whose answers get worse while it is asked', () => {
  const drift = (round: number) => -Math.min(0.48, 0.08 * round);
  const share = (rule: EvidenceRule, order: 'interleaved' | 'one-after-the-other') =>
    simulateRule(rule, { repaired: 0, runs: 1200, random: seededRandom('drift'), design: { order, drift } })
      .accepted;

  it('fools the paired rule when the arms are asked one after the other, and not when in turns', () => {
    expect(share(PAIRED, 'one-after-the-other')).toBeGreaterThan(0.05);
    expect(share(PAIRED, 'interleaved')).toBeLessThanOrEqual(0.02);
  });

  it('does not fool the sequential rule, which asks in turns', () => {
    expect(share(SEQUENTIAL, 'interleaved')).toBeLessThanOrEqual(0.01);
  });
});
