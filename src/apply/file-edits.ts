import { OptimizerError } from '../core/index.ts';
import type { FileStore } from '../ports/index.ts';
import type { FileEdit } from '../session/index.ts';

/** A file holds neither the text before nor the text after the change; it was left alone. */
export class FileEditedElsewhereError extends OptimizerError {
  constructor(path: string) {
    super(
      `${path} was edited by somebody else since the change was planned; it was left as it is. Commit or discard that edit, then plan again.`,
      { code: 'FILE_EDITED_ELSEWHERE', details: { path } },
    );
  }
}

/**
 * Brings a file from its text before to its text after, and reads it back. Repeating it changes nothing.
 *
 * @throws {FileEditedElsewhereError}
 */
export async function writeFileEdit(files: FileStore, { path, before, after }: FileEdit): Promise<void> {
  const found = await files.read(path);
  if (found === after) return;
  if (found !== before) throw new FileEditedElsewhereError(path);
  if (after === null) await files.remove(path);
  else await files.write(path, after);
  if ((await files.read(path)) !== after) {
    throw new OptimizerError(
      `${path} reads back differently from what was written. Check the disk and its rights.`,
      {
        code: 'FILE_VERIFICATION',
        details: { path },
      },
    );
  }
}

/**
 * Makes sure that every file is as the edits expect it; nothing is written.
 *
 * @throws {FileEditedElsewhereError} naming the first one that is not
 */
export async function requireOwnFiles(files: FileStore, edits: readonly FileEdit[]): Promise<void> {
  const now = new Map<string, string | null>();
  for (const { path, before, after } of edits) {
    const found = now.get(path) ?? (await files.read(path));
    if (found !== before && found !== after) throw new FileEditedElsewhereError(path);
    now.set(path, after);
  }
}

/** Takes edits of files back, last one first; one that was never made changes nothing. @throws {FileEditedElsewhereError} */
export async function undoFileEdits(files: FileStore, edits: readonly FileEdit[]): Promise<void> {
  for (const edit of edits.toReversed()) await undoFileEdit(files, edit);
}

export const undoFileEdit = (files: FileStore, { path, before, after }: FileEdit): Promise<void> =>
  writeFileEdit(files, { path, before: after, after: before });
