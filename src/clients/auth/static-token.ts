import { AuthConfigurationError } from './errors.ts';
import type { Credentials } from './credentials.ts';

/**
 * Signs with a token that does not change (a personal access token).
 *
 * @throws {AuthConfigurationError} when the text cannot be a token; the text itself is not repeated
 */
export function tokenCredentials(token: string, source: string, remedy: string): Credentials {
  const authorization = bearer(token, source);
  return { type: 'pat', source, remedy, authorization: () => Promise.resolve(authorization) };
}

/**
 * Header value for a token.
 *
 * Checked here, because the runtime's own error for a bad header value repeats the value.
 */
export function bearer(token: string, source: string): string {
  const trimmed = token.trim();
  if (!/^[\x21-\x7e]+$/.test(trimmed)) {
    throw new AuthConfigurationError(
      `The token from ${source} ${trimmed === '' ? 'is empty' : 'contains spaces, line breaks or characters outside ASCII'}. Copy it again, without quotes or line breaks.`,
      [],
    );
  }
  return `Bearer ${trimmed}`;
}

/** Signs with a token that the caller supplies anew for each request. */
export function providedCredentials(provider: () => string | Promise<string>): Credentials {
  const source = "option 'tokenProvider'";
  return {
    type: 'token-provider',
    source,
    remedy: 'Let tokenProvider return a fresh token.',
    authorization: async () => bearer(await provider(), source),
    // The next call asks the provider again, which is all we can do.
    invalidate: () => {},
  };
}
