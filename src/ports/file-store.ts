/** Files as a port: session, reports, repository files. Paths are as the caller gave them. */
export interface FileStore {
  /** Text of a file, or `null` when it does not exist. */
  read(path: string): Promise<string | null>;
  /** Replaces a file whole, atomically and durably: after a kill it holds either the old or the new text. */
  write(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
}
