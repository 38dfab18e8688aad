import { patchFingerprint, type HistoryEntry, type Proposal } from '../levers/index.ts';
import type { Trial } from '../session/index.ts';
import { drawnBy, type NewlyRead } from './newly-read.ts';

/** Times a proposal may be taken back for reasons that are not its own before it counts as tried. */
export const MAX_INCONCLUSIVE = 2;

/** What a rejected set is held against. */
export interface Evidence {
  /** Questions that turned wrong. */
  readonly losses: readonly string[];
  /** Questions that turned right. */
  readonly wins: readonly string[];
  /** The set was never judged: a statement failed, an evaluation broke off. */
  readonly isTechnical: boolean;
  /** What the answers to the lost questions read now and did not before. */
  readonly read?: NewlyRead;
}

/** Which proposals of a rejected set are to blame, and which may be tried again. */
export interface Blame {
  readonly blamed: readonly Proposal[];
  /** They kept their promise on at least one question, or were never judged. */
  readonly cleared: readonly Proposal[];
}

/**
 * Shares out the blame for a rejected set.
 *
 * Proposals that put a lost question at risk are to blame, else those that say something about what its answer was
 * drawn to. Where no single one can be told apart, all are that did not win a question they were made for.
 */
export function blameOf(
  proposals: readonly Proposal[],
  { losses, wins, isTechnical, read }: Evidence,
): Blame {
  if (isTechnical) return { blamed: [], cleared: proposals };
  const atRisk = proposals.filter((proposal) => proposal.questions_at_risk.some((id) => losses.includes(id)));
  const drawn = atRisk.length > 0 || read === undefined ? [] : drawnBy(proposals, read);
  // When all of them are suspects, nobody is.
  const suspects = atRisk.length > 0 ? atRisk : drawn.length < proposals.length ? drawn : [];
  const isKept = (proposal: Proposal) => proposal.question_ids.some((id) => wins.includes(id));
  if (suspects.length > 0) return { blamed: suspects, cleared: [] };
  return {
    blamed: proposals.filter((proposal) => !isKept(proposal)),
    cleared: proposals.filter(isKept),
  };
}

/**
 * The history entries of proposals that were tried together.
 *
 * @param attempt - number of the attempt
 */
export const trialsOf = (
  proposals: readonly Proposal[],
  outcome: Trial['outcome'],
  attempt: number,
): Trial[] =>
  proposals.flatMap((proposal) =>
    proposal.patches.map((patch) => ({
      fingerprint: patchFingerprint(patch),
      question_ids: [...proposal.question_ids],
      failure_type: proposal.failure_type,
      lever: proposal.lever,
      outcome,
      attempt,
    })),
  );

/** The history as proposals are made from it: a patch that was inconclusive only once may come again. */
export function closedTrials(history: readonly Trial[]): HistoryEntry[] {
  const undecided = new Map<string, number>();
  for (const { fingerprint, outcome } of history) {
    if (outcome === 'inconclusive') undecided.set(fingerprint, (undecided.get(fingerprint) ?? 0) + 1);
  }
  return history.flatMap((trial): HistoryEntry[] => {
    if (trial.outcome !== 'inconclusive') return [trial as HistoryEntry];
    if ((undecided.get(trial.fingerprint) ?? 0) < MAX_INCONCLUSIVE) return [];
    return [{ ...trial, outcome: 'reverted' } as HistoryEntry];
  });
}
