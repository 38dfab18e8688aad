import type { ArmCount } from './evidence.ts';

/** One stratum: the same question under two configurations. */
export interface Stratum {
  readonly incumbent: ArmCount;
  readonly candidate: ArmCount;
}

/** Probabilities of the values `from`, `from + 1`, … */
interface Distribution {
  readonly from: number;
  readonly p: readonly number[];
}

/**
 * Exact one-sided p-value for "the candidate answers better", stratified by question.
 *
 * Given how often a question was answered rightly in total, chance alone deals those right answers to
 * the two arms like cards (hypergeometric); the sum over questions is their convolution. Arms may be of
 * unequal size. Without asks, or when nothing was ever right or wrong, the answer is 1.
 *
 * @returns P(candidate's right answers ≥ those seen) if both configurations answer every question alike
 * @see spec/acceptance.md §2
 */
export function stratifiedPValue(strata: readonly Stratum[]): number {
  let sum: Distribution = { from: 0, p: [1] };
  let observed = 0;
  for (const { incumbent, candidate } of strata) {
    observed += candidate.correct;
    sum = convolve(sum, hypergeometric(candidate.n, incumbent.n, candidate.correct + incumbent.correct));
  }
  const tail = sum.p.slice(Math.max(0, observed - sum.from)).reduce((total, p) => total + p, 0);
  return Math.min(1, tail);
}

/** Exact one-sided p-value for "the candidate answers this question worse". */
export const lossPValue = ({ incumbent, candidate }: Stratum): number =>
  stratifiedPValue([{ incumbent: candidate, candidate: incumbent }]);

/** Right answers among `a` asks of one arm when `right` of all `a + b` asks were answered rightly. */
function hypergeometric(a: number, b: number, right: number): Distribution {
  const from = Math.max(0, right - b);
  const to = Math.min(a, right);
  // Each weight from the one before: C(a,k)·C(b,right−k), without factorials that overflow.
  const weights = [1];
  for (let k = from; k < to; k++) {
    const last = weights[weights.length - 1] ?? 0;
    weights.push((last * (a - k) * (right - k)) / ((k + 1) * (b - right + k + 1)));
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { from, p: weights.map((weight) => weight / total) };
}

function convolve(left: Distribution, right: Distribution): Distribution {
  const p = Array.from({ length: left.p.length + right.p.length - 1 }, () => 0);
  left.p.forEach((x, i) => {
    right.p.forEach((y, j) => {
      p[i + j] = (p[i + j] ?? 0) + x * y;
    });
  });
  return { from: left.from + right.from, p };
}
