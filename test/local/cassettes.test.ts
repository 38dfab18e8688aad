import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordWorkspace, replayWorkspace } from '../../src/local/index.ts';
import type { LocalWorkspace } from '../../src/local/index.ts';
import { apiOf, workspaceWithApi } from './http.ts';
import type { Api } from './http.ts';

let dir: string;
let workspace: LocalWorkspace;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cassettes-'));
  ({ workspace } = await workspaceWithApi({
    token: 'a plain looking token',
    variance: 1,
    startsPerMinute: 3,
  }));
});
afterAll(async () => {
  await workspace.close();
  await rm(dir, { recursive: true });
});

const through = (server: { readonly host: string; readonly token: string }): Api =>
  apiOf(server as unknown as LocalWorkspace);

const folder = (name: string): string => join(dir, name);

/** Everything a client sees of a session that reads, asks, writes, is refused and goes on. */
async function session(api: Api): Promise<unknown[]> {
  const seen: unknown[] = [];
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await api(method, path, body);
    seen.push([answer.status, answer.headers.get('retry-after'), answer.body]);
    return answer.body;
  };
  const space = `/api/2.0/genie/spaces/${workspace.spaceId}`;
  const sql = async (text: string) =>
    call('POST', '/api/2.0/sql/statements', { statement: text, warehouse_id: workspace.warehouseId });
  await call('GET', '/api/2.0/genie/spaces?page_size=1');
  const { serialized_space, etag } = await call('GET', `${space}?include_serialized_space=true`);
  for (let count = 0; count < 4; count += 1) {
    const started = (await call('POST', `${space}/start-conversation`, {
      content: 'How many members are there?',
    })) as { conversation_id?: string; message_id?: string };
    if (started.conversation_id === undefined) continue;
    const path = `${space}/conversations/${started.conversation_id}/messages/${started.message_id ?? ''}`;
    const message = (await call('GET', path)) as { attachments?: { attachment_id: string }[] };
    await call(
      'GET',
      `${path}/attachments/${message.attachments?.[0]?.attachment_id ?? 'none'}/query-result`,
    );
  }
  await call('PATCH', space, { serialized_space, etag, title: 'Another title' });
  await call('PATCH', space, { serialized_space, etag: 'stale' });
  await call('GET', space);
  await sql('SELECT 9007199254740993, genre FROM town.library.books ORDER BY book_id');
  await sql('SELECT nothing');
  await call('GET', '/api/2.0/nothing');
  return seen;
}

