/** Where an engine may vary: nothing at `variance` 0, near-ties and optional elements otherwise. */
export interface Dice {
  /**
   * The best of several; a rival within a small margin can win, the likelier the closer it is (KGL-2).
   *
   * At variance 0, and for equal scores, the first one wins: callers pass candidates in canonical order.
   */
  choose<T>(candidates: readonly T[], score: (candidate: T) => number): T | undefined;
  /** Whether an element that a reader could leave out is left out this time. */
  drops(): boolean;
}

/** Scores closer than this share of the better one count as a near-tie. */
export const NEAR_TIE_MARGIN = 0.08;
const DROP_RATE = 0.15;

export function diceOf(variance: number, random: () => number): Dice {
  return {
    choose(candidates, score) {
      let best: (typeof candidates)[number] | undefined;
      for (const candidate of candidates)
        if (best === undefined || score(candidate) > score(best)) best = candidate;
      if (best === undefined || variance === 0) return best;
      const top = score(best);
      const rivals = candidates.filter(
        (candidate) => candidate !== best && top > 0 && (top - score(candidate)) / top < NEAR_TIE_MARGIN,
      );
      for (const rival of rivals) {
        const margin = (top - score(rival)) / top;
        if (random() < (variance * (1 - margin / NEAR_TIE_MARGIN)) / 2) return rival;
      }
      return best;
    },
    drops: () => variance > 0 && random() < variance * DROP_RATE,
  };
}
