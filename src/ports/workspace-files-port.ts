import type { CallOptions } from './call-options.ts';

/** Files and notebooks in the workspace tree; paths are absolute. @see spec/databricks-apis.md §7 */
export interface WorkspaceFilesPort {
  /** Makes a folder and those above it; nothing happens when it exists. */
  makeFolder(folder: string, options?: CallOptions): Promise<void>;
  /** Writes a file of at most 10 MB, replacing what stands there. */
  write(file: string, content: string | Uint8Array, options?: CallOptions): Promise<void>;
  /** Content of a file, or `null` when there is none. */
  read(file: string, options?: CallOptions): Promise<Uint8Array | null>;
  /** `NOTEBOOK`, `FILE`, `DIRECTORY`, …, or `null` when nothing stands there. */
  typeOf(file: string, options?: CallOptions): Promise<string | null>;
  delete(file: string, options?: CallOptions & { readonly recursive?: boolean }): Promise<void>;
}
