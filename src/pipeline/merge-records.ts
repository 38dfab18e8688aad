import { applyToOther, isNoMerge, type ChangeRecord } from '../apply/index.ts';
import { invertPlan } from '../patch-dsl/index.ts';
import { spaceHash, type Space } from '../spaces/index.ts';
import type { Session } from '../session/index.ts';

/** Changes of a run that were kept, oldest first. */
export const keptRecords = ({ iterations }: Pick<Session, 'iterations'>): readonly ChangeRecord[] =>
  iterations.flatMap(({ outcome, apply_log: record }) =>
    outcome === 'rolled_back' || !record ? [] : [record],
  );

/** Whether all changes are in a space as they were made: to take them out and make them again changes nothing. */
export function keepsEvery(records: readonly ChangeRecord[], space: Space): boolean {
  return (
    knowsWhatItDid(records) &&
    unlessMismatch(false, () => {
      const without = records
        .toReversed()
        .reduce((now, { plan }) => applyToOther(now, invertPlan(plan)), space);
      const again = records.reduce((now, { plan }) => applyToOther(now, plan), without);
      return spaceHash(again) === spaceHash(space);
    })
  );
}

/** A space with all changes made to it; `null` when it says something else at one of their places. */
export const withEvery = (records: readonly ChangeRecord[], space: Space): Space | null =>
  knowsWhatItDid(records)
    ? unlessMismatch(null, () => records.reduce((now, { plan }) => applyToOther(now, plan), space))
    : null;

/** Records of an earlier layout hold texts, but not what was done. */
const knowsWhatItDid = (records: readonly ChangeRecord[]): boolean =>
  records.every(({ plan }) => plan.patches.length > 0);

function unlessMismatch<T>(otherwise: T, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isNoMerge(error)) throw error;
    return otherwise;
  }
}
