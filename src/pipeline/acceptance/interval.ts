import { hashOf, seededRandom } from '../../core/index.ts';

/** Resamples of the bootstrap; the same differences always give the same interval. */
const RESAMPLES = 2000;
const LEVEL = 0.95;

/**
 * Estimated change of accuracy over the questions, and how far it may be off for other questions of the
 * same kind: a 95 % percentile interval of a paired bootstrap that draws questions, not asks.
 *
 * Asking the same questions again does not make it narrower; only more questions do. With fewer than
 * two questions there is no interval.
 *
 * @param differences - change of each question's chance of a right answer, −1 to 1
 */
export function intervalOverQuestions(differences: readonly number[]): {
  readonly estimated_delta_pp: number | null;
  readonly interval_pp: [number, number] | null;
} {
  const { length } = differences;
  if (length === 0) return { estimated_delta_pp: null, interval_pp: null };
  const mean = (100 * differences.reduce((sum, value) => sum + value, 0)) / length;
  if (length < 2) return { estimated_delta_pp: mean, interval_pp: null };
  const random = seededRandom(hashOf(differences));
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    for (let draw = 0; draw < length; draw++) sum += differences[Math.floor(random() * length)] ?? 0;
    return (100 * sum) / length;
  }).sort((a, b) => a - b);
  const at = (quantile: number) => means[Math.round(quantile * (RESAMPLES - 1))] ?? mean;
  return { estimated_delta_pp: mean, interval_pp: [at((1 - LEVEL) / 2), at((1 + LEVEL) / 2)] };
}
