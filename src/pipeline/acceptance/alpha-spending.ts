/** How the error rate is shared among the candidates of a run. */
export const ALPHA_SPENDING = ['none', 'bonferroni', 'online'] as const;
export type AlphaSpending = (typeof ALPHA_SPENDING)[number];

/** Σ 1/i² over all i. */
const BASEL = Math.PI ** 2 / 6;

/**
 * The level at which the `index`-th candidate of a run (from 1) is tested.
 *
 * `none`: every candidate at `alpha`. `bonferroni`: `alpha` divided by the most candidates the run may
 * try. `online`: shares that fall with 1/i² and add up to `alpha` however many follow.
 */
export function alphaFor(
  spending: AlphaSpending,
  alpha: number,
  candidate: { readonly index: number; readonly most: number },
): number {
  if (spending === 'none') return alpha;
  if (spending === 'bonferroni') return alpha / Math.max(1, candidate.most);
  return alpha / (BASEL * candidate.index ** 2);
}

/**
 * The bound on the chance that a run accepts any change that does not help, after `tried` candidates.
 *
 * By the union bound, which needs no independence.
 */
export const familywiseBound = (spending: AlphaSpending, alpha: number, tried: number): number =>
  Math.min(1, spending === 'none' ? alpha * tried : tried === 0 ? 0 : alpha);
