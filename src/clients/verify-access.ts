import type { CallOptions } from '../ports/index.ts';
import { type HttpClient, path, PermissionDeniedError, type RequestFacts } from './http/index.ts';
import { spaceListWireSchema } from './genie/wire.ts';

/** How we signed in, for messages: source and kind, never the secret. */
export interface SignedInBy {
  readonly type: string;
  readonly source: string;
  readonly profile: string | null;
}

/** We are signed in, but not as somebody who may see spaces: most often with the wrong profile. */
export class ProfileRefusedError extends PermissionDeniedError {
  constructor({ source, profile }: SignedInBy, facts: RequestFacts) {
    super(
      `Signed in to ${facts.host} by ${profile === null ? source : `profile '${profile}'`}, which may not list spaces there (${facts.serverMessage || 'no reason given'}). ` +
        'Name another profile (--profile, DATABRICKS_CONFIG_PROFILE), or ask for access to Genie in this workspace.',
      facts,
      { profile, source },
    );
  }
}

/**
 * Makes the cheapest call that tells whether the sign-in is right: one entry of the list of spaces.
 *
 * @throws {ProfileRefusedError} @throws {AuthenticationError}
 * @see spec/pipeline.md §6.0
 */
export async function verifyAccess(
  http: HttpClient,
  signedInBy: SignedInBy,
  options: CallOptions = {},
): Promise<void> {
  try {
    await http.request({
      ...options,
      method: 'GET',
      path: path`/api/2.0/genie/spaces`,
      query: { page_size: 1 },
      schema: spaceListWireSchema,
    });
  } catch (error) {
    if (error instanceof PermissionDeniedError) throw new ProfileRefusedError(signedInBy, error.facts);
    throw error;
  }
}
