/** Where entries survive the end of the process. */
export interface Documents {
  /** Every entry of a kind as it was saved, by id, in the order of their first saving. */
  load(kind: string): Promise<readonly (readonly [id: string, text: string])[]>;
  /** `text: null` takes an entry away. */
  save(kind: string, id: string, text: string | null): Promise<void>;
}

/** How entries become text and come back. */
export interface Codec<T> {
  readonly encode: (entry: T) => string;
  readonly decode: (text: string) => T;
}

/** JSON that keeps maps. */
export const jsonCodec = <T>(): Codec<T> => ({
  encode: (entry) =>
    JSON.stringify(entry, (_key, value: unknown) => (value instanceof Map ? { $map: [...value] } : value)),
  decode: (text) =>
    JSON.parse(text, (_key, value: unknown) =>
      typeof value === 'object' && value !== null && '$map' in value
        ? new Map(value.$map as [unknown, unknown][])
        : value,
    ) as T,
});

export const bytesCodec: Codec<Buffer> = {
  encode: (bytes) => bytes.toString('base64'),
  decode: (text) => Buffer.from(text, 'base64'),
};

/** Entries of one kind by id, in the order made. Entries that were set, or given out to be changed, are saved by `flush`. */
export class Collection<T> {
  readonly kind: string;
  readonly #codec: Codec<T>;
  readonly #entries = new Map<string, T>();
  readonly #touched = new Set<string>();

  constructor(kind: string, codec: Codec<T>) {
    this.kind = kind;
    this.#codec = codec;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** An entry that may be changed. */
  get(id: string): T | undefined {
    this.#touched.add(id);
    return this.#entries.get(id);
  }

  set(id: string, entry: T): void {
    this.#touched.add(id);
    this.#entries.set(id, entry);
  }

  delete(id: string): void {
    this.#touched.add(id);
    this.#entries.delete(id);
  }

  values(): T[] {
    return [...this.#entries.values()];
  }

  entries(): [string, T][] {
    return [...this.#entries];
  }

  async load(documents: Documents): Promise<void> {
    for (const [id, text] of await documents.load(this.kind)) this.#entries.set(id, this.#codec.decode(text));
  }

  /** Forgets what was given out only to be read. */
  discard(): void {
    this.#touched.clear();
  }

  async flush(documents: Documents | null): Promise<void> {
    const touched = [...this.#touched];
    this.#touched.clear();
    if (documents === null) return;
    for (const id of touched) {
      const entry = this.#entries.get(id);
      await documents.save(this.kind, id, entry === undefined ? null : this.#codec.encode(entry));
    }
  }
}
