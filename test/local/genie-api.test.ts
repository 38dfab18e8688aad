import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalGenieEngine, LocalGenieInput, LocalWorkspace } from '../../src/local/index.ts';
import { workspaceWithApi } from './http.ts';
import type { Api } from './http.ts';

const seen: LocalGenieInput[] = [];
const rolls: number[] = [];

/** An engine that does what the question says, so that the server alone is under test. */
const engine: LocalGenieEngine = {
  answer: async (input) => {
    seen.push(input);
    rolls.push(input.random());
    if (input.question.startsWith('explode')) throw new RangeError('engine broke');
    if (input.question.startsWith('say'))
      return { sql: null, text: 'Which shelf do you mean?', thoughts: [] };
    if (input.question.startsWith('values')) {
      const values = await input.values.distinct('town.library.books', 'genre', 2);
      return { sql: `SELECT '${values.join(',')}' AS genres`, text: null, thoughts: [] };
    }
    return {
      sql: input.question,
      text: 'Here it is.',
      thoughts: [{ type: 'DATA_SOURCING', content: 'books' }],
    };
  },
};

let workspace: LocalWorkspace;
let api: Api;

beforeAll(async () => {
  ({ workspace, api } = await workspaceWithApi({
    genie: engine,
    now: () => new Date('2026-03-15T10:00:00Z'),
  }));
});
afterAll(() => workspace.close());

interface Message {
  readonly status: string;
  readonly conversation_id: string;
  readonly message_id: string;
  readonly attachments?: {
    attachment_id: string;
    query?: Record<string, unknown>;
    text?: Record<string, unknown>;
  }[];
  readonly error?: { type: string; error: string };
}

const spacePath = () => `/api/2.0/genie/spaces/${workspace.spaceId}`;

async function ask(
  content: string,
  on: { api: Api; path: string } = { api, path: spacePath() },
): Promise<Message & { path: string }> {
  const started = (await on.api('POST', `${on.path}/start-conversation`, { content }))
    .body as unknown as Message;
  const path = `${on.path}/conversations/${started.conversation_id}/messages/${started.message_id}`;
  return { ...((await on.api('GET', path)).body as unknown as Message), path };
}

