import type { FileStore } from '../ports/index.ts';

/** Files in memory, by path. */
export interface MemoryFileStore extends FileStore {
  readonly texts: ReadonlyMap<string, string>;
  /** Number of writes so far, to stop a run at a chosen one. */
  readonly writes: () => number;
}

/** @param onWrite - called after each write; throwing simulates a process that dies right then */
export function memoryFileStore(
  initial: Readonly<Record<string, string>> = {},
  onWrite: (path: string, text: string) => void = () => undefined,
): MemoryFileStore {
  const texts = new Map(Object.entries(initial));
  let writes = 0;
  return {
    texts,
    writes: () => writes,
    read: (path) => Promise.resolve(texts.get(path) ?? null),
    write: async (path, text) => {
      texts.set(path, text);
      writes++;
      onWrite(path, text);
    },
    remove: async (path) => {
      texts.delete(path);
    },
    list: async (folder) => {
      const start = folder.endsWith('/') ? folder : `${folder}/`;
      return [...texts.keys()]
        .filter((path) => path.startsWith(start) && !path.slice(start.length - 1).includes('/.'))
        .sort();
    },
  };
}
