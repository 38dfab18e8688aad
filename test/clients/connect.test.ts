import { readFile } from 'node:fs/promises';
import { http as route, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import {
  connect,
  type ConnectOptions,
  LIBRARY_VERSION,
  ProfileRefusedError,
  WarehouseUnknownError,
} from '../../src/clients/index.ts';
import { FakeClock } from './support/fake-clock.ts';
import { HOST, rejection, useServer } from './support/server.ts';

const server = useServer();

const connected = (options: ConnectOptions = {}) =>
  connect({ host: HOST, token: 'some-token', clock: new FakeClock(), sources: { env: {} }, ...options });

/** Serves a space with a warehouse, and statements that remember theirs. */
function serve(): string[] {
  const warehouses: string[] = [];
  server.use(
    route.get(`${HOST}/api/2.0/genie/spaces/:id`, ({ params }) =>
      HttpResponse.json({
        space_id: params['id'],
        warehouse_id: `wh-of-${String(params['id'])}`,
        serialized_space: '{}',
      }),
    ),
    route.post<never, { warehouse_id: string }>(`${HOST}/api/2.0/sql/statements`, async ({ request }) => {
      warehouses.push((await request.json()).warehouse_id);
      return HttpResponse.json({ statement_id: 's', status: { state: 'SUCCEEDED' } });
    }),
  );
  return warehouses;
}

describe('connect', () => {
  it('sends nothing until it is used', async () => {
    const workspace = await connected();
    expect(workspace.host).toBe(HOST);
    expect(workspace.signedInBy).toEqual({ type: 'pat', source: 'explicit options', profile: null });
  });

  it.each<[what: string, options: ConnectOptions, expected: string]>([
    [
      'the named warehouse',
      { warehouseId: 'wh-mine', spaceId: 's1', sources: { env: { DATABRICKS_WAREHOUSE_ID: 'wh-env' } } },
      'wh-mine',
    ],
    [
      'the warehouse of the environment',
      { spaceId: 's1', sources: { env: { DATABRICKS_WAREHOUSE_ID: 'wh-env' } } },
      'wh-env',
    ],
    ['the warehouse of the named space', { spaceId: 's1' }, 'wh-of-s1'],
  ])('runs statements on %s', async (_what, options, expected) => {
    const warehouses = serve();
    await (await connected(options)).sql.execute('SELECT 1');
    expect(warehouses).toEqual([expected]);
  });

  it('runs statements on the warehouse of the space that was read', async () => {
    const warehouses = serve();
    const workspace = await connected();
    await workspace.genie.getSpace('s7');
    await workspace.sql.execute('SELECT 1');
    expect(warehouses).toEqual(['wh-of-s7']);
  });

  it('says how to name a warehouse when there is none', async () => {
    const error = await rejection((await connected()).sql.execute('SELECT 1'));
    expect(error).toBeInstanceOf(WarehouseUnknownError);
    expect((error as Error).message).toMatch(/warehouseId.*DATABRICKS_WAREHOUSE_ID.*spaceId/);
  });

  it.each<[string, ConnectOptions]>([
    [
      "profile 'field'",
      {
        profile: 'field',
        sources: {
          env: {},
          homeFolder: '/home/me',
          files: { read: () => Promise.resolve(`[field]\nhost = ${HOST}\ntoken = some-token\n`) },
        },
      },
    ],
    ['explicit options', { host: HOST, token: 'some-token', sources: { env: {} } }],
  ])('mistake 7: who may not list spaces is told by which sign-in: %s', async (source, options) => {
    server.use(
      route.get(`${HOST}/api/2.0/genie/spaces`, () =>
        HttpResponse.json(
          { error_code: 'PERMISSION_DENIED', message: 'Can View is missing' },
          { status: 403 },
        ),
      ),
    );
    const workspace = await connect({ clock: new FakeClock(), ...options });
    const error = await rejection(workspace.verifyAccess());
    expect(error).toBeInstanceOf(ProfileRefusedError);
    expect((error as Error).message).toContain(`by ${source}, which may not list spaces`);
    expect((error as Error).message).toMatch(/Can View is missing.*--profile/);
  });

  it('mistake 7: asks for one space only to find out, and says nothing when all is well', async () => {
    const queries: string[] = [];
    server.use(
      route.get(`${HOST}/api/2.0/genie/spaces`, ({ request }) => {
        queries.push(new URL(request.url).search);
        return HttpResponse.json({ spaces: [{ space_id: 's1' }], next_page_token: 'p2' });
      }),
    );
    await (await connected()).verifyAccess();
    expect(queries).toEqual(['?page_size=1']);
  });

  it('states the version of the package', async () => {
    const { version } = JSON.parse(
      await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    expect(LIBRARY_VERSION).toBe(version);
  });
});
