import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocalWorkspace } from '../../src/local/index.ts';
import type { LocalWorkspace } from '../../src/local/index.ts';
import { FIXTURE, rowsOf, statement, workspaceWithApi } from './http.ts';
import type { Api } from './http.ts';

let workspace: LocalWorkspace;
let api: Api;
beforeAll(async () => {
  ({ workspace, api } = await workspaceWithApi({ maxBodyBytes: 200_000 }));
});
afterAll(() => workspace.close());

/** The server answers as before. */
const isUp = async () => expect(await rowsOf(api, workspace, 'SELECT 1')).toEqual([['1']]);

const patch = (content: unknown) =>
  api('PATCH', `/api/2.0/genie/spaces/${workspace.spaceId}`, {
    serialized_space: typeof content === 'string' ? content : JSON.stringify(content),
  });
const table = (identifier: string, more: object = {}) => ({ identifier, ...more });
const withTables = (...tables: object[]) => ({ version: 2, data_sources: { tables } });
const ID = '0'.repeat(31);
const BOOKS = 'town.library.books';

describe('a space that is refused', () => {
  it.each([
    ['no JSON', '{', 'Invalid serialized_space:'],
    ['JSON that is no object', '[]', "Expected 'START_OBJECT'"],
    ['encoded twice', JSON.stringify('{}'), "Expected 'START_OBJECT' not 'VALUE_STRING'"],
    ['without a version', { data_sources: {} }, 'Invalid export proto: ExportConverter supports versions'],
    ['an unknown key', { version: 2, title: 'x' }, 'Cannot find field: title'],
    ['an unknown key inside', withTables(table(BOOKS, { alias: 'b' })), 'Cannot find field: alias'],
    [
      'a text where a list is',
      withTables(table(BOOKS, { description: 'x' })),
      'Expected an array for description',
    ],
    [
      'fields of version 1',
      withTables(table(BOOKS, { column_configs: [{ column_name: 'title', get_example_values: true }] })),
      'uses version 1 fields',
    ],
    [
      'an id of another form',
      { version: 2, config: { sample_questions: [{ id: 'x', question: ['Q?'] }] } },
      'Expected lowercase 32-hex UUID',
    ],
    [
      'tables out of order',
      withTables(table(BOOKS), table('town.library.authors')),
      'must be sorted by identifier',
    ],
    ['a table that does not exist', withTables(table('town.library.nothing')), 'town.library.nothing'],
    [
      'a join without its marker',
      {
        ...withTables(table(BOOKS)),
        instructions: {
          join_specs: [
            {
              id: `${ID}1`,
              left: { identifier: BOOKS, alias: 'books' },
              right: { identifier: BOOKS, alias: 'books' },
              sql: ['a = b'],
            },
          ],
        },
      },
      'Failed to parse export proto',
    ],
  ])('%s', async (_what, content, message) => {
    const before = await api(
      'GET',
      `/api/2.0/genie/spaces/${workspace.spaceId}?include_serialized_space=true`,
    );
    const { status, body } = await patch(content);
    expect(body['message']).toContain(message);
    expect([400, 403]).toContain(status);
    const after = await api(
      'GET',
      `/api/2.0/genie/spaces/${workspace.spaceId}?include_serialized_space=true`,
    );
    expect(after.body).toEqual(before.body);
  });
});

describe('SQL that is refused', () => {
  it.each([
    [
      'MERGE INTO books USING loans ON true WHEN MATCHED THEN DELETE',
      'UNSUPPORTED_FEATURE.EMBEDDED_ENGINE',
      'embedded engine',
    ],
    ['SELECT FROM WHERE', 'PARSE_SYNTAX_ERROR', ''],
    ['SELECT * FROM no_such_table', 'TABLE_OR_VIEW_NOT_FOUND', ''],
    ['SELECT no_such_column FROM books', 'UNRESOLVED_COLUMN', ''],
    ['SELECT no_such_function(1)', 'UNRESOLVED_ROUTINE', ''],
    ["SELECT * FROM read_csv('/etc/passwd')", '', ''],
    ["COPY books TO '/tmp/books.csv'", '', ''],
    ["ATTACH '/tmp/x.db'", '', ''],
  ])('%s', async (sql, errorClass, words) => {
    const { status, body } = await api('POST', '/api/2.0/sql/statements', statement(workspace, sql));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: {
        state: 'FAILED',
        error: { message: expect.stringContaining(`[${errorClass}`) as string },
        sql_state: expect.stringMatching(/^\w{5}$/) as string,
      },
    });
    expect(JSON.stringify(body)).toContain(words);
  });
});

