import { ApiError, invalidParameter, notFound } from '../server/api-error.ts';

type Placed =
  | { readonly type: 'DIRECTORY' }
  | { readonly type: 'FILE' | 'NOTEBOOK'; readonly language: string | null; readonly content: Buffer };

/** What stands at a path of the workspace. */
export type TreeEntry = Placed & {
  readonly path: string;
  readonly objectId: number;
  readonly modifiedAt: number;
};

/** Files, notebooks and folders of the workspace, in memory. `/Workspace/x` and `/x` are the same place. */
export class WorkspaceTree {
  readonly #entries = new Map<string, TreeEntry>();
  readonly #now: () => number;
  #ids = 0;

  constructor(userName: string, now: () => number) {
    this.#now = now;
    for (const folder of ['/', '/Shared', '/Users', `/Users/${userName}`])
      this.#put(folder, { type: 'DIRECTORY' });
  }

  isFolder(path: string): boolean {
    return this.#entries.get(placeOf(path))?.type === 'DIRECTORY';
  }

  /** @throws {ApiError} 404 */
  entry(path: string): TreeEntry {
    const found = this.#entries.get(placeOf(path));
    if (found === undefined) throw notFound(`Path (${path}) doesn't exist.`);
    return found;
  }

  /** The folder and those above it; nothing happens when it exists. @throws {ApiError} when a file is in the way */
  makeFolder(path: string): void {
    const parts = placeOf(path)
      .split('/')
      .filter((part) => part !== '');
    for (let length = 1; length <= parts.length; length += 1) {
      const place = `/${parts.slice(0, length).join('/')}`;
      const found = this.#entries.get(place);
      if (found === undefined) this.#put(place, { type: 'DIRECTORY' });
      else if (found.type !== 'DIRECTORY') throw exists(place);
    }
  }

  /** @throws {ApiError} when the folder does not exist, or something stands there and `overwrite` is not set */
  write(
    path: string,
    file: {
      readonly type: 'FILE' | 'NOTEBOOK';
      readonly language: string | null;
      readonly content: Buffer;
    },
    overwrite: boolean,
  ): TreeEntry {
    const place = placeOf(path);
    const parent = parentOf(place);
    if (!this.isFolder(parent)) throw notFound(`The parent folder (${parent}) does not exist.`);
    const found = this.#entries.get(place);
    if (found?.type === 'DIRECTORY' || (found !== undefined && !overwrite)) throw exists(place);
    return this.#put(place, file);
  }

  /** What stands directly below a folder, sorted; a file lists itself. @throws {ApiError} 404 */
  list(path: string): TreeEntry[] {
    const entry = this.entry(path);
    if (entry.type !== 'DIRECTORY') return [entry];
    return [...this.#entries.values()]
      .filter((each) => each.path !== '/' && parentOf(each.path) === entry.path)
      .sort((left, right) => (left.path < right.path ? -1 : 1));
  }

  /** @throws {ApiError} 404, and 400 when a folder holds something and `recursive` is not set */
  delete(path: string, recursive: boolean): void {
    const entry = this.entry(path);
    if (entry.path === '/') throw invalidParameter('The root folder cannot be deleted.');
    const below = [...this.#entries.keys()].filter((place) => place.startsWith(`${entry.path}/`));
    if (below.length > 0 && !recursive)
      throw new ApiError(
        400,
        'DIRECTORY_NOT_EMPTY',
        `Folder (${entry.path}) is not empty. Pass recursive to delete it with its content.`,
      );
    for (const place of [entry.path, ...below]) this.#entries.delete(place);
  }

  #put(path: string, value: Placed): TreeEntry {
    const objectId = this.#entries.get(path)?.objectId ?? (this.#ids += 1);
    const entry: TreeEntry = { ...value, path, objectId, modifiedAt: this.#now() };
    this.#entries.set(path, entry);
    return entry;
  }
}

const exists = (path: string): ApiError =>
  new ApiError(400, 'RESOURCE_ALREADY_EXISTS', `Path (${path}) already exists.`);

const parentOf = (place: string): string => place.slice(0, Math.max(1, place.lastIndexOf('/')));

/** @throws {ApiError} for a path that is not absolute or has detours */
function placeOf(path: string): string {
  const isClean = path.split('/').every((part) => part !== '.' && part !== '..');
  if (!path.startsWith('/') || !isClean || /\p{Cc}/u.test(path))
    throw invalidParameter(`Path (${path}) must be absolute and without '.' and '..'.`);
  const place = path.replaceAll(/\/{2,}/g, '/').replace(/^\/Workspace(?=\/|$)/, '');
  return place.length > 1 ? place.replace(/\/$/, '') : '/';
}
