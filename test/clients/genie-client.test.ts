import { http as route, HttpResponse, type JsonBodyType } from 'msw';
import { describe, expect, it } from 'vitest';
import {
  conversationLimiter,
  GenieClient,
  type GenieClientOptions,
  NetworkError,
  PermissionDeniedError,
  SpaceConflictError,
  SpaceRejectedError,
} from '../../src/clients/index.ts';
import { AbortedError, InvalidOptionError } from '../../src/core/index.ts';
import type { FakeClock } from './support/fake-clock.ts';
import { HOST, makeHttp, rejection, useServer } from './support/server.ts';

const server = useServer();
const SPACE = `${HOST}/api/2.0/genie/spaces/s1`;

function makeGenie(options: Partial<GenieClientOptions> = {}): { genie: GenieClient; clock: FakeClock } {
  const { http, clock } = makeHttp();
  return {
    clock,
    genie: new GenieClient({
      http,
      clock,
      limiter: conversationLimiter({ startsPerMinute: null, clock }),
      ...options,
    }),
  };
}

/** Serves one conversation whose message goes through `states`; the last one stays. */
function conversation(...states: readonly Record<string, JsonBodyType>[]): { readonly polls: () => number } {
  let polls = 0;
  server.use(
    route.post(`${SPACE}/start-conversation`, () =>
      HttpResponse.json({ conversation_id: 'c1', message_id: 'm1', message: { status: 'SUBMITTED' } }),
    ),
    route.get(`${SPACE}/conversations/c1/messages/m1`, () => {
      polls += 1;
      return HttpResponse.json({ message_id: 'm1', ...states[Math.min(polls, states.length) - 1] });
    }),
  );
  return { polls: () => polls };
}

const query = (id: string, sql: string, more: Record<string, JsonBodyType> = {}) => ({
  attachment_id: id,
  query: { query: sql, statement_id: `st-${id}`, ...more },
});
const text = (content: string) => ({ attachment_id: `t-${content}`, text: { content } });

describe('the end of an answer', () => {
  it.each([
    [
      'COMPLETED with SQL',
      { status: 'COMPLETED', attachments: [query('a1', 'SELECT 1')] },
      { outcome: 'sql', sql: 'SELECT 1', attachmentId: 'a1', statementId: 'st-a1', text: null },
    ],
    [
      'COMPLETED with words only',
      { status: 'COMPLETED', attachments: [text('Which year?')] },
      { outcome: 'text', sql: null, attachmentId: null, text: 'Which year?' },
    ],
    [
      'COMPLETED with nothing',
      { status: 'COMPLETED', attachments: [] },
      { outcome: 'text', sql: null, text: null },
    ],
    [
      'COMPLETED with an empty query',
      { status: 'COMPLETED', attachments: [query('a1', ' ')] },
      { outcome: 'text', sql: null },
    ],
    [
      'rows that are gone',
      { status: 'QUERY_RESULT_EXPIRED', attachments: [query('a1', 'SELECT 1')] },
      { outcome: 'sql', status: 'QUERY_RESULT_EXPIRED' },
    ],
    [
      'FAILED, keeping the SQL that failed',
      {
        status: 'FAILED',
        attachments: [query('a1', 'SELEC')],
        error: { error: 'no such column', type: 'SQL_EXECUTION_EXCEPTION' },
      },
      {
        outcome: 'failed',
        sql: 'SELEC',
        error: { type: 'SQL_EXECUTION_EXCEPTION', message: 'no such column' },
      },
    ],
    [
      'FAILED without a type',
      { status: 'FAILED', error: { error: 'broke' } },
      { outcome: 'failed', error: { type: 'UNKNOWN', message: 'broke' } },
    ],
    ['CANCELLED', { status: 'CANCELLED' }, { outcome: 'cancelled', status: 'CANCELLED', error: null }],
  ])('%s', async (_what, state, expected) => {
    conversation({ status: 'ASKING_AI' }, { status: 'A_STATE_NOBODY_KNOWS' }, state);
    const answer = await makeGenie().genie.ask('s1', 'How many?');
    expect(answer).toMatchObject({ conversationId: 'c1', messageId: 'm1', ...expected });
  });

  it('keeps further queries, texts and thoughts in order', async () => {
    const thoughts = [
      { thought_type: 'THOUGHT_TYPE_DATA_SOURCING', content: 'orders' },
      { content: 'no type' },
    ];
    conversation({
      status: 'COMPLETED',
      attachments: [
        text('Here:'),
        query('a1', 'SELECT 1', { thoughts }),
        query('a2', 'SELECT 2'),
        text('Done.'),
        { viz: { title: 'chart' } },
      ],
    });
    expect(await makeGenie().genie.ask('s1', 'How many?')).toMatchObject({
      sql: 'SELECT 1',
      extraSql: ['SELECT 2'],
      text: 'Here:\n\nDone.',
      thoughts: [
        { type: 'THOUGHT_TYPE_DATA_SOURCING', content: 'orders' },
        { type: '', content: 'no type' },
      ],
    });
  });

  it('is a timeout, with the last state, when it never comes', async () => {
    conversation({ status: 'EXECUTING_QUERY' });
    const { genie, clock } = makeGenie();
    const begin = clock.now().getTime();
    expect(await genie.ask('s1', 'How many?', { timeoutMs: 90_000 })).toMatchObject({
      outcome: 'timeout',
      status: 'EXECUTING_QUERY',
      elapsedMs: 90_000,
    });
    expect(clock.now().getTime() - begin).toBe(90_000);
  });

  it('is found without a look when the start already brings it', async () => {
    server.use(
      route.post(`${SPACE}/start-conversation`, () =>
        HttpResponse.json({
          conversation_id: 'c1',
          message_id: 'm1',
          message: { status: 'COMPLETED', attachments: [query('a1', 'SELECT 1')] },
        }),
      ),
    );
    expect(await makeGenie().genie.ask('s1', 'How many?')).toMatchObject({ outcome: 'sql' });
  });
});

