import { planFileEdits, type ChangePorts, type RepoEdits, type RepoOptions } from '../apply/index.ts';
import type { PatchPlan } from '../patch-dsl/index.ts';
import type { FileStore } from '../ports/index.ts';
import type { RunContext } from './context.ts';
import type { ResolvedOptions } from './options.ts';

/** Files that changes go into beside the live side; store and variables are those of the run unless given. */
export interface RunRepoOptions extends Omit<RepoOptions, 'files'> {
  readonly files?: FileStore | undefined;
}

/** Where the files of the repository are. */
export const repoStore = ({ repo, files }: Pick<ResolvedOptions, 'repo' | 'files'>): FileStore =>
  repo?.files ?? files;

/** Everything that a change of this run touches. */
export const changePorts = ({
  workspace: { genie, sql, catalog },
  options,
  clock,
}: Pick<RunContext, 'workspace' | 'options' | 'clock'>): ChangePorts => ({
  genie,
  sql,
  catalog,
  files: repoStore(options),
  clock,
});

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
