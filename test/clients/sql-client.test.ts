import { http as route, HttpResponse, type JsonBodyType } from 'msw';
import { describe, expect, it } from 'vitest';
import {
  SqlClient,
  type SqlClientOptions,
  SqlStatementError,
  SqlTimeoutError,
} from '../../src/clients/index.ts';
import { AbortedError, InvalidOptionError } from '../../src/core/index.ts';
import type { FakeClock } from './support/fake-clock.ts';
import { HOST, makeHttp, rejection, useServer } from './support/server.ts';

const server = useServer();
const STATEMENTS = `${HOST}/api/2.0/sql/statements`;

function makeSql(options: Partial<SqlClientOptions> = {}): { sql: SqlClient; clock: FakeClock } {
  const { http, clock } = makeHttp();
  return { clock, sql: new SqlClient({ http, clock, warehouseId: 'wh-1', ...options }) };
}

const state = (name: string, more: Record<string, JsonBodyType> = {}) => ({
  statement_id: 's1',
  status: { state: name, ...more },
});

const done = (result: Record<string, JsonBodyType> = { data_array: [['1']] }) => ({
  ...state('SUCCEEDED'),
  manifest: {
    schema: { columns: [{ name: 'n', type_name: 'LONG', type_text: 'BIGINT' }] },
    truncated: false,
  },
  result,
});

/** Serves one statement that goes through `answers`; records what was sent. */
function statement(...answers: readonly Record<string, JsonBodyType>[]) {
  const log: { method: string; path: string; body: unknown }[] = [];
  let index = 0;
  const next = () => HttpResponse.json(answers[Math.min(index++, answers.length - 1)]);
  server.use(
    route.post(STATEMENTS, async ({ request }) => {
      log.push({ method: 'POST', path: '', body: await request.json() });
      return next();
    }),
    route.get(`${STATEMENTS}/s1`, () => {
      log.push({ method: 'GET', path: 's1', body: null });
      return next();
    }),
    route.post(`${STATEMENTS}/s1/cancel`, () => {
      log.push({ method: 'POST', path: 'cancel', body: null });
      return new HttpResponse(null, { status: 200 });
    }),
  );
  return log;
}

describe('executing', () => {
  it('sends warehouse, waiting time, limit and named parameters, NULL by leaving the value out', async () => {
    const log = statement(done());
    const parameters = [
      { name: 'a', value: '1', type: 'INT' },
      { name: 'b', value: null },
    ];
    await makeSql().sql.execute('SELECT :a, :b', { rowLimit: 10, parameters });
    expect(log[0]?.body).toEqual({
      statement: 'SELECT :a, :b',
      warehouse_id: 'wh-1',
      wait_timeout: '30s',
      on_wait_timeout: 'CONTINUE',
      disposition: 'INLINE',
      format: 'JSON_ARRAY',
      row_limit: 10,
      parameters: [{ name: 'a', value: '1', type: 'INT' }, { name: 'b' }],
    });
  });

  it('waits through PENDING, RUNNING and states that nobody knows', async () => {
    const log = statement(state('PENDING'), state('RUNNING'), state('WARMING_UP'), done());
    expect((await makeSql().sql.execute('SELECT 1')).rows).toEqual([['1']]);
    expect(log.filter(({ method }) => method === 'GET')).toHaveLength(3);
  });

  it('finds the warehouse when the first statement runs', async () => {
    const log = statement(done());
    await makeSql({ warehouseId: () => Promise.resolve('wh-late') }).sql.execute('SELECT 1');
    expect(log[0]?.body).toMatchObject({ warehouse_id: 'wh-late' });
  });

  it.each([
    ['LONG', 'BIGINT', 'BIGINT', 'BIGINT'],
    ['DECIMAL', 'DECIMAL(12,2)', 'DECIMAL', 'DECIMAL(12,2)'],
    ['STRUCT', 'STRUCT<a: INT>', 'STRUCT', 'STRUCT<A: INT>'],
    ['LONG', null, 'BIGINT', 'BIGINT'],
    ['SHORT', null, 'SMALLINT', 'SMALLINT'],
    ['USER_DEFINED_TYPE', 'VARIANT', 'VARIANT', 'VARIANT'],
    ['INTERVAL', 'INTERVAL DAY TO SECOND', 'INTERVAL', 'INTERVAL DAY TO SECOND'],
    ['SOMETHING_NEW', null, 'SOMETHING_NEW', 'SOMETHING_NEW'],
  ])('names a column of wire type %s %s as %s %s', async (type_name, type_text, typeName, typeText) => {
    statement({ ...done(), manifest: { schema: { columns: [{ name: 'n', type_name, type_text }] } } });
    expect((await makeSql().sql.execute('SELECT 1')).columns).toEqual([{ name: 'n', typeName, typeText }]);
  });

  it('repeats a statement that only reads after a broken connection, but no other', async () => {
    const attempts: string[] = [];
    server.use(
      route.post(STATEMENTS, async ({ request }) => {
        const body = (await request.json()) as { statement: string };
        attempts.push(body.statement);
        return attempts.filter((sent) => sent === body.statement).length === 1
          ? HttpResponse.error()
          : HttpResponse.json(done());
      }),
    );
    await expect(makeSql().sql.execute('SELECT 1')).resolves.toMatchObject({ rows: [['1']] });
    await expect(makeSql().sql.execute('INSERT INTO t VALUES (1)')).rejects.toHaveProperty(
      'code',
      'NETWORK_ERROR',
    );
    expect(attempts).toEqual(['SELECT 1', 'SELECT 1', 'INSERT INTO t VALUES (1)']);
  });

  it.each([
    ['an empty statement', ' ', {}],
    ['a row limit of 0', 'SELECT 1', { rowLimit: 0 }],
    ['half a row', 'SELECT 1', { rowLimit: 1.5 }],
  ])('refuses %s', async (_what, text, options) => {
    expect(await rejection(makeSql().sql.execute(text, options))).toBeInstanceOf(InvalidOptionError);
  });
});

