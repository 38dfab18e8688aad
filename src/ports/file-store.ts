/** Files as a port: session, reports, repository files. Paths are as the caller gave them. */
export interface FileStore {
  /** Text of a file, or `null` when it does not exist. */
  read(path: string): Promise<string | null>;
  /** Replaces a file whole, atomically and durably: after a kill it holds either the old or the new text. */
  write(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  /**
   * Paths of all files in a folder and below it, sorted, each beginning with the folder as given; empty when there is
   * none. Files and folders whose name begins with a dot are left out. A store that cannot list goes without.
   */
  list?(folder: string): Promise<readonly string[]>;
}