describe('conversations over HTTP', () => {
  it('runs the SQL of the engine and serves its rows', async () => {
    const message = await ask(
      'SELECT genre, COUNT(*) AS n FROM town.library.books GROUP BY genre ORDER BY genre',
    );
    expect(message.status).toBe('COMPLETED');
    const [query, text] = message.attachments ?? [];
    expect(query?.query).toMatchObject({
      query: 'SELECT genre, COUNT(*) AS n FROM town.library.books GROUP BY genre ORDER BY genre',
      query_result_metadata: { row_count: 4, is_truncated: false },
      thoughts: [{ thought_type: 'THOUGHT_TYPE_DATA_SOURCING', content: 'books' }],
    });
    expect(text?.text).toEqual({ content: 'Here it is.' });
    const result = await api('GET', `${message.path}/attachments/${query?.attachment_id ?? ''}/query-result`);
    expect(result.body).toMatchObject({
      statement_response: {
        status: { state: 'SUCCEEDED' },
        result: {
          data_array: [
            [null, '1'],
            ['craft', '1'],
            ['nature', '2'],
            ['novel', '1'],
          ],
        },
      },
    });
    const byStatement = await api('GET', `/api/2.0/sql/statements/${String(query?.query?.['statement_id'])}`);
    expect(byStatement.body).toEqual(result.body['statement_response']);
  });

  it('ends with FAILED and the real error type when the SQL fails, and shows the SQL', async () => {
    const message = await ask('SELECT shelf FROM town.library.books');
    expect(message).toMatchObject({ status: 'FAILED', error: { type: 'SQL_EXECUTION_EXCEPTION' } });
    expect(message.error?.error).toMatch(/^\[UNRESOLVED_COLUMN\.WITH_SUGGESTION\]/);
    expect(message.attachments?.[0]?.query?.['query']).toBe('SELECT shelf FROM town.library.books');
  });

  it('never runs a statement that changes something', async () => {
    const message = await ask('DROP TABLE town.library.books');
    expect(message).toMatchObject({ status: 'FAILED', error: { type: 'SQL_EXECUTION_EXCEPTION' } });
    expect((await ask('SELECT COUNT(*) FROM town.library.books')).status).toBe('COMPLETED');
  });

  it('completes with words only when the engine asks back', async () => {
    const message = await ask('say something');
    expect(message.status).toBe('COMPLETED');
    expect(message.attachments).toEqual([
      {
        attachment_id: expect.any(String) as string,
        text: { content: 'Which shelf do you mean?', purpose: 'FOLLOW_UP_QUESTION' },
      },
    ]);
  });

  it('stays up when the engine breaks', async () => {
    expect(await ask('explode')).toMatchObject({ status: 'FAILED', error: { error: 'engine broke' } });
  });

  it('shows the engine only what the space names, the date of the sample, and real values', async () => {
    const message = await ask('values please');
    const input = seen.at(-1);
    expect(input?.today).toBe('2026-03-15');
    expect(input?.catalog.tables.map((table) => table.name)).toEqual([
      'town.library.members',
      'town.library.books',
      'town.library.loans',
      'town.library.loan_metrics',
    ]);
    expect(input?.catalog.functions.map((fn) => fn.name)).toEqual(['town.library.busiest_members']);
    expect(message.attachments?.[0]?.query?.['query']).toBe("SELECT 'craft,nature' AS genres");
  });

  it('logs every question with the hash of the space', async () => {
    const before = workspace.askLog.length;
    await ask('SELECT 1');
    await ask('SELECT 2');
    const added = workspace.askLog.slice(before);
    expect(added.map((entry) => [entry.spaceId, entry.question])).toEqual([
      [workspace.spaceId, 'SELECT 1'],
      [workspace.spaceId, 'SELECT 2'],
    ]);
    expect(added[0]).toMatchObject({ at: '2026-03-15T10:00:00.000Z', configHash: added[1]?.configHash });
  });

  it('seeds each ask by seed, content, question and count', async () => {
    const again = await workspaceWithApi({ genie: engine, seed: 'other' });
    const path = `/api/2.0/genie/spaces/${again.workspace.spaceId}`;
    rolls.length = 0;
    await ask('SELECT 7');
    await ask('SELECT 7');
    await ask('SELECT 7', { api: again.api, path });
    const repeat = await workspaceWithApi({ genie: engine });
    await ask('SELECT 7', { api: repeat.api, path });
    await again.workspace.close();
    await repeat.workspace.close();
    const [first, second, other, same] = rolls;
    expect(new Set([first, second, other]).size).toBe(3);
    expect(same).toBe(first);
  });

  it('goes on with a conversation, lists it, and takes feedback', async () => {
    const first = await ask('SELECT 1');
    const next = (
      await api('POST', `${spacePath()}/conversations/${first.conversation_id}/messages`, {
        content: 'SELECT 2',
      })
    ).body as unknown as Message;
    expect(next.conversation_id).toBe(first.conversation_id);
    const list = (await api('GET', `${spacePath()}/conversations/${first.conversation_id}/messages`))
      .body as unknown as { messages: { content: string }[] };
    expect(list.messages.map((message) => message.content)).toEqual(['SELECT 1', 'SELECT 2']);
    expect(
      (await api('POST', `${first.path}/feedback`, { rating: 'POSITIVE', comment: 'good' })).status,
    ).toBe(200);
    expect((await api('GET', first.path)).body).toMatchObject({
      feedback: { rating: 'POSITIVE', comment: 'good' },
    });
    expect((await api('POST', `${first.path}/feedback`, { rating: 'GREAT' })).status).toBe(400);
    expect((await api('DELETE', `${spacePath()}/conversations/${first.conversation_id}`)).status).toBe(200);
    expect((await api('GET', first.path)).status).toBe(404);
  });

  it.each([
    ['an unknown space', () => '/api/2.0/genie/spaces/none/start-conversation', { content: 'x' }, 404],
    ['no content', () => `${spacePath()}/start-conversation`, {}, 400],
    ['an unknown conversation', () => `${spacePath()}/conversations/none/messages`, { content: 'x' }, 404],
  ])('refuses a question with %s', async (_what, path, body, status) => {
    expect((await api('POST', path(), body)).status).toBe(status);
  });

  it('refuses the sixth question of a minute with Retry-After, and takes it after that time', async () => {
    let at = Date.parse('2026-03-15T10:00:00Z');
    const limited = await workspaceWithApi({ genie: engine, startsPerMinute: 5, now: () => new Date(at) });
    const start = () =>
      limited.api('POST', `/api/2.0/genie/spaces/${limited.workspace.spaceId}/start-conversation`, {
        content: 'SELECT 1',
      });
    for (let count = 0; count < 5; count += 1) expect((await start()).status).toBe(200);
    at += 20_000;
    const refused = await start();
    expect([refused.status, refused.headers.get('retry-after'), refused.body['error_code']]).toEqual([
      429,
      '40',
      'REQUEST_LIMIT_EXCEEDED',
    ]);
    at += 40_000;
    expect((await start()).status).toBe(200);
    await limited.workspace.close();
  });

  it('answers with the local Genie when no engine is given', async () => {
    const plain = await workspaceWithApi();
    const message = await ask('How many members are there?', {
      api: plain.api,
      path: `/api/2.0/genie/spaces/${plain.workspace.spaceId}`,
    });
    const [query] = message.attachments ?? [];
    const result = await plain.api(
      'GET',
      `${message.path}/attachments/${query?.attachment_id ?? ''}/query-result`,
    );
    await plain.workspace.close();
    expect(message.status).toBe('COMPLETED');
    expect(result.body).toMatchObject({ statement_response: { result: { data_array: [['5']] } } });
  });

  it('walks through the statuses while the latency lasts', async () => {
    let at = 0;
    const slow = await workspaceWithApi({ genie: engine, latencyMs: 1000, now: () => new Date(at) });
    const path = `/api/2.0/genie/spaces/${slow.workspace.spaceId}`;
    const first = await ask('SELECT 1', { api: slow.api, path });
    const statuses = [first.status];
    for (const time of [250, 450, 650, 850, 1000]) {
      at = time;
      statuses.push(((await slow.api('GET', first.path)).body as unknown as Message).status);
    }
    await slow.workspace.close();
    expect(statuses).toEqual([
      'SUBMITTED',
      'FETCHING_METADATA',
      'FILTERING_CONTEXT',
      'ASKING_AI',
      'EXECUTING_QUERY',
      'COMPLETED',
    ]);
  });
});