describe('a request that is refused', () => {
  const SECRET = 'Bearer not-the-token';
  it.each<[string, string, string, unknown, Record<string, string>, number, unknown]>([
    ['without a token', 'GET', '/api/2.0/genie/spaces', undefined, { authorization: '' }, 401, 401],
    ['with another token', 'GET', '/api/2.0/genie/spaces', undefined, { authorization: SECRET }, 401, 401],
    [
      'with a token of another kind',
      'GET',
      '/api/2.0/genie/spaces',
      undefined,
      { authorization: 'Basic eDp5' },
      401,
      401,
    ],
    [
      'with a body over the limit',
      'POST',
      '/api/2.0/genie/spaces',
      `"${'x'.repeat(200_001)}"`,
      {},
      413,
      'REQUEST_TOO_LARGE',
    ],
    [
      'with a body that is no JSON',
      'POST',
      '/api/2.0/genie/spaces',
      '{"title":',
      {},
      400,
      'MALFORMED_REQUEST',
    ],
    ['with a body that is no object', 'POST', '/api/2.0/genie/spaces', '[1]', {}, 400, 'MALFORMED_REQUEST'],
    ['to nowhere', 'GET', '/api/9.9/nothing', undefined, {}, 404, 'ENDPOINT_NOT_FOUND'],
    ['by another method', 'PUT', '/api/2.0/genie/spaces', {}, {}, 404, 'ENDPOINT_NOT_FOUND'],
    [
      'with a broken path',
      'GET',
      '/api/2.0/genie/spaces/%E0%A4%A',
      undefined,
      {},
      400,
      'INVALID_PARAMETER_VALUE',
    ],
    [
      'for a space that is not there',
      'GET',
      `/api/2.0/genie/spaces/${ID}9`,
      undefined,
      {},
      404,
      'RESOURCE_DOES_NOT_EXIST',
    ],
    [
      'with a page token of its own making',
      'GET',
      '/api/2.0/genie/spaces?page_token=x',
      undefined,
      {},
      400,
      'INVALID_PARAMETER_VALUE',
    ],
  ])('%s', async (_what, method, path, body, headers, status, code) => {
    const answer = await api(method, path, body, headers);
    expect([answer.status, answer.body['error_code']]).toEqual([status, code]);
    expect(answer.body['message']).toMatch(/\w{3}/);
    expect(JSON.stringify(answer.body)).not.toContain('not-the-token');
    await isUp();
  });
});

