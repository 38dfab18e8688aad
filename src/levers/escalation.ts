import type { FailureType } from '../asi/index.ts';
import type { HistoryEntry } from './memory.ts';
import type { Lever } from './proposal.ts';

/** One step of a ladder: a lever, or a word to the owner of the data. */
export type Rung = Lever | 'recommendation';

/**
 * What to try for a cause, in this order; a cause that is not listed takes its own lever, then an instruction.
 *
 * @see spec/asi-clustering-levers.md §10
 */
export const LADDERS: Readonly<Partial<Record<FailureType, readonly Rung[]>>> = {
  missing_temporal_filter: [1, 2, 6, 3, 'recommendation'],
  tvf_parameter_error: [3, 6, 'recommendation'],
  asset_routing_error: [1, 2, 3, 6, 'recommendation'],
};

/** Causes for which a rung that failed is not tried a second time with other words. */
export const STRICT_LADDERS: ReadonlySet<FailureType> = new Set(['missing_temporal_filter']);

/** The ladder of a cause whose own lever is known. */
export const ladderOf = (type: FailureType, own: Lever | 0): readonly Rung[] =>
  LADDERS[type] ?? (own === 0 || own === 6 ? [6] : [own, 6]);

/** Levers through which a cause of a question was attacked without lasting success. */
export const triedRungs = (
  history: readonly HistoryEntry[],
  questionId: string,
  type: FailureType,
): ReadonlySet<Lever> =>
  new Set(
    history
      .filter((entry) => entry.failure_type === type && entry.question_ids.includes(questionId))
      .map((entry) => entry.lever),
  );

/** The next rung for a question that still fails; `null` when the ladder is used up. */
export function nextRung(
  history: readonly HistoryEntry[],
  questionId: string,
  type: FailureType,
  own: Lever | 0,
): Rung | null {
  const tried = triedRungs(history, questionId, type);
  return ladderOf(type, own).find((rung) => rung === 'recommendation' || !tried.has(rung)) ?? null;
}
