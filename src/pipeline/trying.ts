import type { Lever, Selection } from '../levers/index.ts';
import type { Attempt, LeverSkipReason } from '../session/index.ts';
import type { P0Result, SliceResult } from './phases.ts';
import type { LadderOutcome } from './position.ts';
import { trialsOf, type Blame } from './suspects.ts';

/** What the gates of an attempt said so far. */
export interface Gates {
  slice: SliceResult | null;
  p0: P0Result | null;
}

/** An attempt under way: one lever, one patch set. */
export interface Trying {
  readonly lever: Lever;
  readonly selection: Selection;
  readonly gates: Gates;
}

/** Why an attempt ended before its full evaluation. */
export interface Failure {
  readonly stage: Attempt['stage'];
  readonly reason: LeverSkipReason;
  readonly detail: string;
}

/** The history entries of a rejected set. */
export const trialsOfBlame = ({ blamed, cleared }: Blame, attempt: number) => [
  ...trialsOf(blamed, 'reverted', attempt),
  ...trialsOf(cleared, 'inconclusive', attempt),
];

/** What a rejected set means for the order of levers. */
export function outcomeOf(
  { blamed, cleared }: Blame,
  { proposals }: Pick<Selection, 'proposals'>,
): LadderOutcome {
  if (cleared.length > 0) return 'inconclusive';
  return blamed.length < proposals.length ? 'rejected_in_part' : 'rejected';
}
