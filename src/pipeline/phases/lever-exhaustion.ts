import type { LeverSkipReason, Session } from '../../session/index.ts';

/** Levers that were never tried, and why not. */
export interface LeverExhaustion {
  readonly skipped: readonly { readonly lever: number; readonly reason: LeverSkipReason }[];
}

/**
 * Accounts for every lever of 1 to 5: tried, skipped with a reason, or skipped for `reason` now.
 *
 * Lever 6 must not start, nor a run end, with a lever of which nobody can say why it was left out.
 *
 * @see spec/pipeline.md §6.13
 */
export const unaccountedLevers = (
  audit: Session['lever_audit'],
  reason: LeverSkipReason,
): LeverExhaustion => ({
  skipped: [1, 2, 3, 4, 5]
    .filter((lever) => {
      const row = audit[String(lever)];
      return row?.attempted !== true && (row?.skip_reason ?? null) === null;
    })
    .map((lever) => ({ lever, reason })),
});
