import { afterEach, describe, expect, it } from 'vitest';
import type { FaultRule, LocalWorkspace } from '../../src/local/index.ts';
import { scriptedGenie } from '../../src/local/index.ts';
import { seededRandom } from '../../src/core/index.ts';
import { sampleLatency } from '../../src/local/server/latency.ts';
import { statement, workspaceWithApi } from './http.ts';
import type { Api } from './http.ts';

let workspace: LocalWorkspace;
let api: Api;
afterEach(() => workspace.close());

const start = async (...faults: FaultRule[]) => {
  ({ workspace, api } = await workspaceWithApi({
    faults,
    genie: scriptedGenie({ answers: [{ id: 'q', question: 'One?', expected_sql: 'SELECT 1' }] }),
  }));
};
const run = async (sql: string, more: Record<string, unknown> = {}) =>
  (await api('POST', '/api/2.0/sql/statements', statement(workspace, sql, more))).body as unknown as {
    statement_id: string;
    status: { state: string; error?: { error_code: string; message: string }; sql_state?: string };
  };
const space = () => `/api/2.0/genie/spaces/${workspace.spaceId}`;

describe('faults of statements', () => {
  it('make the statement of a given number fail, and only that one', async () => {
    await start({ statement: '', after: 2, fault: { kind: 'statement_failure' } });
    const states: string[] = [];
    for (let count = 0; count < 4; count += 1) states.push((await run('SELECT 1')).status.state);
    expect(states).toEqual(['SUCCEEDED', 'SUCCEEDED', 'FAILED', 'SUCCEEDED']);
  });

  it('fail with the error class asked for, and only the statements that fit', async () => {
    const fault = {
      kind: 'statement_failure',
      errorClass: 'DELTA_CONCURRENT_WRITE',
      sqlState: '2D521',
      message: 'Lost.',
    } as const;
    await start({ statement: /comment on/i, times: null, fault });
    expect((await run('SELECT 1')).status.state).toBe('SUCCEEDED');
    const sql = "COMMENT ON TABLE books IS 'x'";
    for (let count = 0; count < 2; count += 1) {
      expect((await run(sql)).status).toMatchObject({
        state: 'FAILED',
        sql_state: '2D521',
        error: { message: '[DELTA_CONCURRENT_WRITE] Lost. SQLSTATE: 2D521' },
      });
    }
    const table = await api('GET', '/api/2.1/unity-catalog/tables/town.library.books');
    expect(table.body['comment']).toBeUndefined();
  });

  it('keep a slow statement RUNNING until it is cancelled', async () => {
    await start({ statement: 'books', fault: { kind: 'slow_statement', ms: 600_000 } });
    const { statement_id: id, status } = await run('SELECT * FROM books', { wait_timeout: '0s' });
    expect(status.state).toBe('PENDING');
    const state = async () =>
      ((await api('GET', `/api/2.0/sql/statements/${id}`)).body as { status: { state: string } }).status
        .state;
    expect(await state()).toBe('RUNNING');
    await api('POST', `/api/2.0/sql/statements/${id}/cancel`);
    expect(await state()).toBe('CANCELED');
  });

  it('let a slow statement end with its rows', async () => {
    await start({ statement: '', fault: { kind: 'slow_statement', ms: 20 } });
    expect(await run('SELECT 1')).toMatchObject({
      status: { state: 'SUCCEEDED' },
      result: { data_array: [['1']] },
    });
  });

  it('reach the SQL of Genie too', async () => {
    await start({
      statement: 'SELECT 1',
      fault: { kind: 'statement_failure', errorClass: 'WAREHOUSE_STOPPED' },
    });
    const started = await api('POST', `${space()}/start-conversation`, { content: 'One?' });
    const { conversation_id: conversation, message_id: message } = started.body as Record<string, string>;
    const { body } = await api(
      'GET',
      `${space()}/conversations/${conversation ?? ''}/messages/${message ?? ''}`,
    );
    expect(body).toMatchObject({
      status: 'FAILED',
      error: { error: expect.stringContaining('WAREHOUSE_STOPPED') as string },
    });
  });
});

