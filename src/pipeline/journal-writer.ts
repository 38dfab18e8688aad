import type { FileStore } from '../ports/index.ts';

/** Writes a growing record to a file, one write at a time; what changes meanwhile goes into the next. */
interface JournalWriter {
  changed(): void;
  /** @throws the error of a failed write, once */
  flush(): Promise<void>;
}

export function journalWriter(files: FileStore, path: string, text: () => string): JournalWriter {
  let isDirty = false;
  let running: Promise<void> | null = null;
  let failure: { readonly error: unknown } | null = null;
  const run = async () => {
    while (isDirty) {
      isDirty = false;
      await files.write(path, `${text()}\n`);
    }
  };
  const start = () => {
    running ??= run()
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        running = null;
      });
    return running;
  };
  return {
    changed() {
      isDirty = true;
      void start();
    },
    async flush() {
      for (let busy = running; busy !== null; busy = running) await busy;
      if (failure === null) return;
      const { error } = failure;
      failure = null;
      throw error;
    },
  };
}
