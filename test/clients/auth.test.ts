import { http as route, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { resolveAuth } from '../../src/clients/index.ts';
import type { FakeClock } from './support/fake-clock.ts';
import { rejection, useServer } from './support/server.ts';
import { makeSources, cliToken } from './support/auth-sources.ts';

const server = useServer();

describe('the command line tool', () => {
  it('is asked once, and again only shortly before its token ends', async () => {
    const sources = makeSources({ cli: cliToken });
    const { credentials } = await resolveAuth({ profile: 'cli' }, sources);
    await credentials.authorization();
    expect(sources.commands).toEqual([['/opt/databricks', 'auth', 'token', '--profile', 'cli']]);
    (sources.clock as FakeClock).advance(56 * 60_000);
    await credentials.authorization();
    expect(sources.commands).toHaveLength(2);
  });

  it('is not asked for a host on this machine', async () => {
    const sources = makeSources({ cli: cliToken });
    await rejection(resolveAuth({ host: 'http://localhost:1' }, sources));
    expect(sources.commands).toEqual([]);
  });
});

describe('a service principal', () => {
  const host = 'https://m2m.example.com';
  const discovery = route.get(`${host}/oidc/.well-known/oauth-authorization-server`, () =>
    HttpResponse.json({ token_endpoint: `${host}/oidc/v1/token` }),
  );

  function issuing(expiresIn = 3600): {
    readonly requests: { body: string; authorization: string | null }[];
  } {
    const requests: { body: string; authorization: string | null }[] = [];
    server.use(
      discovery,
      route.post(`${host}/oidc/v1/token`, async ({ request }) => {
        requests.push({ body: await request.text(), authorization: request.headers.get('authorization') });
        return HttpResponse.json({
          access_token: `issued-token-${requests.length}`,
          token_type: 'Bearer',
          expires_in: expiresIn,
        });
      }),
    );
    return { requests };
  }

  it('exchanges id and secret for a token', async () => {
    const { requests } = issuing();
    const { credentials } = await resolveAuth({ profile: 'm2m' }, makeSources());
    expect(await credentials.authorization()).toBe('Bearer issued-token-1');
    expect(requests).toEqual([
      {
        body: 'grant_type=client_credentials&scope=all-apis',
        authorization: `Basic ${Buffer.from('the-client:the-secret').toString('base64')}`,
      },
    ]);
  });

  it('makes one request for any number of callers, and renews before the end', async () => {
    const { requests } = issuing();
    const sources = makeSources();
    const { credentials } = await resolveAuth({ profile: 'm2m' }, sources);
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => credentials.authorization())))).toEqual(
      new Set(['Bearer issued-token-1']),
    );
    (sources.clock as FakeClock).advance(54 * 60_000);
    expect(await credentials.authorization()).toBe('Bearer issued-token-1');
    (sources.clock as FakeClock).advance(2 * 60_000);
    expect(await Promise.all([credentials.authorization(), credentials.authorization()])).toEqual([
      'Bearer issued-token-2',
      'Bearer issued-token-2',
    ]);
    expect(requests).toHaveLength(2);
  });

  it('keeps the old token while renewing fails and it still holds', async () => {
    issuing();
    const sources = makeSources();
    const { credentials } = await resolveAuth({ profile: 'm2m' }, sources);
    await credentials.authorization();
    server.use(route.post(`${host}/oidc/v1/token`, () => new HttpResponse(null, { status: 400 })));
    (sources.clock as FakeClock).advance(57 * 60_000);
    expect(await credentials.authorization()).toBe('Bearer issued-token-1');
    (sources.clock as FakeClock).advance(4 * 60_000);
    await expect(credentials.authorization()).rejects.toThrow(/400/);
  });

  it('forgets a refused token, but not the one that replaced it meanwhile', async () => {
    issuing();
    const { credentials } = await resolveAuth({ profile: 'm2m' }, makeSources());
    const first = (await credentials.authorization()) ?? '';
    credentials.invalidate?.(first);
    const second = await credentials.authorization();
    credentials.invalidate?.(first);
    expect(second).toBe('Bearer issued-token-2');
    expect(await credentials.authorization()).toBe(second);
  });

  it('falls back to the usual endpoint where discovery is not offered', async () => {
    issuing();
    server.use(
      route.get(
        `${host}/oidc/.well-known/oauth-authorization-server`,
        () => new HttpResponse(null, { status: 404 }),
      ),
    );
    const { credentials } = await resolveAuth({ profile: 'm2m' }, makeSources());
    expect(await credentials.authorization()).toBe('Bearer issued-token-1');
  });

  it('does not send the secret to an endpoint without encryption', async () => {
    server.use(
      route.get(`${host}/oidc/.well-known/oauth-authorization-server`, () =>
        HttpResponse.json({ token_endpoint: 'http://m2m.example.com/token' }),
      ),
    );
    const { credentials } = await resolveAuth({ profile: 'm2m' }, makeSources());
    await expect(credentials.authorization()).rejects.toThrow(/no secure address/);
  });

  it('one caller that gives up does not end the request of the others', async () => {
    issuing();
    const { credentials } = await resolveAuth({ profile: 'm2m' }, makeSources());
    const impatient = rejection(credentials.authorization({ signal: AbortSignal.abort('enough') }));
    const patient = credentials.authorization();
    expect(await impatient).toBe('enough');
    expect(await patient).toBe('Bearer issued-token-1');
  });
});
