/** Version of this library as its user agent states it; equal to the one in `package.json`. */
export const LIBRARY_VERSION = '0.1.0';

/**
 * The `User-Agent` of every request: product, runtime, system, and how the caller signed in.
 *
 * @see spec/databricks-apis.md §1.7
 */
export function userAgent(authType: string): string {
  return `genie-optimizer/${LIBRARY_VERSION} ts/${process.versions.node} os/${process.platform} auth/${authType}`;
}
