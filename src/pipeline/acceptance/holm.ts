/**
 * Holm's step-down adjustment: reject where the adjusted value is at most `alpha`, and the chance of any
 * wrong rejection stays at most `alpha`.
 *
 * @returns adjusted p-values, in the order given
 */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const adjusted = Array.from({ length: pValues.length }, () => 1);
  let running = 0;
  order.forEach(({ p, index }, rank) => {
    running = Math.max(running, Math.min(1, p * (pValues.length - rank)));
    adjusted[index] = running;
  });
  return adjusted;
}