describe('faults of questions', () => {
  const end = async (question: string): Promise<Record<string, unknown>> => {
    const started = await api('POST', `${space()}/start-conversation`, { content: question });
    const { conversation_id: conversation, message_id: message } = started.body as Record<string, string>;
    return (await api('GET', `${space()}/conversations/${conversation ?? ''}/messages/${message ?? ''}`))
      .body;
  };

  it('end a question as cancelled or failed, and leave the next one alone', async () => {
    await start(
      { question: /one/i, fault: { kind: 'message_end', status: 'CANCELLED' } },
      {
        question: '',
        after: 1,
        fault: { kind: 'message_end', status: 'FAILED', errorType: 'RATE_LIMIT', message: 'Busy.' },
      },
    );
    expect(await end('One?')).toMatchObject({ status: 'CANCELLED' });
    expect(await end('One?')).toMatchObject({
      status: 'FAILED',
      error: { type: 'RATE_LIMIT', error: 'Busy.' },
    });
    expect(await end('One?')).toMatchObject({ status: 'COMPLETED' });
  });
});

describe('the route for faults', () => {
  const route = '/api/2.0/embedded/faults';
  const list = () => api('GET', '/api/2.0/genie/spaces');

  it('is not there unless asked for', async () => {
    await start();
    const { status, body } = await api('POST', route, { path: '', fault: { kind: 'reset' } });
    expect([status, body['error_code']]).toEqual([404, 'ENDPOINT_NOT_FOUND']);
  });

  it('adds faults that never reach it, takes them away, and refuses what is no rule', async () => {
    ({ workspace, api } = await workspaceWithApi({ faultRoute: true }));
    const everything = { path: { pattern: '.*' }, times: null, fault: { kind: 'status', status: 503 } };
    expect((await api('POST', route, everything)).status).toBe(200);
    expect((await list()).status).toBe(503);
    expect((await api('DELETE', route)).status).toBe(200);
    expect((await list()).status).toBe(200);
    for (const rule of [
      {},
      { path: '', fault: { kind: 'explode' } },
      { path: { pattern: '(' }, fault: { kind: 'reset' } },
      { statement: '', fault: { kind: 'reset' } },
      { path: '', fault: { kind: 'status', status: 200 } },
    ]) {
      const { status, body } = await api('POST', route, rule);
      expect([status, body['error_code']]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    }
  });

  it('lets another person edit a space by a merge patch', async () => {
    ({ workspace, api } = await workspaceWithApi({ faultRoute: true }));
    const rule = {
      method: 'PATCH',
      path: '/genie/spaces/',
      fault: {
        kind: 'edit',
        merge: {
          instructions: null,
          config: { sample_questions: [{ id: 'ab'.repeat(16), question: ['Theirs?'] }] },
        },
      },
    };
    await api('POST', route, rule);
    const before = await api('GET', `${space()}?include_serialized_space=true`);
    expect((await api('PATCH', space(), { title: 'Mine', etag: before.body['etag'] })).status).toBe(409);
    const after = await api('GET', `${space()}?include_serialized_space=true`);
    const content = JSON.parse(after.body['serialized_space'] as string) as Record<string, unknown>;
    expect(content['instructions']).toBeUndefined();
    expect(content['data_sources']).toEqual(
      (JSON.parse(before.body['serialized_space'] as string) as Record<string, unknown>)['data_sources'],
    );
    expect(JSON.stringify(content['config'])).toContain('Theirs?');
  });
});

describe('waiting times', () => {
  it('have the median and the 95th percentile asked for, and are the same for a seed', () => {
    const latency = { medianMs: 400, p95Ms: 3000 };
    const draw = (seed: number) => {
      const random = seededRandom(seed);
      return Array.from({ length: 20_000 }, () => sampleLatency(latency, random));
    };
    const sorted = draw(1).toSorted((left, right) => left - right);
    expect((sorted[10_000] ?? 0) / 400).toBeCloseTo(1, 1);
    expect((sorted[19_000] ?? 0) / 3000).toBeCloseTo(1, 1);
    expect(draw(2)).toEqual(draw(2));
    expect(draw(2)).not.toEqual(draw(3));
    expect(sampleLatency(250, seededRandom(1))).toBe(250);
  });

  it.each([{ medianMs: 0, p95Ms: 5 }, { medianMs: 9, p95Ms: 5 }, -1])('refuse %o', async (latencyMs) => {
    await start();
    await expect(workspaceWithApi({ latencyMs })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('hold a message back by as much as was drawn for it', async () => {
    let time = Date.parse('2026-10-01T12:00:00Z');
    ({ workspace, api } = await workspaceWithApi({
      latencyMs: { medianMs: 60_000, p95Ms: 60_000 },
      now: () => new Date(time),
      genie: scriptedGenie({ answers: [{ id: 'q', question: 'One?', expected_sql: 'SELECT 1' }] }),
    }));
    const started = await api('POST', `${space()}/start-conversation`, { content: 'One?' });
    const { conversation_id: conversation, message_id: message } = started.body as Record<string, string>;
    const status = async () =>
      (await api('GET', `${space()}/conversations/${conversation ?? ''}/messages/${message ?? ''}`)).body[
        'status'
      ];
    expect(await status()).toBe('SUBMITTED');
    time += 59_000;
    expect(await status()).toBe('EXECUTING_QUERY');
    time += 1000;
    expect(await status()).toBe('COMPLETED');
  });
});

describe('faults of requests', () => {
  it('let a token expire in the middle of a session', async () => {
    await start({ path: '', after: 2, times: null, fault: { kind: 'expired_token' } });
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1)
      statuses.push((await api('GET', '/api/2.0/genie/spaces')).status);
    expect(statuses).toEqual([200, 200, 401, 401]);
  });

  it('break the connection in the middle of the body', async () => {
    await start({ path: '/genie/spaces', fault: { kind: 'reset' } });
    const headers = { authorization: `Bearer ${workspace.token}` };
    const response = await fetch(`${workspace.host}/api/2.0/genie/spaces`, { headers });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    expect((await api('GET', '/api/2.0/genie/spaces')).status).toBe(200);
  });

  it('refuse the next write of a space as a conflict and leave the space as it was', async () => {
    await start({ method: 'PATCH', path: '/genie/spaces', fault: { kind: 'conflict' } });
    const before = await api('GET', `${space()}?include_serialized_space=true`);
    const refused = await api('PATCH', space(), { title: 'Mine', etag: before.body['etag'] });
    expect([refused.status, refused.body['error_code']]).toEqual([409, 'ABORTED']);
    expect((await api('GET', `${space()}?include_serialized_space=true`)).body).toEqual(before.body);
    expect((await api('PATCH', space(), { title: 'Mine', etag: before.body['etag'] })).status).toBe(200);
  });

  it('let another person edit the space just before a write, so that the write meets a new etag', async () => {
    await start({
      method: 'PATCH',
      path: '/genie/spaces',
      fault: {
        kind: 'edit',
        change: (content) => ({
          ...content,
          config: { sample_questions: [{ id: 'ab'.repeat(16), question: ['Theirs?'] }] },
        }),
      },
    });
    const before = await api('GET', `${space()}?include_serialized_space=true`);
    const write = { title: 'Mine', etag: before.body['etag'] };
    expect((await api('PATCH', space(), write)).status).toBe(409);
    const after = await api('GET', `${space()}?include_serialized_space=true`);
    expect(after.body['serialized_space']).toContain('Theirs?');
    expect(after.body['etag']).not.toBe(before.body['etag']);
    expect((await api('PATCH', space(), { ...write, etag: after.body['etag'] })).status).toBe(200);
  });

  it('edit the space that is named, at any request', async () => {
    await start();
    workspace.inject({
      path: 'Me',
      fault: { kind: 'edit', spaceId: workspace.spaceId, change: () => ({ version: 2 }) },
    });
    expect((await api('GET', '/api/2.0/preview/scim/v2/Me')).status).toBe(200);
    const { body } = await api('GET', `${space()}?include_serialized_space=true`);
    expect(JSON.parse(body['serialized_space'] as string)).toEqual({ version: 2, data_sources: {} });
  });

  it('count from the moment they are injected', async () => {
    await start();
    await api('GET', '/api/2.0/genie/spaces');
    workspace.inject({ path: '/genie/spaces', after: 1, fault: { kind: 'status', status: 503 } });
    const statuses: number[] = [];
    for (let count = 0; count < 3; count += 1)
      statuses.push((await api('GET', '/api/2.0/genie/spaces')).status);
    expect(statuses).toEqual([200, 503, 200]);
  });
});
