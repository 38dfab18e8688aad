import {
  applyToOther,
  CatalogEditedElsewhereError,
  isNoMerge,
  lookAtCatalog,
  placesLost,
  SpaceEditedElsewhereError,
  type ChangeRecord,
  type SpaceState,
} from '../apply/index.ts';
import { invertPlan } from '../patch-dsl/index.ts';
import type { CallOptions, CatalogPort } from '../ports/index.ts';
import { parseSpace, spaceHash, type Space } from '../spaces/index.ts';
import type { Session } from '../session/index.ts';

/** How every warning of a foreign edit that was kept begins. */
export const EDITED_BY_OTHERS = 'Somebody else edited';

/** Changes of a run that were kept, oldest first. */
export const keptRecords = ({ iterations }: Pick<Session, 'iterations'>): readonly ChangeRecord[] =>
  iterations.flatMap(({ outcome, apply_log: record }) =>
    outcome === 'rolled_back' || !record ? [] : [record],
  );

/** Whether all changes are in a space as they were made: to take them out and make them again changes nothing. */
function keepsEvery(records: readonly ChangeRecord[], space: Space): boolean {
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

/**
 * A space that somebody else edited, with everything that a run on copies has accepted; what it holds of that already
 * stays.
 *
 * @throws {SpaceEditedElsewhereError} the edit is at a place that the run has changed
 */
export function withAccepted(
  session: Pick<Session, 'iterations' | 'initial_config' | 'accepted_config' | 'space_id'>,
  live: Pick<SpaceState, 'space' | 'hash'>,
): Space {
  const initial = parseSpace(session.initial_config ?? '');
  const acceptedHash = spaceHash(parseSpace(session.accepted_config ?? ''));
  const records = acceptedRecords(session);
  const plain = withEvery(records, initial);
  // Records of an earlier layout may be missing.
  const isWhole = plain !== null && spaceHash(plain) === acceptedHash;
  if (isWhole && keepsEvery(records, live.space)) return live.space;
  const merged = isWhole ? withEvery(records, live.space) : null;
  if (merged !== null) return merged;
  throw new SpaceEditedElsewhereError(session.space_id, spaceHash(initial), live.hash, {
    places: placesTaken(records, live.space),
  });
}

/** Changes of a run that are proven, oldest first. */
export const acceptedRecords = ({ iterations }: Pick<Session, 'iterations'>): readonly ChangeRecord[] =>
  keptRecords({ iterations: iterations.filter(({ outcome }) => outcome === 'accepted') });

/** @throws {SpaceEditedElsewhereError} unless all changes are in the space that they were made to */
export function requireEvery(
  records: readonly ChangeRecord[],
  live: Pick<SpaceState, 'space' | 'hash'>,
  expected: { readonly spaceId: string; readonly hash: string },
): void {
  if (keepsEvery(records, live.space)) return;
  throw new SpaceEditedElsewhereError(expected.spaceId, expected.hash, live.hash, {
    places: placesLost(
      live.space,
      records.map(({ plan }) => plan),
    ),
  });
}

/** @throws {CatalogEditedElsewhereError} unless Unity Catalog says at every place what the changes made it say */
export async function requireEveryText(
  catalog: CatalogPort,
  records: readonly ChangeRecord[],
  options?: CallOptions,
): Promise<void> {
  const plans = records.map(({ plan }) => plan);
  const lost = (await lookAtCatalog(catalog, plans, options)).filter(({ is }) => is !== 'after');
  if (lost.length > 0) throw new CatalogEditedElsewhereError(lost.map(({ name }) => name));
}

/** A space with all changes made to it; `null` when it says something else at one of their places. */
const withEvery = (records: readonly ChangeRecord[], space: Space): Space | null =>
  knowsWhatItDid(records)
    ? unlessMismatch(null, () => records.reduce((now, { plan }) => applyToOther(now, plan), space))
    : null;

/** Places of changes at which a space says neither what was there before them nor what they left. */
function placesTaken(records: readonly ChangeRecord[], space: Space): readonly string[] {
  const plans = records.map(({ plan }) => plan);
  const undone = new Set(
    placesLost(
      space,
      plans.toReversed().map((plan) => invertPlan(plan)),
    ),
  );
  return placesLost(space, plans).filter((place) => undone.has(place));
}

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
