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

/** Takes edits of files back, last one first; one that was never made changes nothing. @throws {FileEditedElsewhereError} */
export async function undoFileEdits(files: FileStore, edits: readonly FileEdit[]): Promise<void> {
  for (const edit of edits.toReversed()) await undoFileEdit(files, edit);
}

export const undoFileEdit = (files: FileStore, { path, before, after }: FileEdit): Promise<void> =>
  writeFileEdit(files, { path, before: after, after: before });
