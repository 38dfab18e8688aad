import { hasCode, messageOf, OptimizerError } from '../core/index.ts';
import { invertPlan } from '../patch-dsl/index.ts';
import { serializeSpace } from '../spaces/index.ts';
import { applyToOther, isNoMerge, placesOf } from './apply-to-other.ts';
import type { ChangePorts } from './change-ports.ts';
import { isUnfinished, type ChangeRecord } from '../session/index.ts';
import { undoFileEdit } from './file-edits.ts';
import {
  MAX_MERGES,
  readSpace,
  SpaceEditedElsewhereError,
  writeSpace,
  type SpaceState,
} from './space-state.ts';
import { CatalogEditedElsewhereError, catalogPlacesOf, lookAtCatalog } from './verify-catalog.ts';

/** What could not be put back, each with the reason. */
export interface UndoFailure {
  readonly object: string;
  readonly message: string;
}

/** A change was taken back only in part; the record holds both sides of everything. */
export class ChangeNotUndoneError extends OptimizerError {
  constructor(record: ChangeRecord, failures: readonly UndoFailure[], cause?: unknown) {
    super(
      `Change ${record.change_id} of space ${record.space_id} could not be taken back whole: ${failures
        .map(({ object, message }) => `${object}: ${message}`)
        .join('; ')}. The journal holds what was there before; repeat the rollback once the cause is gone.`,
      {
        code: 'CHANGE_NOT_UNDONE',
        details: { changeId: record.change_id, spaceId: record.space_id, failures },
        cause,
      },
    );
  }
}

export interface UndoOptions {
  /** Stores the record when everything is back. */
  readonly save: (record: ChangeRecord) => Promise<void>;
  /** Why the change is undone; kept as the cause of an error. */
  readonly cause?: unknown;
  /** Places of Unity Catalog that the change has just written, in whatever spelling they read back. */
  readonly ours?: readonly string[] | undefined;
}

/**
 * Takes a change back from its record: files, then the space, then the statements, last one first. Safe to repeat.
 *
 * What somebody else changed since stays: the inverse is merged into the space as it is. Objects that cannot be
 * restored do not keep the others from being restored.
 * @throws {ChangeNotUndoneError} naming every object that is not as it was
 */
export async function undoChange(
  record: ChangeRecord,
  ports: ChangePorts,
  { save, cause, ours = [] }: UndoOptions,
): Promise<ChangeRecord> {
  if (record.state === 'undone') return record;
  const failures: UndoFailure[] = [];
  const attempt: Attempt = async (object, work) => {
    try {
      return await work();
    } catch (error) {
      failures.push({ object, message: messageOf(error) });
      return undefined;
    }
  };
  for (const file of begun(record.files, record.progress.files, record).toReversed())
    await attempt(file.path, () => undoFileEdit(ports.files, file));
  if (record.progress.space !== 'untouched')
    await attempt(`space ${record.space_id}`, () => undoSpace(record, ports));
  await undoCatalog(record, ports, { attempt, ours });
  if (failures.length > 0) throw new ChangeNotUndoneError(record, failures, cause);
  const undone: ChangeRecord = { ...record, state: 'undone', ended_at: ports.clock.now().toISOString() };
  await save(undone);
  return undone;
}

/** The effects that happened, and the one that may have: nobody can tell after a kill. */
const begun = <T>(effects: readonly T[], acknowledged: number, record: ChangeRecord): readonly T[] =>
  isUnfinished(record) ? effects.slice(0, acknowledged + 1) : effects;

/** Does a part of the work; what fails is noted, and gives `undefined`. */
type Attempt = <T>(object: string, work: () => Promise<T>) => Promise<T | undefined>;

/** Statements about a place that somebody else edited since are not run; the others are. */
async function undoCatalog(
  record: ChangeRecord,
  { sql, catalog }: ChangePorts,
  { attempt, ours }: { readonly attempt: Attempt; readonly ours: readonly string[] },
): Promise<void> {
  const { plan, progress } = record;
  const statements = begun(plan.statements, progress.statements, record);
  if (statements.length === 0) return;
  // What cannot be seen may hold an edit of somebody else.
  const places = await attempt('Unity Catalog', () => lookAtCatalog(catalog, [plan]));
  if (places === undefined) return;
  const foreign = new Set(
    places.flatMap(({ is, name }) => (is === 'other' && !ours.includes(name) ? [name] : [])),
  );
  const names = catalogPlacesOf(plan);
  for (const [at, { object, inverse_sql: inverse }] of [...statements.entries()].toReversed()) {
    const name = names[at];
    await attempt(object, async () => {
      if (name !== undefined && foreign.has(name)) throw new CatalogEditedElsewhereError([name]);
      await sql.execute(inverse);
    });
  }
}

async function undoSpace(record: ChangeRecord, { genie }: ChangePorts): Promise<void> {
  const { space_id: spaceId, pre_config: before, pre_hash: preHash, post_hash: postHash } = record;
  if (preHash === postHash) return;
  let target = { text: before, expectedHash: postHash };
  for (let merges = 0; ; merges++) {
    try {
      await writeSpace(genie, spaceId, target);
      return;
    } catch (error) {
      if (!hasCode(error, 'SPACE_EDITED_ELSEWHERE') || merges >= MAX_MERGES) throw error;
      const live = await readSpace(genie, spaceId);
      target = { text: withoutChange(record, live), expectedHash: live.hash };
    }
  }
}

/** The text of a space that somebody else edited, without a change. @throws {SpaceEditedElsewhereError} */
function withoutChange(
  { space_id: spaceId, plan, post_hash: postHash }: ChangeRecord,
  live: SpaceState,
): string {
  // The record of an earlier layout does not say what it did, so nothing can be merged with it.
  if (plan.patches.length === 0) throw new SpaceEditedElsewhereError(spaceId, postHash, live.hash);
  try {
    return serializeSpace(applyToOther(live.space, invertPlan(plan)));
  } catch (cause) {
    if (!isNoMerge(cause)) throw cause;
    throw new SpaceEditedElsewhereError(spaceId, postHash, live.hash, { places: placesOf(cause), cause });
  }
}
