import { planFileEdits, type FileEdit, type RepoEdits, type RepoOptions } from '../apply/index.ts';
import { OptimizerError } from '../core/index.ts';
import type { PatchPlan } from '../patch-dsl/index.ts';
import type { FileStore } from '../ports/index.ts';
import type { RunContext } from './context.ts';
import type { ResolvedOptions } from './options.ts';

/** Files that changes go into beside the live side; store and variables are those of the run unless given. */
export interface RunRepoOptions extends Omit<RepoOptions, 'files'> {
  readonly files?: FileStore | undefined;
}

/** A change is on the live side but not in its files, or the other way round. */
export class NotPersistedError extends OptimizerError {
  constructor(paths: readonly string[], undone: boolean) {
    super(
      undone
        ? `The change is still in ${paths.join(', ')} although it was taken back on the live side. Restore these files from version control.`
        : `The change is not in ${paths.join(', ')}; it is taken back, since the next deployment would lose it. Check whether something else writes these files.`,
      { code: 'NOT_PERSISTED', details: { paths } },
    );
  }
}

/** Where the files of the repository are. */
export const repoStore = ({ repo, files }: Pick<ResolvedOptions, 'repo' | 'files'>): FileStore =>
  repo?.files ?? files;

const NO_EDITS: RepoEdits = { files: [], effects: [], unpersisted: [] };

/** The edits of files that go with a plan; none without the option `repo`. */
export async function repoEdits({ options, emit }: RunContext, plan: PatchPlan): Promise<RepoEdits> {
  const { repo, variables } = options;
  if (repo === undefined) return NO_EDITS;
  const edits = await planFileEdits(plan, { variables, ...repo, files: repoStore(options) });
  for (const { object, reason } of edits.unpersisted)
    emit({
      type: 'warning',
      code: 'UNPERSISTED',
      message: `${object} changes on the live side only: ${reason}.`,
    });
  return edits;
}

/**
 * Reads the files that a phase says it has written, or restored: what a phase returns is not taken on trust.
 *
 * @throws {NotPersistedError}
 * @see spec/pipeline.md §10, HC13
 */
export async function verifyPersistence(
  files: FileStore,
  edits: readonly FileEdit[],
  { undone = false } = {},
): Promise<void> {
  // Several edits of one file: the last one tells what it holds, the first one what it held.
  const expected = new Map(
    (undone ? edits.toReversed() : edits).map(({ path, before, after }) => [path, undone ? before : after]),
  );
  const wrong: string[] = [];
  for (const [path, text] of expected) if ((await files.read(path)) !== text) wrong.push(path);
  if (wrong.length > 0) throw new NotPersistedError(wrong, undone);
}
