import { hasCode, OptimizerError } from '../core/index.ts';
import { invertPlan } from '../patch-dsl/index.ts';
import { serializeSpace } from '../spaces/index.ts';
import { applyToOther, isNoMerge } from './apply-to-other.ts';
import type { ChangePorts } from './change-ports.ts';
import { isUnfinished, type ChangeRecord } from '../session/index.ts';
import { undoFileEdit } from './file-edits.ts';
import { readSpace, writeSpace } from './space-state.ts';

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
  { save, cause }: UndoOptions,
): Promise<ChangeRecord> {
  if (record.state === 'undone') return record;
  const failures: UndoFailure[] = [];
  const attempt = async (object: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      failures.push({ object, message: error instanceof Error ? error.message : String(error) });
    }
  };
  for (const file of begun(record.files, record.progress.files, record).toReversed())
    await attempt(file.path, () => undoFileEdit(ports.files, file));
  if (record.progress.space !== 'untouched')
    await attempt(`space ${record.space_id}`, () => undoSpace(record, ports));
  const { statements } = record.plan;
  for (const statement of begun(statements, record.progress.statements, record).toReversed())
    await attempt(statement.object, () => ports.sql.execute(statement.inverse_sql));
  if (failures.length > 0) throw new ChangeNotUndoneError(record, failures, cause);
  const undone: ChangeRecord = { ...record, state: 'undone', ended_at: ports.clock.now().toISOString() };
  await save(undone);
  return undone;
}

/** The effects that happened, and the one that may have: nobody can tell after a kill. */
const begun = <T>(effects: readonly T[], acknowledged: number, record: ChangeRecord): readonly T[] =>
  isUnfinished(record) ? effects.slice(0, acknowledged + 1) : effects;

async function undoSpace(record: ChangeRecord, { genie }: ChangePorts): Promise<void> {
  if (record.pre_hash === record.post_hash) return;
  try {
    await writeSpace(genie, record.space_id, { text: record.pre_config, expectedHash: record.post_hash });
  } catch (error) {
    if (!hasCode(error, 'SPACE_EDITED_ELSEWHERE')) throw error;
    const live = await readSpace(genie, record.space_id);
    const text = withoutChange();
    if (text === null) throw error;
    await writeSpace(genie, record.space_id, { text, expectedHash: live.hash });

    function withoutChange(): string | null {
      // The record of an earlier layout does not say what it did, so nothing can be merged with it.
      if (record.plan.patches.length === 0) return null;
      try {
        return serializeSpace(applyToOther(live.space, invertPlan(record.plan)));
      } catch (mismatch) {
        if (!isNoMerge(mismatch)) throw mismatch;
        return null;
      }
    }
  }
}