describe('record and replay', () => {
  it('replays a session answer by answer', async () => {
    const recorder = await recordWorkspace(workspace, folder('session'));
    const recorded = await session(through(recorder));
    await recorder.close();
    expect(recorded.map((each) => (each as unknown[])[0])).toEqual(
      expect.arrayContaining([200, 404, 409, 429]),
    );
    const replay = await replayWorkspace(folder('session'));
    expect(await session(through(replay))).toEqual(recorded);
    expect([replay.remaining(), replay.misses]).toEqual([0, []]);
    await replay.close();
  });

  it('answers a GET again, and refuses what was not recorded', async () => {
    const recorder = await recordWorkspace(workspace, folder('little'));
    const me = await through(recorder)('GET', '/api/2.0/preview/scim/v2/Me');
    const statement = { statement: 'SELECT 1', warehouse_id: workspace.warehouseId };
    await through(recorder)('POST', '/api/2.0/sql/statements', statement);
    await recorder.close();
    const replay = await replayWorkspace(folder('little'));
    const api = through(replay);
    for (let count = 0; count < 3; count += 1)
      expect((await api('GET', '/api/2.0/preview/scim/v2/Me')).body).toEqual(me.body);
    expect((await api('POST', '/api/2.0/sql/statements', statement)).status).toBe(200);
    const again = await api('POST', '/api/2.0/sql/statements', statement);
    expect([again.status, again.body['error_code']]).toEqual([501, 'REPLAY_MISS']);
    expect(replay.misses).toEqual([{ method: 'POST', path: '/api/2.0/sql/statements' }]);
    await replay.close();
  });

  it('knows a request again whose times and query order differ', async () => {
    const recorder = await recordWorkspace(workspace, folder('times'));
    await through(recorder)('GET', '/api/2.0/genie/spaces?page_size=5&page_token=', undefined);
    await through(recorder)('POST', '/api/2.0/nothing', {
      name: 'x',
      start_time: 1,
      deep: [{ timestamp: 2 }],
    });
    await recorder.close();
    const replay = await replayWorkspace(folder('times'));
    await through(replay)('GET', '/api/2.0/genie/spaces?page_token=&page_size=5');
    await through(replay)('POST', '/api/2.0/nothing', { deep: [{ timestamp: 9 }], start_time: 8, name: 'x' });
    expect([replay.remaining(), replay.misses]).toEqual([0, []]);
    await replay.close();
  });

  it('replays a connection that broke', async () => {
    const target = createServer((_request, response) => response.destroy());
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    const port = (target.address() as { port: number }).port;
    const recorder = await recordWorkspace(
      { host: `http://127.0.0.1:${port}`, token: 'token of it' },
      folder('broken'),
    );
    await expect(through(recorder)('GET', '/x')).rejects.toThrow();
    await recorder.close();
    target.close();
    const replay = await replayWorkspace(folder('broken'));
    await expect(through(replay)('GET', '/x')).rejects.toThrow();
    await replay.close();
  });

  it('keeps whole numbers that are too large for a double', async () => {
    const target = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end('{"id": 9007199254740993}');
    });
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    const port = (target.address() as { port: number }).port;
    const recorder = await recordWorkspace(
      { host: `http://127.0.0.1:${port}`, token: 'token of it' },
      folder('numbers'),
    );
    await through(recorder)('GET', '/x');
    await recorder.close();
    target.close();
    const replay = await replayWorkspace(folder('numbers'));
    const response = await fetch(`${replay.host}/x`, {
      headers: { authorization: `Bearer ${replay.token}` },
    });
    expect(await response.text()).toBe('{"id": 9007199254740993}');
    await replay.close();
  });

  it.each([
    ['no cassette', null, /cannot be read.*recordWorkspace/],
    ['another file', 'hello\n', /line 1 is no JSON/],
    [
      'another version',
      '{"format":"genie-optimizer-cassette","version":9,"recorded_at":""}\n',
      /line 1 has another form/,
    ],
    [
      'a broken line',
      '{"format":"genie-optimizer-cassette","version":1,"recorded_at":""}\n{"n":',
      /line 2 is no JSON/,
    ],
    [
      'a line of another form',
      '{"format":"genie-optimizer-cassette","version":1,"recorded_at":""}\n{"n":0}',
      /line 2 has another form/,
    ],
  ])('says what is wrong with %s', async (_what, text, message) => {
    const place = await mkdtemp(join(dir, 'bad-'));
    if (text !== null) await writeFile(join(place, 'cassette.jsonl'), text);
    await expect(replayWorkspace(place)).rejects.toMatchObject({
      code: 'CASSETTE',
      message: expect.stringMatching(message) as string,
    });
  });

  it.each(['record', 'replay'] as const)('refuses another token at the %s server', async (kind) => {
    await recordWorkspace(workspace, folder('locked')).then((recorder) => recorder.close());
    const server =
      kind === 'record'
        ? await recordWorkspace(workspace, folder('locked'))
        : await replayWorkspace(folder('locked'));
    const answer = await through({ host: server.host, token: workspace.token })(
      'GET',
      '/api/2.0/genie/spaces',
    );
    expect(answer.status).toBe(401);
    await server.close();
  });
});