describe('polling', () => {
  it('looks at once, so that a fast server is not kept waiting', async () => {
    const { polls } = conversation({ status: 'COMPLETED' });
    const { genie, clock } = makeGenie();
    await genie.ask('s1', 'How many?');
    expect(polls()).toBe(1);
    expect(clock.sleeps).toEqual([]);
  });

  it('survives a passing failure of one look', async () => {
    conversation({ status: 'COMPLETED', attachments: [query('a1', 'SELECT 1')] });
    server.use(
      route.get(
        `${SPACE}/conversations/c1/messages/m1`,
        () => HttpResponse.json({ message: 'later' }, { status: 503 }),
        { once: true },
      ),
    );
    expect(await makeGenie().genie.ask('s1', 'How many?')).toMatchObject({ outcome: 'sql' });
  });

  it('stops when the caller gives up', async () => {
    conversation({ status: 'ASKING_AI' });
    const controller = new AbortController();
    const { genie } = makeGenie({
      pollInterval: () => {
        controller.abort();
        return 1000;
      },
    });
    expect(await rejection(genie.ask('s1', 'How many?', { signal: controller.signal }))).toBeInstanceOf(
      AbortedError,
    );
  });
});

describe('starting a conversation', () => {
  it('takes a slot for every attempt, and lets others wait as long as the server asks', async () => {
    conversation({ status: 'COMPLETED' });
    server.use(
      route.post(
        `${SPACE}/start-conversation`,
        () =>
          HttpResponse.json(
            { error_code: 'RESOURCE_EXHAUSTED', message: 'slow' },
            { status: 429, headers: { 'retry-after': '20' } },
          ),
        {
          once: true,
        },
      ),
    );
    const log: string[] = [];
    const { genie, clock } = makeGenie({
      limiter: {
        acquire: () => Promise.resolve(void log.push('slot')),
        holdBack: (ms) => void log.push(`hold ${ms}`),
      },
    });
    const answer = await genie.ask('s1', 'How many?');
    expect(log).toEqual(['slot', 'hold 20250', 'slot']);
    expect(clock.sleeps).toEqual([20_250]);
    // Neither waiting for a slot nor a refused attempt counts as Genie's time.
    expect(answer.elapsedMs).toBe(0);
  });

  it('is not repeated after a broken connection or a failure of the server: it may have been asked already', async () => {
    let starts = 0;
    server.use(
      route.post(`${SPACE}/start-conversation`, () => {
        starts += 1;
        return starts === 1 ? HttpResponse.error() : HttpResponse.json({ message: 'down' }, { status: 503 });
      }),
    );
    expect(await rejection(makeGenie().genie.ask('s1', 'How many?'))).toBeInstanceOf(NetworkError);
    expect(await rejection(makeGenie().genie.ask('s1', 'How many?'))).toHaveProperty('code', 'SERVER_ERROR');
    expect(starts).toBe(2);
  });

  it('keeps to five starts a minute by default', async () => {
    conversation({ status: 'COMPLETED' });
    const { http, clock } = makeHttp();
    const genie = new GenieClient({ http, clock });
    const begin = clock.now().getTime();
    await Promise.all(Array.from({ length: 6 }, () => genie.ask('s1', 'How many?')));
    expect(clock.now().getTime() - begin).toBeGreaterThan(60_000);
  });

  it.each([
    ['an empty question', ' ', 1000],
    ['no time', 'How many?', 0],
  ])('refuses %s', async (_what, question, timeoutMs) => {
    expect(await rejection(makeGenie().genie.ask('s1', question, { timeoutMs }))).toBeInstanceOf(
      InvalidOptionError,
    );
  });
});

