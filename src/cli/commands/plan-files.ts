import { planFileEdits, previewFileEdit, type RepoEdits } from '../../apply/index.ts';
import type { PatchPlan } from '../../patch-dsl/index.ts';
import type { FileStore } from '../../ports/index.ts';
import type { CliOption, CliValues } from '../command.ts';
import { pairsOption } from './pairs-option.ts';
import { REPOSITORY_FILE_OPTIONS, repositoryPlaces } from './repository-options.ts';

/** Options of the commands that change files of a repository together with a space. */
export const PLANNED_FILE_OPTIONS = {
  ...REPOSITORY_FILE_OPTIONS,
  variables: {
    type: 'string',
    value: 'a=b,c=d',
    help: 'Values for ${catalog}, ${gold_schema} and others in these files',
  },
} as const satisfies Record<string, CliOption>;

/**
 * What a plan changes in the files that the options name; `null` when they name none.
 *
 * @throws {RepoFileConflictError} @throws {RepoFileAmbiguousError} @throws {RepoFileFormatError}
 */
export async function fileEditsFor(
  values: CliValues,
  plan: PatchPlan,
  files: FileStore,
): Promise<RepoEdits | null> {
  const places = repositoryPlaces(values);
  if (places === undefined) return null;
  const variables = pairsOption(values, 'variables') ?? {};
  return planFileEdits(plan, { ...places, files, variables });
}

/** The edits as a person reads them. */
export function textOfFiles({ files, unpersisted }: RepoEdits): string {
  const lines = [
    ...files.flatMap((edit) => [
      `  ${edit.path}`,
      ...previewFileEdit(edit)
        .split('\n')
        .map((line) => `    ${line}`),
    ]),
    ...unpersisted.map(
      ({ object, reason }) => `  Warning: ${object} changes on the live side only: ${reason}.`,
    ),
  ];
  return ['Files:', ...(lines.length > 0 ? lines : ['  as the plan wants them already']), ''].join('\n');
}

/** A plan for a program; with paths and previews of what it changes in files, and what no file holds. */
export const planAsJson = (plan: PatchPlan, edits: RepoEdits | null): object =>
  edits === null
    ? plan
    : {
        ...plan,
        repository: {
          files: edits.files.map((edit) => ({ path: edit.path, preview: previewFileEdit(edit) })),
          unpersisted: edits.unpersisted,
        },
      };
