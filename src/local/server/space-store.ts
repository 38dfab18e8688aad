import { newId } from '../new-id.ts';
import { md5 } from '../../core/index.ts';
import { parseSpace } from '../../spaces/index.ts';
import type { Space } from '../../spaces/index.ts';
import { notFound, spaceConflict } from './api-error.ts';

/** A space as the server keeps it. */
export interface StoredSpace {
  readonly spaceId: string;
  readonly title: string;
  readonly description: string | null;
  readonly warehouseId: string;
  readonly parentPath: string;
  /** Canonical text, version 2. */
  readonly serializedSpace: string;
  readonly createTime: string;
  readonly updateTime: string;
}

export type SpaceChange = Partial<
  Pick<StoredSpace, 'title' | 'description' | 'warehouseId' | 'parentPath' | 'serializedSpace'>
>;

/** The tag follows the content alone: a new title leaves it unchanged. @see spec/databricks-apis.md §2.1 */
export const etagOf = (space: StoredSpace): string => md5(space.serializedSpace);

/** Called after every change with the space as it is now, or `null` when it went to the trash. */
export type SpaceListener = (spaceId: string, space: StoredSpace | null) => Promise<void>;

/** Spaces by id, in order of creation. */
export class SpaceStore {
  readonly #spaces = new Map<string, StoredSpace>();
  readonly #parsed = new Map<string, Space>();
  readonly #now: () => Date;
  #listener: SpaceListener = () => Promise.resolve();

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Who keeps the changes; called before the change is answered. */
  set listener(listener: SpaceListener) {
    this.#listener = listener;
  }

  /** Puts a space in place without telling the listener: for loading. */
  load(space: Omit<StoredSpace, 'createTime' | 'updateTime'>): void {
    const time = this.#now().toISOString();
    this.#spaces.set(space.spaceId, { ...space, createTime: time, updateTime: time });
  }

  /** The counterpart of {@link load}. */
  unload(spaceId: string): void {
    this.#spaces.delete(spaceId);
  }

  list(): StoredSpace[] {
    return [...this.#spaces.values()];
  }

  /** @throws {ApiError} 404 */
  get(spaceId: string): StoredSpace {
    const space = this.#spaces.get(spaceId);
    if (space === undefined)
      throw notFound(`Unable to get space [${spaceId}]. Node with id ${spaceId} does not exist.`);
    return space;
  }

  /** The parsed content; the object must not be changed. */
  content(spaceId: string): Space {
    const { serializedSpace } = this.get(spaceId);
    const known = this.#parsed.get(serializedSpace);
    if (known !== undefined) return known;
    const space = parseSpace(serializedSpace);
    if (this.#parsed.size > 50) this.#parsed.clear();
    this.#parsed.set(serializedSpace, space);
    return space;
  }

  async create(
    space: Pick<StoredSpace, 'title' | 'description' | 'warehouseId' | 'parentPath' | 'serializedSpace'>,
  ): Promise<StoredSpace> {
    const time = this.#now().toISOString();
    const created = {
      ...space,
      spaceId: newId(),
      createTime: time,
      updateTime: time,
    };
    this.#spaces.set(created.spaceId, created);
    await this.#listener(created.spaceId, created);
    return created;
  }

  /** @param etag - checked when given. @throws {ApiError} 404, 409 */
  async update(spaceId: string, change: SpaceChange, etag: string | undefined): Promise<StoredSpace> {
    const current = this.get(spaceId);
    if (etag !== undefined && etag !== etagOf(current)) throw spaceConflict();
    const updated = { ...current, ...change, updateTime: this.#now().toISOString() };
    this.#spaces.set(spaceId, updated);
    await this.#listener(spaceId, updated);
    return updated;
  }

  async trash(spaceId: string): Promise<void> {
    this.get(spaceId);
    this.#spaces.delete(spaceId);
    await this.#listener(spaceId, null);
  }
}
