import type { CallOptions } from './call-options.ts';

/** Which bundle, and with which values. */
export interface BundleOptions extends CallOptions {
  /** Default: the target that the bundle marks as its default. */
  readonly target?: string | undefined;
  readonly variables?: Readonly<Record<string, string>> | undefined;
}

/** A resource of a deployed bundle. */
export interface BundleResource {
  /** `jobs`, `genie_spaces`, … */
  readonly type: string;
  readonly key: string;
  /** `null` until it is deployed. */
  readonly id: string | null;
  readonly url: string | null;
}

/** Asset bundles of one folder. @see spec/databricks-apis.md §6 */
export interface BundlePort {
  /** @throws {BundleError} with the first problem that was found */
  validate(options?: BundleOptions): Promise<void>;
  deploy(options?: BundleOptions): Promise<void>;
  resources(options?: BundleOptions): Promise<readonly BundleResource[]>;
  /** Runs a job of the bundle and waits for its end. @throws {BundleError} when it did not succeed */
  run(
    key: string,
    options?: BundleOptions & { readonly parameters?: Readonly<Record<string, string>> | undefined },
  ): Promise<void>;
  /** Writes a space of the workspace into the folder as `*.geniespace.json`, as the bundle wants it. */
  generateSpace(spaceId: string, key: string, options?: BundleOptions): Promise<void>;
}