describe('spaces', () => {
  it('reads a listing of several pages', async () => {
    server.use(
      route.get(`${HOST}/api/2.0/genie/spaces`, ({ request }) =>
        new URL(request.url).searchParams.has('page_token')
          ? HttpResponse.json({ spaces: [{ space_id: 's2' }] })
          : HttpResponse.json({
              spaces: [{ space_id: 's1', title: 'Sales', warehouse_id: 'w' }],
              next_page_token: 'p2',
            }),
      ),
    );
    expect(await makeGenie().genie.listSpaces()).toEqual([
      { spaceId: 's1', title: 'Sales', description: null, warehouseId: 'w' },
      { spaceId: 's2', title: '', description: null, warehouseId: null },
    ]);
  });

  it.each([undefined, ''])(
    'takes a space that comes with content %j for one that may not be edited, not for an empty one',
    async (content) => {
      server.use(
        route.get(SPACE, () =>
          HttpResponse.json({
            space_id: 's1',
            title: 'Sales',
            ...(content === undefined ? {} : { serialized_space: content }),
          }),
        ),
      );
      const error = await rejection(makeGenie().genie.getSpace('s1'));
      expect(error).toBeInstanceOf(PermissionDeniedError);
      expect((error as Error).message).toMatch(/CAN EDIT/);
    },
  );

  it('mistake 13: asks for the content of a space whenever it reads one', async () => {
    const queries: (string | null)[] = [];
    server.use(
      route.get(SPACE, ({ request }) => {
        queries.push(new URL(request.url).searchParams.get('include_serialized_space'));
        return HttpResponse.json({ space_id: 's1', title: 'Sales', serialized_space: '{}', etag: 'e' });
      }),
      // The summary only, so that the client has to read again.
      route.patch(SPACE, () => HttpResponse.json({ space_id: 's1', title: 'Sales' })),
    );
    const { genie } = makeGenie();
    await genie.getSpace('s1');
    await genie.updateSpace('s1', { serializedSpace: '{}', etag: 'e' });
    expect(queries).toEqual(['true', 'true']);
  });

  it('says which permissions a space needs', async () => {
    server.use(
      route.get(SPACE, () =>
        HttpResponse.json({ error_code: 'PERMISSION_DENIED', message: 'no' }, { status: 403 }),
      ),
    );
    await expect(makeGenie().genie.getSpace('s1')).rejects.toThrow(/space s1 .*\(no\).*CAN RUN.*CAN EDIT/);
  });

  it('sends the etag in the body, and leaves out fields that are not to change', async () => {
    const bodies: unknown[] = [];
    server.use(
      route.patch(SPACE, async ({ request }) => {
        bodies.push(await request.json());
        return HttpResponse.json({ space_id: 's1', serialized_space: '{}', etag: 'e2' });
      }),
    );
    const { genie } = makeGenie();
    expect((await genie.updateSpace('s1', { serializedSpace: '{}', etag: 'e1' })).etag).toBe('e2');
    await genie.updateSpace('s1', { serializedSpace: '{}', etag: null });
    expect(bodies).toEqual([{ serialized_space: '{}', etag: 'e1' }, { serialized_space: '{}' }]);
  });

  it('reads the space again when the answer to an update does not hold content and etag', async () => {
    server.use(
      route.patch(SPACE, () => HttpResponse.json({ space_id: 's1', title: 'Sales' })),
      route.get(SPACE, () =>
        HttpResponse.json({ space_id: 's1', serialized_space: '{"version":2}', etag: 'fresh' }),
      ),
    );
    expect(await makeGenie().genie.updateSpace('s1', { serializedSpace: '{}' })).toMatchObject({
      etag: 'fresh',
      serializedSpace: '{"version":2}',
    });
  });

  it.each([
    [
      'a conflict',
      409,
      'ABORTED',
      'Space configuration has been modified since this export was taken.',
      SpaceConflictError,
    ],
    [
      'unknown fields',
      400,
      'INVALID_PARAMETER_VALUE',
      'Invalid serialized_space: Cannot find field: x',
      SpaceRejectedError,
    ],
    [
      'bad ids',
      400,
      'INVALID_PARAMETER_VALUE',
      'Failed to parse export proto: sample_question.id must be provided',
      SpaceRejectedError,
    ],
    [
      'bad order',
      400,
      'INVALID_PARAMETER_VALUE',
      'Invalid export proto: data_sources.tables must be sorted by identifier',
      SpaceRejectedError,
    ],
  ])(
    'gives %s on update an error of its own, keeping the reason, and sends once',
    async (_what, status, error_code, message, type) => {
      let sent = 0;
      server.use(
        route.patch(SPACE, () => {
          sent += 1;
          return HttpResponse.json({ error_code, message }, { status });
        }),
      );
      const error = await rejection(
        makeGenie().genie.updateSpace('s1', { serializedSpace: '{}', etag: 'e1' }),
      );
      expect(error).toBeInstanceOf(type);
      expect((error as SpaceConflictError).facts.serverMessage).toBe(message);
      expect(sent).toBe(1);
    },
  );
});
