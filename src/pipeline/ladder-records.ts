import type { Lever } from '../levers/index.ts';
import type { Decision, LeverAudit, LeverSkipReason, Session } from '../session/index.ts';
import type { Selection } from './select-patches.ts';

/** The audit table with one lever's row changed. */
export function withAudit(
  session: Session,
  lever: Lever,
  change: Partial<LeverAudit>,
): Session['lever_audit'] {
  const row = session.lever_audit[String(lever)] ?? {
    attempted: false,
    proposals_generated: 0,
    proposals_applied: 0,
    skip_reason: null,
  };
  return { ...session.lever_audit, [String(lever)]: { ...row, ...change } };
}

/**
 * What every finished attempt writes, in the same save as its outcome: a kill in between repeats the
 * attempt whole.
 *
 * @param skipReason - why nothing was kept; `null` when something was
 */
export function endOfAttempt(
  session: Session,
  lever: Lever,
  selection: Selection,
  decision: Decision | null,
  skipReason: LeverSkipReason | null,
): Partial<Session> {
  const kept = skipReason === null ? selection.proposals.length : 0;
  const before = session.best_overall_accuracy;
  const delta = decision?.delta_pp ?? null;
  return {
    pending: null,
    current_patch_set: null,
    current_apply_log: null,
    patched_objects: [],
    iterations_used: session.iterations_used + 1,
    lever_audit: withAudit(session, lever, {
      proposals_applied: (session.lever_audit[String(lever)]?.proposals_applied ?? 0) + kept,
      skip_reason: skipReason,
    }),
    lever_impacts: {
      ...session.lever_impacts,
      [String(lever)]: {
        before,
        after: before === null || delta === null ? null : before + delta,
        delta,
        proposals: selection.proposals.map((proposal) => proposal.rationale),
        status: decision === null || decision.decision === 'rejected' ? 'rolled_back' : decision.decision,
      },
    },
  };
}
