import type { Iteration } from './iteration.ts';

/**
 * Accuracy of an evaluation under the answer keys as they are now, percent 0–100.
 *
 * Figures of two iterations compare only in this form: a corrected key must not look like progress.
 */
export const currentAccuracy = ({
  rescored_accuracy: rescored,
  overall_accuracy: measured,
}: Pick<Iteration, 'rescored_accuracy' | 'overall_accuracy'>): number | null =>
  rescored === undefined ? measured : rescored;

/** Pass rates of the judges under the answer keys as they are now, percent 0–100. */
export const currentScores = ({
  rescored_scores: rescored,
  scores: measured,
}: Pick<Iteration, 'rescored_scores' | 'scores'>): Iteration['scores'] => rescored ?? measured;
