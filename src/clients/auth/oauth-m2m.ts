import * as z from 'zod';
import type { Clock } from '../../ports/index.ts';
import { existingPath, HttpClient, NotFoundError, path } from '../http/index.ts';
import type { Credentials } from './credentials.ts';
import { bearer } from './static-token.ts';
import { type Token, TokenCache } from './token-cache.ts';

const discoverySchema = z.looseObject({ token_endpoint: z.string() });

const tokenSchema = z.looseObject({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().optional(),
});

export interface OAuthM2mOptions {
  readonly host: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Of a unified host, whose token endpoint belongs to an account. */
  readonly accountId?: string | null;
  readonly source: string;
  readonly clock: Clock;
}

/**
 * Signs in as a service principal (OAuth client credentials). The first request fetches the token.
 *
 * @see spec/databricks-apis.md §1.4
 */
export function oauthM2mCredentials(options: OAuthM2mOptions): Credentials {
  const cache = new TokenCache(() => fetchToken(options), options.clock);
  return {
    type: 'oauth-m2m',
    source: `the service principal of ${options.source}`,
    remedy: 'Check the client id and secret, and that the service principal is a member of the workspace.',
    authorization: async (call) => bearer(await cache.get(call), options.source),
    invalidate: (authorization) => cache.invalidate(authorization.replace(/^Bearer /, '')),
  };
}

async function fetchToken(options: OAuthM2mOptions): Promise<Token> {
  const secret = Buffer.from(
    `${encodeURIComponent(options.clientId)}:${encodeURIComponent(options.clientSecret)}`,
  ).toString('base64');
  const endpoint = await discoverEndpoint(options);
  const http = new HttpClient({
    host: endpoint.origin,
    clock: options.clock,
    credentials: {
      type: 'basic',
      source: `client id and secret from ${options.source}`,
      remedy: 'Check the client id and secret, and that the secret has not expired.',
      authorization: () => Promise.resolve(`Basic ${secret}`),
    },
  });
  const answer = await http.request({
    method: 'POST',
    path: existingPath(endpoint),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials&scope=all-apis',
    schema: tokenSchema,
    // A token that got lost on the way back does no harm.
    retry: 'safe',
  });
  const lifetimeMs = (answer.expires_in ?? 3600) * 1000;
  return { value: answer.access_token, expiresAt: options.clock.now().getTime() + lifetimeMs };
}

async function discoverEndpoint({ host, accountId, clock }: OAuthM2mOptions): Promise<URL> {
  const http = new HttpClient({ host, clock });
  const well =
    accountId === null || accountId === undefined
      ? path`/oidc/.well-known/oauth-authorization-server`
      : path`/oidc/accounts/${accountId}/.well-known/oauth-authorization-server`;
  try {
    const { token_endpoint: endpoint } = await http.request({
      method: 'GET',
      path: well,
      schema: discoverySchema,
    });
    const url = URL.parse(endpoint);
    // The secret goes where discovery points, so that must not be a downgrade to plain HTTP.
    if (url === null || (url.protocol !== 'https:' && url.origin !== http.host)) {
      throw http.formatError(
        { method: 'GET', path: well },
        'the token endpoint that it names is no secure address.',
      );
    }
    return url;
  } catch (error) {
    if (error instanceof NotFoundError) return new URL(`${http.host}/oidc/v1/token`);
    throw error;
  }
}
