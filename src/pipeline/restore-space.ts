import {
  undoFileEdits,
  undoStatements,
  writeSpace,
  type CatalogStatement,
  type FileEdit,
  type SpaceState,
} from '../apply/index.ts';
import { hasCode, OptimizerError } from '../core/index.ts';
import { parseSpace, spaceHash } from '../spaces/index.ts';
import { repoStore, verifyPersistence } from './repository.ts';
import { phaseOf, type Run } from './run.ts';
import { readBack } from './verify-state.ts';

/** The space could not be put back; the session file holds the text to restore it by hand. */
export class RollbackFailedError extends OptimizerError {
  constructor(spaceId: string, sessionFile: string, cause: unknown) {
    super(
      `Space ${spaceId} could not be put back to its last accepted state. 'accepted_config' in ${sessionFile} holds that state; run again with resume once the workspace answers.`,
      { code: 'ROLLBACK_FAILED', details: { spaceId, sessionFile }, cause },
    );
  }
}

/**
 * Puts the space back to an earlier state. Safe to repeat; not stopped by the run's signal, because
 * cancelling a run must not leave a change behind.
 *
 * @throws {RollbackFailedError}
 */
export async function restoreSpace(
  run: Pick<Run, 'ctx' | 'recorder' | 'place'>,
  input: {
    readonly toText: string;
    readonly fromHash: string;
    /** Changes of Unity Catalog to undo, in the order they were made. */
    readonly statements: readonly CatalogStatement[];
    /** Edits of repository files to undo, in the order they were made. */
    readonly files: readonly FileEdit[];
    readonly reason: string;
  },
  lever: number | null = null,
): Promise<SpaceState> {
  const { ctx } = run;
  const spaceId = run.place.candidateId;
  const unstoppable = { ctx: { ...ctx, signal: undefined }, recorder: run.recorder };
  try {
    const state = await phaseOf(
      unstoppable,
      'rollback',
      input,
      async ({ toText, fromHash, statements, files }) => {
        await undoFileEdits(repoStore(ctx.options), files);
        await undoStatements(ctx.workspace.sql, statements);
        return writeSpace(ctx.workspace.genie, spaceId, { text: toText, expectedHash: fromHash });
      },
      lever,
    );
    await verifyPersistence(repoStore(ctx.options), input.files, { undone: true });
    await readBack(unstoppable, 'rollback', spaceId, spaceHash(parseSpace(input.toText)));
    ctx.emit({ type: 'rolled_back', lever, reason: input.reason, configHash: state.hash });
    return state;
  } catch (error) {
    if (hasCode(error, 'SPACE_EDITED_ELSEWHERE')) throw error;
    throw new RollbackFailedError(ctx.spaceId, ctx.options.sessionFile, error);
  }
}
