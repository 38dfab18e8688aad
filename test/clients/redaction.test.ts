import { http as route, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { connect, path } from '../../src/clients/index.ts';
import { isOptimizerError } from '../../src/core/index.ts';
import { everythingShown, recordingLogger } from './support/everything-shown.ts';
import { FakeClock } from './support/fake-clock.ts';
import { HOST, PLANTED_TOKEN, rejection, useServer } from './support/server.ts';

const server = useServer();
const SECRET_CLIENT = 'Cl13nt+secret/of.unknown-form';
const ISSUED_TOKEN = 'Issu3d~token/of.unknown-form';
const SIGNED = 'X-Signature=s1gned-and-secret';
const SECRETS = [
  PLANTED_TOKEN,
  SECRET_CLIENT,
  ISSUED_TOKEN,
  SIGNED,
  Buffer.from(PLANTED_TOKEN).toString('base64'),
  encodeURIComponent(PLANTED_TOKEN),
];

const echo = `you sent Bearer ${PLANTED_TOKEN} and ${encodeURIComponent(PLANTED_TOKEN)} and ${Buffer.from(PLANTED_TOKEN).toString('base64')}, token=${PLANTED_TOKEN}`;

const faults: readonly [what: string, answer: () => Response | Promise<Response>][] = [
  [
    '401 with the token in its message',
    () => HttpResponse.json({ error_code: 'UNAUTHENTICATED', message: echo }, { status: 401 }),
  ],
  ['403 as plain text', () => new HttpResponse(`PERMISSION_DENIED: ${echo}`, { status: 403 })],
  ['404 as a web page', () => new HttpResponse(`<html><pre>${echo}</pre></html>`, { status: 404 })],
  [
    '409 with the token as its code',
    () => HttpResponse.json({ error_code: PLANTED_TOKEN, message: echo }, { status: 409 }),
  ],
  [
    '400 with the token in a violation',
    () =>
      HttpResponse.json(
        {
          error_code: 'X',
          message: 'm',
          details: [
            {
              '@type': 'type.googleapis.com/google.rpc.BadRequest',
              field_violations: [{ field: 'f', description: echo }],
            },
          ],
        },
        { status: 400 },
      ),
  ],
  ['429 that never ends', () => HttpResponse.json({ message: echo }, { status: 429 })],
  ['500', () => HttpResponse.json({ message: echo }, { status: 500 })],
  ['503 that never ends', () => HttpResponse.json({ message: echo }, { status: 503 })],
  ['a broken connection', () => HttpResponse.error()],
  ['no JSON', () => new HttpResponse(echo)],
  ['a wrong shape', () => HttpResponse.json({ value: echo })],
];

describe('no credential is ever shown', () => {
  it.each(faults)('after %s', async (_what, answer) => {
    server.use(route.get(`${HOST}/api/2.0/thing`, answer));
    const { logger, lines } = recordingLogger();
    const workspace = await connect({
      host: HOST,
      token: PLANTED_TOKEN,
      clock: new FakeClock(),
      logger,
      sources: { env: {} },
    });
    const error = await rejection(
      workspace.http.request({
        method: 'GET',
        path: path`/api/2.0/thing`,
        schema: z.looseObject({ value: z.number() }),
      }),
    );
    expect(isOptimizerError(error)).toBe(true);
    const shown = everythingShown(error, [lines, workspace]);
    for (const secret of SECRETS) expect(shown).not.toContain(secret);
  });

  it('when a token request of a service principal fails, before or after it was issued', async () => {
    server.use(
      route.get(`${HOST}/oidc/.well-known/oauth-authorization-server`, () =>
        HttpResponse.json({ token_endpoint: `${HOST}/oidc/v1/token` }),
      ),
      route.post(
        `${HOST}/oidc/v1/token`,
        () =>
          HttpResponse.json(
            { error: 'invalid_client', error_description: `wrong ${SECRET_CLIENT}` },
            { status: 401 },
          ),
        { once: true },
      ),
      route.post(`${HOST}/oidc/v1/token`, () =>
        HttpResponse.json({ access_token: ISSUED_TOKEN, expires_in: 3600 }),
      ),
      route.get(`${HOST}/api/2.0/thing`, () =>
        HttpResponse.json({ message: `bad ${ISSUED_TOKEN}` }, { status: 400 }),
      ),
    );
    const { logger, lines } = recordingLogger();
    const workspace = await connect({
      host: HOST,
      clientId: 'the-client',
      clientSecret: SECRET_CLIENT,
      clock: new FakeClock(),
      logger,
      sources: { env: {} },
    });
    const call = { method: 'GET', path: path`/api/2.0/thing`, schema: z.looseObject({}) } as const;
    const errors = [
      await rejection(workspace.http.request(call)),
      await rejection(workspace.http.request(call)),
    ];
    const shown = errors.map((error) => everythingShown(error, [lines, workspace])).join('\n');
    expect(shown).toContain('invalid_client');
    expect(shown).toContain('bad [redacted]');
    for (const secret of SECRETS) expect(shown).not.toContain(secret);
  });

  it('when a pre-signed link fails, whose query is its permission', async () => {
    const storage = 'https://storage.example.com';
    const authorizations: (string | null)[] = [];
    server.use(
      route.post(`${HOST}/api/2.0/sql/statements`, () =>
        HttpResponse.json({
          statement_id: 's1',
          status: { state: 'SUCCEEDED' },
          manifest: { schema: { columns: [] } },
          result: { external_links: [{ external_link: `${storage}/part?${SIGNED}` }] },
        }),
      ),
      route.get(`${storage}/part`, ({ request }) => {
        authorizations.push(request.headers.get('authorization'));
        return new HttpResponse('AccessDenied: expired', { status: 403 });
      }),
    );
    const workspace = await connect({
      host: HOST,
      token: PLANTED_TOKEN,
      warehouseId: 'w',
      clock: new FakeClock(),
      sources: { env: {} },
    });
    const error = await rejection(workspace.sql.execute('SELECT 1'));
    const shown = everythingShown(error, []);
    expect(shown).toContain(storage);
    expect(authorizations).toEqual([null]);
    for (const secret of SECRETS) expect(shown).not.toContain(secret);
  });

  it('when a token cannot be sent at all', async () => {
    const error = await rejection(
      connect({ host: HOST, token: `${PLANTED_TOKEN}\nsecond line`, sources: { env: {} } }),
    );
    expect(String(error)).toContain('line breaks');
    expect(everythingShown(error, [])).not.toContain(PLANTED_TOKEN);
  });
});
