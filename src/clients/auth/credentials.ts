import type { CallOptions } from '../../ports/index.ts';

/** How a client signs its requests. The secret leaves this object only in the header. */
export interface Credentials {
  readonly type: 'pat' | 'oauth-m2m' | 'databricks-cli' | 'token-provider' | 'basic' | 'none';
  /** Where the secret comes from, for messages: `environment variable DATABRICKS_TOKEN`. Never the secret. */
  readonly source: string;
  /** What a person does when the server refuses it. */
  readonly remedy: string;
  /** Value of the `Authorization` header; `null` sends none. Fetches or refreshes a token when needed. */
  authorization(options?: CallOptions): Promise<string | null>;
  /** Forgets a value that the server refused; absent when there is no way to get another one. */
  readonly invalidate?: (authorization: string) => void;
}

/** Sends no `Authorization` header: for servers without sign-in, and for pre-signed links. */
export const NO_CREDENTIALS: Credentials = {
  type: 'none',
  source: 'no credentials',
  remedy: 'Pass a token or a profile.',
  authorization: () => Promise.resolve(null),
};