describe('secrets', () => {
  const PLANTED = {
    target: 'a plain looking token',
    cookie: 'kd83jx-session-of-ada',
    header: 'odd/header=secret+value',
    option: 'Grandmother & her recipe',
    databricks: 'dapi0123456789abcdef0123456789abcdef',
    jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl',
    clientSecret: 'correct-horse',
    nested: 'battery-staple',
    parameter: 'velvet-hammer',
    sqlPassword: 'open sesame now',
    sqlFunction: 'swordfish-nine',
    cell: 'tr0ub4dor',
    signature: 'f00dfeedcafebabe',
    aws: 'AKIAIOSFODNN7EXAMPLE',
    query: 'query-string-secret',
    pem: 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC',
  } as const;

  async function plant(server: { readonly host: string; readonly token: string }): Promise<number[]> {
    const api = through(server);
    const headers = { cookie: `sid=${PLANTED.cookie}; theme=dark`, 'x-gateway-token': PLANTED.header };
    const sql = async (text: string, more: object = {}) =>
      (
        await api(
          'POST',
          '/api/2.0/sql/statements',
          { statement: text, warehouse_id: workspace.warehouseId, ...more },
          headers,
        )
      ).status;
    const post = async (path: string, body: unknown) => (await api('POST', path, body, headers)).status;
    return [
      await post(`/api/2.0/nothing?access_token=${PLANTED.query}`, {
        client_secret: PLANTED.clientSecret,
        echo: PLANTED.header,
        sid: PLANTED.cookie,
      }),
      await post('/api/2.0/nothing', {
        serialized_space: JSON.stringify({ note: { password: PLANTED.nested, kept: 'shelf talk' } }),
      }),
      await post('/api/2.0/nothing', {
        key: 'api_key',
        value: PLANTED.parameter,
        recipe: `by ${PLANTED.option}`,
      }),
      await post(
        '/api/2.0/nothing',
        `-----BEGIN PRIVATE KEY-----\n${PLANTED.pem}\n-----END PRIVATE KEY-----`,
      ),
      await post(`/api/2.0/genie/spaces/${workspace.spaceId}/start-conversation`, {
        content: `Is ${PLANTED.databricks} or ${PLANTED.jwt} a token?`,
      }),
      await sql(`CREATE CONNECTION c TYPE mysql OPTIONS (user 'ada', password '${PLANTED.sqlPassword}')`),
      await sql(`SELECT map('secret', '${PLANTED.sqlFunction}'), '${PLANTED.aws}'`),
      await sql(`SELECT concat('tr0ub', '4dor') AS password, 'visible row' AS note`),
      await sql('SELECT :db_password', { parameters: [{ name: 'db_password', value: PLANTED.parameter }] }),
      await sql(
        `SELECT 'https://store.example/x?part=1&X-Amz-Signature=${PLANTED.signature}&sig=${PLANTED.signature}'`,
      ),
    ];
  }

  it('never reach a cassette, and the session replays all the same', async () => {
    const options = { secrets: [PLANTED.option] };
    const recorder = await recordWorkspace(workspace, folder('secrets'), options);
    const statuses = await plant(recorder);
    await recorder.close();
    const text = await readFile(join(folder('secrets'), 'cassette.jsonl'), 'utf8');
    const forms = (secret: string) => [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    ];
    const leaked = Object.entries({ ...PLANTED, proxy: recorder.token }).filter(([, secret]) =>
      forms(secret).some((form) => text.includes(form)),
    );
    expect(leaked).toEqual([]);
    expect(text).toContain('shelf talk');
    expect(text).toContain('visible row');
    const replay = await replayWorkspace(folder('secrets'), options);
    expect(await plant(replay)).toEqual(statuses);
    expect(replay.misses).toEqual([]);
    await replay.close();
  });

  it('of a target whose token is renewed never reach a cassette either', async () => {
    const tokens = [PLANTED.target, 'the plain token after it'];
    let asked = 0;
    const recorder = await recordWorkspace(
      { host: workspace.host, token: () => Promise.resolve(tokens[asked++] ?? workspace.token) },
      folder('renewed'),
    );
    const api = through(recorder);
    const statuses: number[] = [];
    for (const note of ['first', ...tokens])
      statuses.push((await api('POST', '/api/2.0/nothing', { note: `was ${note}` })).status);
    await recorder.close();
    expect(statuses).toEqual([404, 401, 404]);
    const text = await readFile(join(folder('renewed'), 'cassette.jsonl'), 'utf8');
    for (const token of [...tokens, workspace.token]) expect(text).not.toContain(token);
    expect(text).toContain('was first');
  });
});
