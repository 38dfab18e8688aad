import {
  lookAtCatalog,
  previewFileEdit,
  readSpace,
  type ChangeRecord,
  type FileEdit,
  type RepoEffect,
} from '../apply/index.ts';
import { OptimizerError } from '../core/index.ts';
import type { FileStore } from '../ports/index.ts';
import type { PatchPersistence } from '../session/index.ts';
import type { PhaseInput, PhaseOutput } from './phases.ts';
import { repoStore } from './repository.ts';
import type { Run } from './run.ts';

/** A change is on the live side but not in its files, or the other way round. */
export class NotPersistedError extends OptimizerError {
  constructor(verifications: readonly PatchPersistence[], missing: readonly string[]) {
    const wrong = verifications.filter(({ patch_id: id }) => missing.includes(id));
    const paths = [
      ...new Set(
        wrong.flatMap(({ repo_status: status, repo_path: path }) =>
          status === 'failed' && path !== null ? [path] : [],
        ),
      ),
    ];
    super(
      paths.length > 0
        ? `The change is not in ${paths.join(', ')}; it is taken back, since the next deployment would lose it. Check whether something else writes these files.`
        : `Not every patch is where it belongs: ${missing.join(', ')}. The change is taken back.`,
      { code: 'NOT_PERSISTED', details: { paths, missing } },
    );
  }
}

/** A change was taken back on the live side, but not in its files. */
export class StillInFilesError extends OptimizerError {
  constructor(paths: readonly string[]) {
    super(
      `The change is still in ${paths.join(', ')} although it was taken back on the live side. Restore these files from version control.`,
      { code: 'STILL_IN_FILES', details: { paths } },
    );
  }
}

/**
 * Looks at the live side and at the files for every patch of a change: what was acknowledged is not taken on trust.
 *
 * @see spec/pipeline.md §6.8
 */
export async function checkPersistence(
  { ctx }: Pick<Run, 'ctx'>,
  { record, effects }: PhaseInput<'verifyPersistence'>,
): Promise<PhaseOutput<'verifyPersistence'>> {
  const { plan, files } = record;
  const signal = { signal: ctx.signal };
  const live = await readSpace(ctx.workspace.genie, record.space_id, signal);
  const places = await lookAtCatalog(ctx.workspace.catalog, [plan], signal);
  const wrongObjects = new Set(places.filter(({ is }) => is !== 'after').map(({ object }) => object));
  const wrongFiles = new Set(await filesOtherThan(repoStore(ctx.options), files, 'after'));
  const verifications = plan.patches.map(({ patch_id: patchId, steps }): PatchPersistence => {
    const isLive = steps.every((step) =>
      step.kind === 'space' ? live.hash === record.post_hash : !wrongObjects.has(step.object),
    );
    const own = effects.filter((effect) => effect.patch_id === patchId);
    const path = own.find((effect) => effect.path !== null)?.path ?? null;
    const edit = files.find((file) => file.path === path);
    return {
      patch_id: patchId,
      api_status: isLive ? 'success' : 'failed',
      repo_status: repoStatus(own, wrongFiles),
      repo_path: path,
      repo_diff_preview: edit === undefined ? '' : previewFileEdit(edit),
    };
  });
  const missing = verifications.flatMap(({ patch_id: id, api_status: api, repo_status: repo }) =>
    api === 'failed' || repo === 'failed' ? [id] : [],
  );
  return { verifications, missing };
}

function repoStatus(
  effects: readonly RepoEffect[],
  wrongFiles: ReadonlySet<string>,
): PatchPersistence['repo_status'] {
  if (effects.some(({ path }) => path !== null && wrongFiles.has(path))) return 'failed';
  if (effects.length === 0 || effects.some(({ path }) => path === null)) return 'unverifiable';
  return effects.every(({ status }) => status === 'already') ? 'unchanged' : 'success';
}

/** Paths of the files that do not hold the text before, or after, some edits. */
export async function filesOtherThan(
  files: FileStore,
  edits: ChangeRecord['files'],
  side: 'before' | 'after',
): Promise<string[]> {
  // Several edits of one file: the last one tells what it holds, the first one what it held.
  const inOrder = side === 'before' ? edits.toReversed() : edits;
  const expected = new Map(inOrder.map((edit: FileEdit) => [edit.path, edit[side]]));
  const wrong: string[] = [];
  for (const [path, text] of expected) if ((await files.read(path)) !== text) wrong.push(path);
  return wrong;
}
