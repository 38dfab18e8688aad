import type { CallOptions } from './call-options.ts';

export interface CurrentUser {
  readonly id: string;
  /** Mail address of a person, application id of a service principal; names the home folder `/Users/<userName>`. */
  readonly userName: string;
  readonly displayName: string;
  readonly groups: readonly string[];
}

/** Who is signed in. @see spec/databricks-apis.md §7 */
export interface IdentityPort {
  currentUser(options?: CallOptions): Promise<CurrentUser>;
}
