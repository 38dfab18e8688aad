import { patchFingerprint, type Proposal } from '../levers/index.ts';
import type { Trial } from '../session/index.ts';

/**
 * Which proposals of a rejected set to blame: those that put a lost question at risk.
 *
 * All of them when nothing was lost (the set as a whole did not help) or when no single one can be
 * told apart.
 */
export function suspectsOf(proposals: readonly Proposal[], losses: readonly string[]): readonly Proposal[] {
  const suspects = proposals.filter((proposal) =>
    proposal.questions_at_risk.some((id) => losses.includes(id)),
  );
  return suspects.length === 0 ? proposals : suspects;
}

/** The history entries of proposals that were tried. */
export const trialsOf = (proposals: readonly Proposal[], outcome: Trial['outcome']): Trial[] =>
  proposals.flatMap((proposal) =>
    proposal.patches.map((patch) => ({
      fingerprint: patchFingerprint(patch),
      question_ids: [...proposal.question_ids],
      failure_type: proposal.failure_type,
      lever: proposal.lever,
      outcome,
    })),
  );
