import { readSpace, type SpaceState } from '../apply/index.ts';
import type { CatalogSnapshot } from '../ports/index.ts';
import { lastIteration, type Session } from '../session/index.ts';
import { takeOver } from './apply-keys.ts';
import { measureAsFound } from './baseline.ts';
import { catalogFingerprint } from './catalog-fingerprint.ts';
import { takeBackUnproven } from './drop-provisional.ts';
import { enterPlace } from './isolation.ts';
import { EDITED_BY_OTHERS, keptRecords, requireEvery, requireEveryText } from './merge-records.ts';
import { readCatalog, type Run } from './run.ts';
import { InvariantError } from './verify-state.ts';
import { withWarnings } from './with-warnings.ts';

/**
 * Looks whether the space, where the run works in it, and Unity Catalog are as this run left them.
 *
 * An edit of somebody else at places that the run has not changed is kept: what awaits its proof is taken back, and
 * the last accepted state is measured again with the edit, since no figure from before it says anything about it.
 * While a run works on copies an edit of the space itself changes none of its figures; it is merged at promotion.
 *
 * @throws {SpaceEditedElsewhereError} @throws {CatalogEditedElsewhereError} the edit is at a place that the run has
 * changed; nothing is overwritten
 * @throws {InvariantError} the space is back in a state that this run had left behind
 * @see docs/decisions/0009-edits-of-others-are-followed.md
 */
export async function followLive(
  run: Run,
  /** Reading all of Unity Catalog takes seconds: a run looks when it begins, when it is resumed and once a sweep. */
  { looksAtCatalog }: { readonly looksAtCatalog: boolean },
): Promise<void> {
  // What comes after the end of a run is none of its business.
  if (run.recorder.current().status !== 'in_progress') return;
  const isSpaceEdited = await lookAtSpace(run);
  const isCatalogEdited = looksAtCatalog && (await lookAtCatalogTexts(run));
  if (!isSpaceEdited && !isCatalogEdited) return;
  const { ctx, recorder } = run;
  const what = isSpaceEdited ? 'the space' : 'a text in Unity Catalog';
  const message = `${EDITED_BY_OTHERS} ${what} during the run. The edit is kept; the space is measured again with it.`;
  ctx.emit({ type: 'warning', code: isSpaceEdited ? 'SPACE_FOLLOWED' : 'CATALOG_FOLLOWED', message });
  await recorder.update((session) => withWarnings(session, message));
  await takeBackUnproven(run, `Somebody else edited ${what} meanwhile.`);
  if (recorder.current().isolation === 'clone') await enterPlace(run);
  const place = run.place.incumbentId ?? ctx.spaceId;
  await measureAgain(run, await readSpace(ctx.workspace.genie, place, { signal: ctx.signal }));
}

async function lookAtSpace({ ctx, recorder, tip, accepted }: Run): Promise<boolean> {
  const session = recorder.current();
  if (session.isolation !== 'live') return false;
  const found = await readSpace(ctx.workspace.genie, ctx.spaceId, { signal: ctx.signal });
  if (found.hash === tip.state.hash)
    return lastIteration(session, 'accepted')?.config_hash !== accepted.state.hash;
  const details = { spaceId: ctx.spaceId, expectedHash: tip.state.hash, foundHash: found.hash };
  if (statesOf(session).has(found.hash))
    throw new InvariantError('lever', `space ${ctx.spaceId} is in a state that the run had left.`, details);
  requireEvery(keptRecords(session), found, { spaceId: ctx.spaceId, hash: tip.state.hash });
  return true;
}

/** Not after the last lever: nothing is compared with these figures any more. */
async function lookAtCatalogTexts({ ctx, recorder, tip }: Run): Promise<boolean> {
  const session = recorder.current();
  const measured =
    session.provisional_apply_logs.length > 0
      ? lastIteration(session, 'provisional')
      : lastIteration(session, 'accepted');
  if (session.next_lever === null || session.promotion !== null) return false;
  // Sessions of earlier versions do not say what Unity Catalog said.
  if (measured?.catalog_fingerprint === undefined) return false;
  const found: CatalogSnapshot = await readCatalog(ctx, tip.state.space);
  if (catalogFingerprint(found) === measured.catalog_fingerprint) return false;
  await requireEveryText(ctx.workspace.catalog, keptRecords(session), { signal: ctx.signal });
  return true;
}

async function measureAgain(run: Run, live: SpaceState): Promise<void> {
  const { ctx, recorder, suite, place } = run;
  await recorder.update(() => ({ accepted_config: live.text }));
  const measured = await measureAsFound(
    { ctx, recorder, suite, live, catalog: await readCatalog(ctx, live.space) },
    recorder.current().current_iteration + 1,
    'The space with the edit of somebody else.',
    place,
  );
  takeOver(run, measured);
}

/** Every state of the space that the run has made or found. */
const statesOf = ({ iterations }: Session): ReadonlySet<string> =>
  new Set(
    iterations.flatMap(({ config_hash: measured, apply_log: record }) => [
      measured,
      ...(record ? [record.pre_hash, record.post_hash] : []),
    ]),
  );
