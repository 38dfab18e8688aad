import { readSpace } from '../../apply/index.ts';
import { OptimizerError } from '../../core/index.ts';
import type { CatalogSnapshot, FileStore, Workspace } from '../../ports/index.ts';
import { EMPTY_CATALOG } from '../../ports/index.ts';
import { parseSpace, referencedObjects, serializeSpace, spaceHash, type Space } from '../../spaces/index.ts';
import { stringOption, UsageError, type CliOption, type CliValues } from '../command.ts';
import { connectFrom } from './workspace-options.ts';

/** Options of the commands that look at one space, in a workspace or in a file. */
export const SPACE_OPTIONS = {
  'space-id': { type: 'string', value: 'id', help: 'The space (32 hex characters of its URL)' },
  'space-file': {
    type: 'string',
    value: 'file',
    help: 'A serialized space or *.geniespace.json instead of a workspace; needs no connection',
  },
} as const satisfies Record<string, CliOption>;

/** A space with what Unity Catalog says of it. */
export interface SpaceSource {
  readonly space: Space;
  readonly text: string;
  readonly hash: string;
  readonly catalog: CatalogSnapshot;
  /** `null` for a file. */
  readonly workspace: Workspace | null;
  /** For messages. */
  readonly name: string;
}

/**
 * Reads the space that the options name.
 *
 * @throws {UsageError} when neither or both of the two options are given
 */
export async function spaceFrom(
  values: CliValues,
  { files, signal }: { readonly files: FileStore; readonly signal: AbortSignal },
): Promise<SpaceSource> {
  const [spaceId, file] = [stringOption(values, 'space-id'), stringOption(values, 'space-file')];
  if ((spaceId === undefined) === (file === undefined))
    throw new UsageError('Pass either --space-id for a space of a workspace or --space-file for a file.');
  if (file !== undefined) {
    const text = await files.read(file);
    if (text === null)
      throw new OptimizerError(`There is no file ${file}. Check --space-file.`, {
        code: 'FILE_NOT_FOUND',
        details: { file },
      });
    const space = parseSpace(text);
    return {
      space,
      text: serializeSpace(space),
      hash: spaceHash(space),
      catalog: EMPTY_CATALOG,
      workspace: null,
      name: file,
    };
  }
  const workspace = await connectFrom(values);
  const state = await readSpace(workspace.genie, spaceId ?? '', { signal });
  const catalog = await workspace.catalog.snapshot(referencedObjects(state.space), { signal });
  return { ...state, catalog, workspace, name: `${state.title} (${spaceId ?? ''})` };
}
