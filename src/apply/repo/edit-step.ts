import { formatPath, sameJson, type SpacePath } from '../../spaces/index.ts';
import { hasCode } from '../../core/index.ts';
import { MissingItem, type DocumentEditor } from './document-editor.ts';
import { RepoFileConflictError, RepoFileFormatError } from './repo-errors.ts';

/** One place of a file before and after; `undefined` means that nothing is there. */
export interface PlaceEdit {
  readonly path: SpacePath;
  readonly from: unknown;
  readonly to: unknown;
}

/** What became of an edit: the file was changed, or said so already. */
export type EditStatus = 'written' | 'already';

/**
 * Makes an edit in a file whose place is as the edit expects it.
 *
 * @throws {RepoFileConflictError} @throws {RepoFileFormatError}
 */
export function editPlace(
  path: string,
  editor: DocumentEditor,
  edit: PlaceEdit,
  isSame: (found: unknown, expected: unknown) => boolean,
): EditStatus {
  const found = editor.read(edit.path);
  if (isSame(found, edit.to)) return 'already';
  const place = formatPath(edit.path);
  if (!isSame(found, edit.from)) {
    const problem =
      found === undefined ? 'the file has nothing there' : `the file says something else there${hint(found)}`;
    throw new RepoFileConflictError(path, place, problem, { expected: edit.from, found });
  }
  return located(path, place, () => {
    editor.set(edit.path, edit.to);
    return 'written';
  });
}

/** Runs an edit, adding to its errors which file they are about. */
export function located<T>(path: string, place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof MissingItem) throw new RepoFileConflictError(path, place, error.message, {}, error);
    if (hasCode(error, 'LITERAL_PLACEHOLDER'))
      throw new RepoFileConflictError(path, place, error.message.replace(/\.$/, ''), {}, error);
    if (hasCode(error, 'TEXT_FORMAT'))
      throw new RepoFileFormatError(
        path,
        `${error.message}${place === '' ? '' : ` (${place})`}`,
        'Correct it, or make this change by hand.',
        error,
      );
    throw error;
  }
}

function hint(found: unknown): string {
  const open = /\$\{[^}]*\}/.exec(JSON.stringify(found))?.[0];
  return open === undefined ? '' : `, with ${open}, which has no value in the option variables`;
}

/** Equal but for white space in texts; nothing, `null`, an empty text and an empty list are the same. */
export function sameButForSpace(found: unknown, expected: unknown): boolean {
  return sameJson(squeezed(found) ?? null, squeezed(expected) ?? null);
}

function squeezed(value: unknown): unknown {
  if (typeof value === 'string') {
    const text = value.replaceAll(/\s+/g, ' ').trim();
    return text === '' ? null : text;
  }
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(squeezed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, squeezed(item)]));
}
