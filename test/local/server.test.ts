import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocalWorkspace } from '../../src/local/index.ts';
import type { LocalWorkspace } from '../../src/local/index.ts';
import { FIXTURE, statement, workspaceWithApi } from './http.ts';
import type { Api } from './http.ts';

let workspace: LocalWorkspace;
let api: Api;

beforeAll(async () => {
  ({ workspace, api } = await workspaceWithApi({ maxBodyBytes: 200_000 }));
});
afterAll(() => workspace.close());

describe('the server of the embedded workspace', () => {
  it('listens on loopback and says what it serves', () => {
    expect(workspace.host).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(workspace.sample).toMatchObject({
      name: 'library',
      domain: 'library',
      today: '2026-03-15',
      variables: { catalog: 'town', gold_schema: 'library' },
    });
    expect(workspace.spaces).toEqual([{ spaceId: workspace.spaceId, title: 'Town library' }]);
  });

  it('answers who is asking', async () => {
    const me = await api('GET', '/api/2.0/preview/scim/v2/Me');
    expect(me.body).toMatchObject({ userName: 'local.user@example.com', active: true });
  });

  it.each([
    ['without a token', {}, 'Credential was not sent or was of an unsupported type for this API.'],
    [
      'with basic auth',
      { authorization: 'Basic abc' },
      'Credential was not sent or was of an unsupported type for this API.',
    ],
    ['with a wrong token', { authorization: 'Bearer wrong' }, 'Invalid access token.'],
  ])('refuses a request %s', async (_what, headers: Record<string, string>, message) => {
    const response = await fetch(`${workspace.host}/api/2.0/genie/spaces`, { headers });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ error_code: 401, message });
  });

  it.each([
    ['GET', '/api/2.0/nothing/here'],
    ['PUT', '/api/2.0/genie/spaces'],
    ['GET', '/'],
    ['GET', '/api/2.0/genie/spaces/../../../etc/passwd'],
  ])('has no API for %s %s', async (method, path) => {
    const answer = await api(method, path);
    expect([answer.status, answer.body['error_code']]).toEqual([404, 'ENDPOINT_NOT_FOUND']);
  });

  it.each([
    ['broken JSON', '{"statement": '],
    ['a list', '[1]'],
    ['a bare text', '"x"'],
  ])('refuses a body that is %s', async (_what, body) => {
    const answer = await api('POST', '/api/2.0/sql/statements', body);
    expect([answer.status, answer.body['error_code']]).toEqual([400, 'MALFORMED_REQUEST']);
  });

  it('refuses a path with broken encoding and stays up', async () => {
    const answer = await api('GET', '/api/2.0/genie/spaces/%E0%A4%A');
    expect([answer.status, answer.body['error_code']]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    expect((await api('GET', '/api/2.0/genie/spaces')).status).toBe(200);
  });

  it('refuses an oversized body and stays up', async () => {
    const answer = await api(
      'POST',
      '/api/2.0/sql/statements',
      statement(workspace, `SELECT '${'x'.repeat(300_000)}'`),
    );
    expect([answer.status, answer.body['error_code']]).toEqual([413, 'REQUEST_TOO_LARGE']);
    expect((await api('GET', '/api/2.0/genie/spaces')).status).toBe(200);
  });

  it('names the port that is in use', async () => {
    const port = Number(new URL(workspace.host).port);
    await expect(startLocalWorkspace({ sample: FIXTURE, port })).rejects.toMatchObject({
      name: 'PortInUseError',
      code: 'PORT_IN_USE',
      message: expect.stringMatching(new RegExp(`Port ${port} .* port: 0`)) as string,
    });
  });

  it.each([
    ['port', { port: -1 }],
    ['variance', { variance: 2 }],
    ['startsPerMinute', { startsPerMinute: 0 }],
    ['latencyMs', { latencyMs: Number.NaN }],
  ])('checks option %s at the door', async (option, options) => {
    await expect(startLocalWorkspace({ sample: FIXTURE, ...options })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      details: { option },
    });
  });

  it('closes twice without harm and ends with its signal', async () => {
    const controller = new AbortController();
    const other = await startLocalWorkspace({ sample: FIXTURE, signal: controller.signal });
    controller.abort();
    await other.close();
    await other.close();
    await expect(fetch(other.host)).rejects.toThrow();
    await expect(startLocalWorkspace({ sample: FIXTURE, signal: controller.signal })).rejects.toMatchObject({
      code: 'ABORTED_BY_CALLER',
    });
  });
});

describe('faults on demand', () => {
  it('come once, in turn, and with Retry-After', async () => {
    const faulty = await workspaceWithApi({
      faults: [
        {
          method: 'GET',
          path: '/genie/spaces',
          fault: { kind: 'status', status: 429, retryAfterSeconds: 3 },
        },
        { method: 'GET', path: '/genie/spaces', after: 1, fault: { kind: 'status', status: 503 } },
        { path: /Me$/, times: null, fault: { kind: 'malformed_json' } },
        { path: '/warehouses', fault: { kind: 'reset' } },
      ],
    });
    try {
      const first = await faulty.api('GET', '/api/2.0/genie/spaces');
      expect([first.status, first.headers.get('retry-after'), first.body['error_code']]).toEqual([
        429,
        '3',
        'RESOURCE_EXHAUSTED',
      ]);
      expect((await faulty.api('GET', '/api/2.0/genie/spaces')).status).toBe(503);
      expect((await faulty.api('GET', '/api/2.0/genie/spaces')).status).toBe(200);
      await expect(faulty.api('GET', '/api/2.0/preview/scim/v2/Me')).rejects.toThrow(SyntaxError);
      await expect(faulty.api('GET', '/api/2.0/sql/warehouses')).rejects.toThrow();
      expect((await faulty.api('GET', '/api/2.0/sql/warehouses')).status).toBe(200);
    } finally {
      await faulty.workspace.close();
    }
  });
});