describe('paths with detours', () => {
  const raw = (method: string, path: string) => api(method, path, method === 'PUT' ? 'x' : undefined);
  const DETOURS = ['a/..%2f..%2fetc/passwd', 'a/%252e%252e/b', '%2e%2e%5cb', 'a%00b'];
  const PLACES = [
    ['PUT', '/api/2.0/mlflow-artifacts/artifacts/'],
    ['GET', '/api/2.0/mlflow-artifacts/artifacts/'],
    ['GET', '/api/2.0/mlflow-artifacts/artifacts?path='],
    ['PUT', '/api/2.0/fs/files/Volumes/town/library/v/'],
    ['GET', '/api/2.0/fs/files/Volumes/town/library/v/'],
  ] as const;
  it.each(PLACES.flatMap(([method, place]) => DETOURS.map((detour) => [method, place + detour] as const)))(
    '%s %s is refused',
    async (method, path) => {
      const { status, body } = await raw(method, path);
      expect([status, body['error_code']]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    },
  );

  it.each(['/Workspace/Shared/../../etc/passwd', '../x', 'x', '/Shared/a\u0000b', '/Shared/./x'])(
    'in the workspace tree: %s is refused',
    async (path) => {
      const content = Buffer.from('x').toString('base64');
      const query = encodeURIComponent(path);
      for (const [method, target, body] of [
        ['POST', 'import', { path, content, format: 'AUTO' }],
        ['POST', 'mkdirs', { path }],
        ['POST', 'delete', { path }],
        ['GET', `export?path=${query}`, undefined],
        ['GET', `list?path=${query}`, undefined],
      ] as const) {
        const answer = await api(method, `/api/2.0/workspace/${target}`, body);
        expect([answer.status, answer.body['error_code']]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
      }
    },
  );

  it('are not followed in names of artifacts that get a signed address', async () => {
    const experiment = await api('POST', '/api/2.0/mlflow/experiments/create', { name: '/Shared/signed' });
    const created = await api('POST', '/api/2.0/mlflow/runs/create', experiment.body);
    const run = created.body as unknown as { run: { info: { run_id: string } } };
    const asked = (path: string) =>
      api('POST', '/api/2.0/mlflow/artifacts/credentials-for-write', {
        run_id: run.run.info.run_id,
        path: [path],
      });
    expect((await asked('../../other/artifacts/x')).status).toBe(400);
    const { body } = await asked('x');
    const address = (body['credential_infos'] as { signed_uri: string }[])[0]?.signed_uri ?? '';
    const put = (url: string) => fetch(url, { method: 'PUT', body: 'x' }).then(({ status }) => status);
    expect(await put(address)).toBe(200);
    expect(await put(address.replace('/x?', '/y?'))).toBe(403);
    expect(await put(address.replace(/expires=\d+/, 'expires=99999999999999'))).toBe(403);
    expect((await fetch(address)).status).toBe(403);
  });
});

it('binds to loopback only', async () => {
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
  const url = new URL(workspace.host);
  expect(url.hostname).toBe('127.0.0.1');
  for (const address of [...outside, '[::1]'])
    await expect(fetch(`http://${address}:${url.port}/.well-known/databricks-config`)).rejects.toThrow();
  const everywhere = await startLocalWorkspace({ sample: FIXTURE, hostname: '0.0.0.0' });
  const port = new URL(everywhere.host).port;
  const reached = await fetch(`http://127.0.0.1:${port}/.well-known/databricks-config`);
  await everywhere.close();
  expect(reached.status).toBe(200);
});

describe('a state file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bad-state-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['text', Buffer.from('not a database at all, but long enough to look at'.repeat(200))],
    ['a database cut short', Buffer.concat([Buffer.alloc(8), Buffer.from('DUCK'), Buffer.alloc(5000)])],
  ])('that is %s is refused, and says what to do', async (what, content) => {
    const stateFile = join(folder, `${what.replaceAll(' ', '-')}.duckdb`);
    await writeFile(stateFile, content);
    await expect(startLocalWorkspace({ sample: FIXTURE, stateFile })).rejects.toMatchObject({
      code: 'STATE_FILE',
      message: expect.stringMatching(/Delete it to start anew/) as string,
    });
  });

  it('whose records are damaged is refused', async () => {
    const stateFile = join(folder, 'records.duckdb');
    const first = await startLocalWorkspace({ sample: FIXTURE, stateFile });
    await first.close();
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(stateFile);
    const connection = await instance.connect();
    await connection.run("INSERT INTO documents VALUES ('run', 'x', 1, '{\"runId\":')");
    connection.closeSync();
    instance.closeSync();
    await expect(startLocalWorkspace({ sample: FIXTURE, stateFile })).rejects.toMatchObject({
      code: 'STATE_FILE',
    });
  });

  it('is used by one process at a time; the second is told so, and the first goes on', async () => {
    const stateFile = join(folder, 'shared.duckdb');
    const holder = `
      import('@duckdb/node-api').then(async ({ DuckDBInstance }) => {
        globalThis.held = await DuckDBInstance.create(${JSON.stringify(stateFile)});
        console.log('held');
        setInterval(() => {}, 1000);
      });`;
    const child = spawn(execPath, ['-e', holder], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    await expect(startLocalWorkspace({ sample: FIXTURE, stateFile })).rejects.toMatchObject({
      code: 'STATE_FILE',
      message: expect.stringContaining('another process uses it') as string,
    });
    expect(child.exitCode).toBeNull();
    child.kill();
    await once(child, 'exit');
    const next = await startLocalWorkspace({ sample: FIXTURE, stateFile });
    await next.close();
  });
});
