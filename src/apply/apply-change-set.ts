import { hasCode } from '../core/index.ts';
import { applyPlan, type PatchPlan } from '../patch-dsl/index.ts';
import { serializeSpace, spaceHash } from '../spaces/index.ts';
import { applyToOther, isNoMerge, placesOf } from './apply-to-other.ts';
import type { ChangePorts } from './change-ports.ts';
import type { ChangeRecord, FileEdit } from '../session/index.ts';
import { requireOwnFiles, writeFileEdit } from './file-edits.ts';
import {
  MAX_MERGES,
  readSpace,
  SpaceEditedElsewhereError,
  writeSpace,
  type SpaceState,
} from './space-state.ts';
import { undoChange } from './undo-change.ts';
import { CatalogVerificationError, requireOwnCatalog, verifyCatalog } from './verify-catalog.ts';

/** One change of space, Unity Catalog and files. */
export interface ChangeSet {
  readonly change_id: string;
  readonly spaceId: string;
  /** The state that the plan was made for. */
  readonly from: Pick<SpaceState, 'space' | 'text' | 'hash'>;
  readonly plan: PatchPlan;
  /** Default none. */
  readonly files?: readonly FileEdit[] | undefined;
}

export interface ApplyChangeOptions {
  /** Stores the record durably; awaited before the first effect and after each. */
  readonly save: (record: ChangeRecord) => Promise<void>;
  /**
   * What happens when the space was edited since the plan was made. `merge` (default): both edits are kept when they
   * touch different places. `stop`: nothing is written.
   */
  readonly onConcurrentEdit?: 'merge' | 'stop' | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What was written may show a moment later only; a change is not taken back for that. */
const READ_AGAIN_AFTER_MS = [1000, 2000, 4000];

/**
 * Makes a change whole or not at all: statements one by one, the space in one write, then the files; each read back.
 *
 * Whatever fails, what was done is undone in reverse order before the error is thrown on. After a kill the stored
 * record tells `undoChange` what to do.
 * @throws {SpaceEditedElsewhereError} somebody edited the same place; nothing is left behind
 * @throws {CatalogEditedElsewhereError} @throws {FileEditedElsewhereError} the same, of Unity Catalog or a file
 * @throws {ChangeNotUndoneError} the change failed and could not be taken back
 */
export async function applyChangeSet(
  change: ChangeSet,
  ports: ChangePorts,
  options: ApplyChangeOptions,
): Promise<{ readonly record: ChangeRecord; readonly state: SpaceState }> {
  const { plan, spaceId, files = [] } = change;
  const { signal, save } = options;
  let record = intendedRecord(change, ports);
  const advance = async (next: Partial<ChangeRecord>): Promise<void> => {
    record = { ...record, ...next };
    await save(record);
  };
  const progress = (next: Partial<ChangeRecord['progress']>): Promise<void> =>
    advance({ progress: { ...record.progress, ...next } });

  await save(record);
  try {
    await requireOwnCatalog(ports.catalog, [plan], { signal });
    await requireOwnFiles(ports.files, files);
  } catch (error) {
    // Nothing has been begun, so there is nothing to undo.
    await advance({ state: 'undone', refused: true, ended_at: ports.clock.now().toISOString() });
    throw error;
  }
  try {
    for (const [at, statement] of plan.statements.entries()) {
      await ports.sql.execute(statement.sql, { signal });
      await progress({ statements: at + 1 });
    }
    await progress({ space: 'begun' });
    const state = await writeMerged();
    await progress({ space: 'done' });
    for (const [at, file] of files.entries()) {
      signal?.throwIfAborted();
      await writeFileEdit(ports.files, file);
      await progress({ files: at + 1 });
    }
    await advance({ state: 'done' });
    await verifyPatiently();
    await advance({ state: 'verified', ended_at: ports.clock.now().toISOString() });
    return { record, state };
  } catch (error) {
    // Not stopped by the signal: cancelling must not leave half a change behind.
    const ours = error instanceof CatalogVerificationError ? error.places : [];
    await undoChange(withoutRefused(record, error), ports, { save, cause: error, ours });
    throw error;
  }

  async function verifyPatiently(): Promise<void> {
    for (const waitMs of READ_AGAIN_AFTER_MS) {
      try {
        return await verifyCatalog(ports.catalog, plan, { signal });
      } catch (error) {
        if (!(error instanceof CatalogVerificationError)) throw error;
        await ports.clock.sleep(waitMs, { signal });
      }
    }
    await verifyCatalog(ports.catalog, plan, { signal });
  }

  async function writeMerged(): Promise<SpaceState> {
    for (let merges = 0; ; merges++) {
      try {
        const target = { text: record.post_config, expectedHash: record.pre_hash };
        return await writeSpace(ports.genie, spaceId, target, { signal });
      } catch (error) {
        if (!hasCode(error, 'SPACE_EDITED_ELSEWHERE')) throw error;
        await progress({ space: 'untouched' });
        if (options.onConcurrentEdit === 'stop' || merges >= MAX_MERGES) throw error;
        await advance(await mergedConfigs());
        await progress({ space: 'begun' });
      }
    }
  }

  /** The plan applied to the space as somebody else left it. */
  async function mergedConfigs(): Promise<Partial<ChangeRecord>> {
    const live = await readSpace(ports.genie, spaceId, { signal });
    try {
      const merged = applyToOther(live.space, plan);
      return {
        merged: true,
        pre_config: live.text,
        pre_hash: live.hash,
        post_config: serializeSpace(merged),
        post_hash: spaceHash(merged),
      };
    } catch (error) {
      if (!isNoMerge(error)) throw error;
      const more = { places: placesOf(error), cause: error };
      throw new SpaceEditedElsewhereError(spaceId, change.from.hash, live.hash, more);
    }
  }
}

/** A file that held the edit of somebody else was not written: that edit is no part of the change. */
const withoutRefused = (record: ChangeRecord, error: unknown): ChangeRecord =>
  hasCode(error, 'FILE_EDITED_ELSEWHERE')
    ? { ...record, files: record.files.slice(0, record.progress.files) }
    : record;

/**
 * The record of a change of which nothing has happened yet.
 *
 * @throws {PlanMismatchError} the plan does not fit the state it is said to be made for
 */
export function intendedRecord(
  { change_id, spaceId, from, plan, files = [] }: ChangeSet,
  { clock }: Pick<ChangePorts, 'clock'>,
): ChangeRecord {
  const after = applyPlan(from.space, plan);
  return {
    schema_version: 1,
    change_id,
    space_id: spaceId,
    state: 'intended',
    plan,
    pre_config: from.text,
    post_config: serializeSpace(after),
    pre_hash: from.hash,
    post_hash: spaceHash(after),
    files: [...files],
    progress: { statements: 0, space: 'untouched', files: 0 },
    merged: false,
    started_at: clock.now().toISOString(),
    ended_at: null,
  };
}
