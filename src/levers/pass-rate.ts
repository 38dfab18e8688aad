/** One answer to a question, in the order in which they were given. */
export interface Observation {
  readonly question_id: string;
  /** `null`: excluded, says nothing. */
  readonly correct: boolean | null;
  /** Class of the asset that answered, where it is known. */
  readonly actual_asset?: string | undefined;
}

export const FAILURE_STATES = ['solved', 'unproven', 'intermittent', 'persistent', 'exhausted'] as const;
/** `exhausted`: persistent, and every rung of its ladder was tried. `unproven`: too few answers to tell. */
export type FailureState = (typeof FAILURE_STATES)[number];

/** So sure must the posterior be that a question mostly passes, or mostly fails. */
export const PASS_RATE_DEFAULTS = { certainty: 0.85, mostly: 0.5, minAnswersForIntermittent: 3 } as const;

/**
 * P(pass rate ≤ x) after `passes` and `failures` of a question of which nothing was known before.
 *
 * @param x - 0–1
 * @returns 0–1
 */
export function passRateBelow(x: number, passes: number, failures: number): number {
  // The distribution function of Beta(passes + 1, failures + 1), as a sum of binomial terms.
  const n = passes + failures + 1;
  let term = 1;
  let sum = 0;
  for (let k = 0; k <= n; k++) {
    if (k > 0) term *= (n - k + 1) / k;
    if (k > passes) sum += term * x ** k * (1 - x) ** (n - k);
  }
  return Math.min(1, sum);
}

/**
 * Whether a question fails always, now and then, or no more.
 *
 * @param isExhausted - nothing is left to try for it
 */
export function failureState(observations: readonly Observation[], isExhausted = false): FailureState {
  const passes = observations.filter((item) => item.correct === true).length;
  const failures = observations.filter((item) => item.correct === false).length;
  const { certainty, mostly, minAnswersForIntermittent } = PASS_RATE_DEFAULTS;
  const below = passRateBelow(mostly, passes, failures);
  if (passes > 0 && failures > 0 && passes + failures >= minAnswersForIntermittent && below < certainty)
    return below <= 1 - certainty ? 'solved' : 'intermittent';
  if (below >= certainty) return isExhausted ? 'exhausted' : 'persistent';
  return below <= 1 - certainty ? 'solved' : 'unproven';
}
