import type { Lever } from '../levers/index.ts';
import type { Session } from '../session/index.ts';

/** What became of one attempt to improve the space through one lever. */
export type LadderOutcome =
  | 'skipped'
  /** Rejected as a whole. */
  | 'rejected'
  /** Rejected for some of its proposals; the others may be tried without them. */
  | 'rejected_in_part'
  /** Taken back without blame; the next sweep may try it again. */
  | 'inconclusive'
  | 'provisional'
  | 'accepted';

/** Levers of one sweep, in the order the rules demand. Lever 6 comes after the last sweep. */
const SWEEP_LEVERS = [1, 2, 3, 4, 5] as const satisfies readonly Lever[];
export const LAST_LEVER = 6 satisfies Lever;

/** Attempts at one lever within a sweep: the first set, and once more without the proposals that did harm. */
const MAX_ATTEMPTS = 2;

/** Where the loop stands, as the session keeps it. */
export type Position = Pick<Session, 'sweep' | 'sweep_changed' | 'next_lever' | 'lever_attempts'>;

/**
 * Where the loop goes after an attempt.
 *
 * Written in the same save as the attempt's outcome: a run killed between two levers neither repeats
 * nor skips one.
 */
export function nextPosition(session: Position, lever: Lever, outcome: LadderOutcome): Position {
  const { sweep } = session;
  const wantsSweep = outcome === 'accepted' || outcome === 'provisional' || outcome === 'inconclusive';
  const sweepChanged = session.sweep_changed || wantsSweep;
  if (outcome === 'rejected_in_part' && session.lever_attempts + 1 < MAX_ATTEMPTS) {
    return {
      sweep,
      sweep_changed: sweepChanged,
      next_lever: lever,
      lever_attempts: session.lever_attempts + 1,
    };
  }
  const goTo = (next: Lever | null, changed: boolean, nextSweep = sweep): Position => ({
    sweep: nextSweep,
    sweep_changed: changed,
    next_lever: next,
    lever_attempts: 0,
  });
  if (lever === LAST_LEVER) return goTo(null, false);
  const following = SWEEP_LEVERS.find((candidate) => candidate > lever);
  if (following !== undefined) return goTo(following, sweepChanged);
  return sweepChanged ? goTo(SWEEP_LEVERS[0], false, sweep + 1) : goTo(LAST_LEVER, false);
}