describe('results in parts', () => {
  it('joins the chunks in order', async () => {
    statement(done({ data_array: [['1']], next_chunk_index: 1 }));
    server.use(
      route.get(`${STATEMENTS}/s1/result/chunks/1`, () =>
        HttpResponse.json({ data_array: [['2']], next_chunk_index: 2 }),
      ),
      route.get(`${STATEMENTS}/s1/result/chunks/2`, () => HttpResponse.json({ data_array: [['3'], [null]] })),
    );
    expect((await makeSql().sql.execute('SELECT n')).rows).toEqual([['1'], ['2'], ['3'], [null]]);
  });

  it('ends chunks that lead back to each other with an error', async () => {
    statement(done({ data_array: [['1']], next_chunk_index: 1 }));
    server.use(
      route.get(`${STATEMENTS}/s1/result/chunks/1`, () =>
        HttpResponse.json({ data_array: [], next_chunk_index: 1 }),
      ),
    );
    await expect(makeSql().sql.execute('SELECT n')).rejects.toThrow(/same chunk twice/);
  });

  it('follows pre-signed links with their headers, without the token, and with the query untouched', async () => {
    statement(
      done({
        external_links: [
          {
            external_link: 'https://store.example.com/a%20b/0?sig=x%2By+z&sig=2',
            next_chunk_index: 1,
            http_headers: { 'x-key': 'k' },
          },
        ],
      }),
    );
    const seen: (string | null)[] = [];
    server.use(
      route.get('https://store.example.com/a%20b/0', ({ request }) => {
        seen.push(
          new URL(request.url).search,
          request.headers.get('authorization'),
          request.headers.get('x-key'),
        );
        return HttpResponse.json([['1'], [null]]);
      }),
      route.get(`${STATEMENTS}/s1/result/chunks/1`, () =>
        HttpResponse.json({ external_links: [{ external_link: 'https://store.example.com/1?sig=2' }] }),
      ),
      route.get('https://store.example.com/1', () => HttpResponse.json([[2], [true]])),
    );
    const log = await makeSql({ disposition: 'EXTERNAL_LINKS' }).sql.execute('SELECT n');
    expect(log.rows).toEqual([['1'], [null], ['2'], ['true']]);
    expect(seen).toEqual(['?sig=x%2By+z&sig=2', null, 'k']);
  });

  it('carries over that the server cut the rows off', async () => {
    statement({ ...done(), manifest: { schema: { columns: [] }, truncated: true } });
    expect((await makeSql().sql.execute('SELECT n', { rowLimit: 1 })).truncated).toBe(true);
  });
});

