import type { CallOptions } from './call-options.ts';

/** A file or folder below an artifact root. */
export interface ArtifactEntry {
  /** Relative to the artifact root. */
  readonly path: string;
  readonly isFolder: boolean;
  /** Bytes; `null` for folders and where the service does not say. */
  readonly size: number | null;
}

/** A run or a logged model with its files; `artifactUri` decides how they are reached. */
export type ArtifactOwner =
  | { readonly runId: string; readonly artifactUri: string }
  | { readonly modelId: string; readonly artifactUri: string };

/** Files of runs and logged models, wherever the tracking service keeps them. @see spec/mlflow-rest.md §7 */
export interface ArtifactStore {
  /** @throws {ArtifactsUnreachableError} */
  write(
    owner: ArtifactOwner,
    name: string,
    content: string | Uint8Array<ArrayBuffer>,
    options?: CallOptions,
  ): Promise<void>;
  /** The content of a file, or `null` when there is none. @throws {ArtifactsUnreachableError} */
  read(owner: ArtifactOwner, name: string, options?: CallOptions): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Entries directly below a folder; empty when the folder does not exist. */
  list(owner: ArtifactOwner, folder?: string, options?: CallOptions): Promise<readonly ArtifactEntry[]>;
}
