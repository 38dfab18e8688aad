import { OptimizerError } from '../../core/index.ts';
import { PATCH_SET_VERSION, parsePatchSet, type Patch, type Snapshot } from '../../patch-dsl/index.ts';
import type { FileStore } from '../../ports/index.ts';

/** A patch set as a file: JSON, which the YAML reader takes too. */
export const patchSetText = (patches: readonly Patch[]): string =>
  `${JSON.stringify({ schema_version: PATCH_SET_VERSION, patches }, null, 2)}\n`;

/**
 * Reads patches from a JSON or YAML file.
 *
 * @returns the patches as they are for a space: one that says no lever has that of its target there
 * @throws {PatchFormatError} before any space is read
 */
export async function readPatchSet(files: FileStore, path: string): Promise<(snapshot: Snapshot) => Patch[]> {
  const text = await files.read(path);
  if (text === null)
    throw new OptimizerError(`There is no file ${path}. Check --patches.`, {
      code: 'FILE_NOT_FOUND',
      details: { file: path },
    });
  parsePatchSet(text);
  return (snapshot) => parsePatchSet(text, { snapshot });
}
