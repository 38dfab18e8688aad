import type { Lever, Proposal, Selection } from '../levers/index.ts';
import type { LeverAudit, LeverSkipReason, Session } from '../session/index.ts';
import { withImpact, type LeverImpact } from './phases/lever-impact.ts';

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

/** Those of `proposals` that a list of the session does not hold yet; the rationale tells them apart. */
export function notListed(
  proposals: readonly Proposal[],
  listed: readonly { readonly rationale: string }[],
): readonly Proposal[] {
  const known = new Set(listed.map(({ rationale }) => rationale));
  return proposals.filter(({ rationale }) => !known.has(rationale));
}

/**
 * What every finished attempt writes, in the same save as its outcome: a kill in between repeats the
 * attempt whole.
 *
 * @param impact - `null`: the attempt ended before a full evaluation
 * @param skipReason - why nothing was kept; `null` when something was
 */
export function endOfAttempt(
  session: Session,
  lever: Lever,
  selection: Selection,
  impact: LeverImpact | null,
  skipReason: LeverSkipReason | null,
): Partial<Session> {
  const kept = skipReason === null ? selection.proposals.length : 0;
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
    lever_impacts: withImpact(
      session.lever_impacts,
      lever,
      impact ?? {
        before: session.best_overall_accuracy,
        after: null,
        delta: null,
        proposals: selection.proposals.map((proposal) => proposal.rationale),
        status: 'rolled_back',
      },
    ),
  };
}