describe('failures', () => {
  it.each([
    [
      '[TABLE_OR_VIEW_NOT_FOUND] The table or view `a`.`b` cannot be found. SQLSTATE: 42P01',
      '42P01',
      'TABLE_OR_VIEW_NOT_FOUND',
      '42P01',
    ],
    [
      '[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column [x] cannot be resolved.',
      '42703',
      'UNRESOLVED_COLUMN.WITH_SUGGESTION',
      '42703',
    ],
    ['[PARSE_SYNTAX_ERROR] Syntax error. SQLSTATE: 42601', null, 'PARSE_SYNTAX_ERROR', '42601'],
    ['org.apache.spark.SparkException: [DIVIDE_BY_ZERO] Division by zero.', null, 'DIVIDE_BY_ZERO', null],
    ['something without a class', null, null, null],
  ])('reads class and state of %j', async (message, sql_state, errorClass, sqlState) => {
    statement(state('FAILED', { error: { error_code: 'BAD_REQUEST', message }, sql_state }));
    const error = await rejection(makeSql().sql.execute('SELECT 1'));
    expect(error).toBeInstanceOf(SqlStatementError);
    expect(error).toMatchObject({
      errorClass,
      sqlState,
      statementId: 's1',
      retryable: false,
      code: 'SQL_STATEMENT_FAILED',
    });
    expect((error as SqlStatementError).details).toMatchObject({ errorClass, sqlState });
  });

  it('calls a failure of the warehouse retryable', async () => {
    statement(state('FAILED', { error: { error_code: 'TEMPORARILY_UNAVAILABLE', message: 'later' } }));
    expect(await rejection(makeSql().sql.execute('SELECT 1'))).toMatchObject({
      code: 'SQL_STATEMENT_FAILED',
      retryable: true,
    });
  });

  it.each([
    ['CANCELED', 'SQL_CANCELED'],
    ['CLOSED', 'SQL_RESULT_EXPIRED'],
  ])('tells state %s from a failure', async (name, code) => {
    statement(state(name));
    expect(await rejection(makeSql().sql.execute('SELECT 1'))).toHaveProperty('code', code);
  });

  it('sees the failure that EXPLAIN hides in a result, and no other text', async () => {
    const plan = (cell: string) => ({ ...done({ data_array: [[cell]] }) });
    statement(plan('Error occurred during query planning: \n[PARSE_SYNTAX_ERROR] oops SQLSTATE: 42601'));
    expect(await rejection(makeSql().sql.execute('explain SELEC'))).toMatchObject({
      errorClass: 'PARSE_SYNTAX_ERROR',
      sqlState: '42601',
    });
    statement(plan('Error occurred during query planning: just data'));
    await expect(makeSql().sql.execute('SELECT message FROM log')).resolves.toMatchObject({
      rows: [['Error occurred during query planning: just data']],
    });
  });
});

describe('giving up', () => {
  it('cancels the statement after the time limit', async () => {
    const log = statement(state('RUNNING'));
    const { sql, clock } = makeSql();
    const begin = clock.now().getTime();
    const error = await rejection(sql.execute('SELECT 1', { timeoutMs: 45_000 }));
    expect(error).toBeInstanceOf(SqlTimeoutError);
    expect((error as Error).message).toContain('RUNNING after 45000 ms');
    expect(clock.now().getTime() - begin).toBe(45_000);
    expect(log.at(-1)).toMatchObject({ path: 'cancel' });
  });

  it('cancels the statement when the caller gives up while it runs', async () => {
    const log = statement(state('RUNNING'));
    const controller = new AbortController();
    const { sql } = makeSql({
      pollInterval: () => {
        controller.abort();
        return 1000;
      },
    });
    expect(await rejection(sql.execute('SELECT 1', { signal: controller.signal }))).toBeInstanceOf(
      AbortedError,
    );
    expect(log.map(({ path }) => path)).toEqual(['', 'cancel']);
  });

  it('cancels the statement even when the caller gave up before the server had named it', async () => {
    const controller = new AbortController();
    const cancelled = new Promise<void>((resolve) => {
      server.use(
        route.post(STATEMENTS, () => {
          controller.abort();
          return HttpResponse.json(state('RUNNING'));
        }),
        route.post(`${STATEMENTS}/s1/cancel`, () => {
          resolve();
          return HttpResponse.json({});
        }),
      );
    });
    expect(await rejection(makeSql().sql.execute('SELECT 1', { signal: controller.signal }))).toBeInstanceOf(
      AbortedError,
    );
    await cancelled;
  });

  it('keeps the first reason when cancelling fails, and tells the logger', async () => {
    statement(state('RUNNING'));
    server.use(
      route.post(`${STATEMENTS}/s1/cancel`, () => HttpResponse.json({ message: 'no' }, { status: 403 })),
    );
    const warnings: string[] = [];
    const ignore = (): void => {};
    const { sql } = makeSql({
      logger: { debug: ignore, info: ignore, warn: (message) => void warnings.push(message), error: ignore },
    });
    expect(await rejection(sql.execute('SELECT 1', { timeoutMs: 1000 }))).toBeInstanceOf(SqlTimeoutError);
    expect(warnings).toEqual(['Statement s1 could not be cancelled and may run on.']);
  });

  it("does not cancel somebody else's statement", async () => {
    const log = statement(state('RUNNING'));
    expect(await rejection(makeSql({ timeoutMs: 1000 }).sql.resultOf('s1'))).toBeInstanceOf(SqlTimeoutError);
    expect(log.map(({ path }) => path)).not.toContain('cancel');
  });
});
