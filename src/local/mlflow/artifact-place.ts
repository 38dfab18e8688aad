import { invalidParameter } from '../server/api-error.ts';

/** A relative path without detours, however often it was encoded. @throws {ApiError} */
export function cleanPath(path = '', mayBeEmpty = false): string {
  if (path === '' && mayBeEmpty) return '';
  const isClean = path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isClean || /[\\]|\p{Cc}|%2e|%2f|%5c/iu.test(path)) throw invalidParameter(`Invalid path: '${path}'`);
  return path;
}

/**
 * Where the files of an artifact address are kept: `proxy/…` for `mlflow-artifacts:`, `dbfs/…` for `dbfs:`.
 *
 * @throws {ApiError} for an address outside the workspace
 */
export function placeOfUri(uri: string): string {
  const match = /^(mlflow-artifacts|dbfs):\/+(.+?)\/*$/.exec(uri);
  if (match === null)
    throw invalidParameter(
      `Artifact location '${uri}' is outside the embedded workspace. It keeps files below dbfs:/ and mlflow-artifacts:/ only.`,
    );
  return `${match[1] === 'dbfs' ? 'dbfs' : 'proxy'}/${cleanPath(match[2])}`;
}

interface FileEntry {
  readonly path: string;
  readonly is_dir: boolean;
  readonly file_size?: number;
}

/** Files and folders directly below a folder, sorted; their paths are relative to it. */
export function entriesBelow(files: readonly (readonly [string, Buffer])[], folder: string): FileEntry[] {
  const prefix = `${folder}/`;
  const found = new Map<string, FileEntry>();
  for (const [name, content] of files) {
    if (!name.startsWith(prefix)) continue;
    const [first = '', ...rest] = name.slice(prefix.length).split('/');
    found.set(
      first,
      rest.length > 0
        ? { path: first, is_dir: true }
        : { path: first, is_dir: false, file_size: content.length },
    );
  }
  return [...found.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
}
