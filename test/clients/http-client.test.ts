import { http as route, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  AuthenticationError,
  BadRequestError,
  ConflictError,
  type Credentials,
  NetworkError,
  NotFoundError,
  pages,
  path,
  PermissionDeniedError,
  RateLimitedError,
  type RequestError,
  RequestTimeoutError,
  ResponseFormatError,
  type RetryMode,
  ServerError,
} from '../../src/clients/index.ts';
import { AbortedError } from '../../src/core/index.ts';
import { HOST, makeHttp, PLANTED_TOKEN, plantedCredentials, rejection, useServer } from './support/server.ts';

const server = useServer();
const schema = z.looseObject({ value: z.number() });
const thing = path`/api/2.0/thing`;
const url = `${HOST}${thing}`;

/** Answers one after the other; the last one again and again. Counts requests. */
function answering(...answers: readonly (() => Response)[]): { readonly requests: Request[] } {
  const requests: Request[] = [];
  server.use(
    route.all(url, ({ request }) => {
      requests.push(request);
      return answers[Math.min(requests.length, answers.length) - 1]?.();
    }),
  );
  return { requests };
}

const success = () => HttpResponse.json({ value: 1 });
const failing =
  (status: number, headers: Record<string, string> = {}) =>
  () =>
    HttpResponse.json({ error_code: 'SOME_CODE', message: 'some text' }, { status, headers });

describe('a request', () => {
  it('carries token, user agent and JSON, and keeps unknown keys of the answer', async () => {
    const { requests } = answering(() => HttpResponse.json({ value: 1, news: true }));
    const { http } = makeHttp({ workspaceId: '42' });
    const answer = await http.request({
      method: 'POST',
      path: thing,
      query: { deep: { flag: true }, many: [1, 2] },
      json: { a: 1 },
      schema,
    });
    const [request] = requests;
    expect(answer).toEqual({ value: 1, news: true });
    expect(request?.headers.get('authorization')).toBe(`Bearer ${PLANTED_TOKEN}`);
    expect(request?.headers.get('user-agent')).toMatch(
      /^genie-optimizer\/\d+\.\d+\.\d+ ts\/\d+\S* os\/\w+ auth\/pat$/,
    );
    expect(request?.headers.get('x-databricks-workspace-id')).toBe('42');
    expect(new URL(request?.url ?? '').search).toBe('?deep.flag=true&many=1&many=2');
  });

  it('takes an empty body for an empty object', async () => {
    answering(() => new HttpResponse(null, { status: 200 }));
    await expect(
      makeHttp().http.request({ method: 'DELETE', path: thing, schema: z.looseObject({}) }),
    ).resolves.toEqual({});
  });
});

describe('retries', () => {
  const cases: readonly [
    what: string,
    method: 'GET' | 'POST' | 'PATCH',
    retry: RetryMode | undefined,
    status: number,
    attempts: number,
  ][] = [
    ['a read after 429', 'GET', undefined, 429, 3],
    ['a read after 503', 'GET', undefined, 503, 3],
    ['a read after 504', 'GET', undefined, 504, 3],
    ['a read after 500', 'GET', undefined, 500, 1],
    ['a read after 501', 'GET', undefined, 501, 1],
    ['a read after 400', 'GET', undefined, 400, 1],
    ['a read after 404', 'GET', undefined, 404, 1],
    ['a start after 429', 'POST', undefined, 429, 3],
    ['a start after 503', 'POST', undefined, 503, 1],
    ['a start after 504', 'POST', undefined, 504, 1],
    ['an update after 429', 'PATCH', undefined, 429, 3],
    ['an update after 503', 'PATCH', undefined, 503, 3],
    ['an update after 504', 'PATCH', undefined, 504, 1],
    ['an idempotent start after 504', 'POST', 'safe', 504, 3],
    ['nothing when told so', 'GET', 'never', 429, 1],
  ];

  it.each(cases)('%s (%s, %s, %d) makes %d attempts', async (_what, method, retry, status, attempts) => {
    const { requests } = answering(failing(status), failing(status), success);
    const { http } = makeHttp();
    const outcome = await http
      .request({ method, path: thing, schema, ...(retry === undefined ? {} : { retry }) })
      .catch((error: unknown) => error);
    expect(requests).toHaveLength(attempts);
    expect(outcome instanceof Error).toBe(attempts === 1);
  });

  it('repeats a read after a broken connection, but no start', async () => {
    const broken = answering(() => HttpResponse.error(), success);
    await expect(makeHttp().http.request({ method: 'GET', path: thing, schema })).resolves.toEqual({
      value: 1,
    });
    expect(broken.requests).toHaveLength(2);
    const start = answering(() => HttpResponse.error(), success);
    await expect(makeHttp().http.request({ method: 'POST', path: thing, schema })).rejects.toBeInstanceOf(
      NetworkError,
    );
    expect(start.requests).toHaveLength(1);
  });

  it('recognises a passing failure that hides behind status 500', async () => {
    answering(
      () =>
        HttpResponse.json(
          { error_code: 'INTERNAL_ERROR', message: 'RPC token bucket limit has been exceeded.' },
          { status: 500 },
        ),
      success,
    );
    await expect(makeHttp().http.request({ method: 'GET', path: thing, schema })).resolves.toEqual({
      value: 1,
    });
  });

  it('gives up after five attempts against a server that stays down', async () => {
    const { requests } = answering(failing(503));
    const { http, clock } = makeHttp();
    await expect(http.request({ method: 'GET', path: thing, schema })).rejects.toBeInstanceOf(ServerError);
    expect(requests).toHaveLength(5);
    expect(clock.sleeps).toEqual([500, 1000, 2000, 4000]);
  });

  it.each([
    ['seconds', { 'retry-after': '7' }, 7000],
    ['a fraction of seconds', { 'retry-after': '1.5' }, 1500],
    ['a date, by the local clock', { 'retry-after': 'Thu, 01 Oct 2026 12:00:09 GMT' }, 9000],
    [
      'a date, by the clock of the server',
      { 'retry-after': 'Thu, 01 Oct 2026 11:00:03 GMT', date: 'Thu, 01 Oct 2026 11:00:00 GMT' },
      3000,
    ],
    ['a date in the past', { 'retry-after': 'Thu, 01 Oct 2026 11:59:59 GMT' }, 0],
    ['nonsense, so the own pace is kept', { 'retry-after': 'soon' }, 500],
  ])('waits as Retry-After says: %s', async (_form, headers, expected) => {
    answering(failing(429, headers), success);
    const { http, clock } = makeHttp({ random: () => 0 });
    await http.request({ method: 'POST', path: thing, schema });
    expect(clock.sleeps).toEqual([expected === 500 ? 250 : expected]);
  });

  it('prefers the delay inside the body over the header', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retry_delay: '2.5s' }];
    answering(
      () =>
        HttpResponse.json(
          { error_code: 'RESOURCE_EXHAUSTED', message: 'slow down', details },
          { status: 429, headers: { 'retry-after': '60' } },
        ),
      success,
    );
    const { http, clock } = makeHttp({ random: () => 0 });
    await http.request({ method: 'GET', path: thing, schema });
    expect(clock.sleeps).toEqual([2500]);
  });

  it('does not begin a wait that ends after the budget, and tells how long the server wanted', async () => {
    answering(failing(429, { 'retry-after': '3600' }));
    const { http, clock } = makeHttp();
    const error = await rejection(http.request({ method: 'GET', path: thing, schema }));
    expect(error).toBeInstanceOf(RateLimitedError);
    expect((error as RateLimitedError).facts.retryAfterMs).toBe(3_600_000);
    expect(clock.sleeps).toEqual([]);
  });

  it('runs beforeAttempt anew for every attempt, and reports each refusal', async () => {
    answering(failing(429), failing(429), success);
    let slots = 0;
    const refusals: number[] = [];
    await makeHttp().http.request({
      method: 'POST',
      path: thing,
      schema,
      beforeAttempt: () => Promise.resolve(void slots++),
      onRateLimited: (delayMs) => void refusals.push(delayMs),
    });
    expect(slots).toBe(3);
    expect(refusals).toEqual([500, 1000]);
  });
});

describe('errors', () => {
  const bodies: readonly [
    form: string,
    status: number,
    body: string,
    type: new (...args: never[]) => RequestError,
    code: string | null,
    message: string,
  ][] = [
    [
      'standard',
      400,
      '{"error_code":"INVALID_PARAMETER_VALUE","message":"bad"}',
      BadRequestError,
      'INVALID_PARAMETER_VALUE',
      'bad',
    ],
    ['numeric code', 400, '{"error_code":400,"message":"bad"}', BadRequestError, '400', 'bad'],
    ['API 1.2', 400, '{"error":"old style"}', BadRequestError, null, 'old style'],
    ['SCIM', 404, '{"detail":"no user","status":"404","scimType":"x"}', NotFoundError, 'SCIM_404', 'no user'],
    [
      'OAuth',
      400,
      '{"error":"invalid_client","error_description":"wrong secret"}',
      BadRequestError,
      'invalid_client',
      'wrong secret',
    ],
    [
      'chat endpoint',
      400,
      '{"error":{"code":"context_length","message":"too long"}}',
      BadRequestError,
      'context_length',
      'too long',
    ],
    ['plain text', 400, 'BAD_REQUEST: broken thing', BadRequestError, 'BAD_REQUEST', 'broken thing'],
    ['plain words', 500, 'something broke', ServerError, null, 'something broke'],
    [
      'HTML with pre',
      500,
      '<html><body><pre> it &lt;b&gt;\n broke </pre></body></html>',
      ServerError,
      null,
      'it &lt;b&gt; broke',
    ],
    [
      'HTML with title',
      502,
      '<html><head><title>Bad Gateway</title></head></html>',
      ServerError,
      null,
      'Bad Gateway',
    ],
    ['empty', 500, '', ServerError, null, 'Internal Server Error'],
    [
      'unauthenticated',
      401,
      '{"error_code":"UNAUTHENTICATED","message":"no"}',
      AuthenticationError,
      'UNAUTHENTICATED',
      'no',
    ],
    [
      'wrong token',
      403,
      '{"error_code":"403","message":"Invalid access token."}',
      AuthenticationError,
      '403',
      'Invalid access token.',
    ],
    [
      'forbidden',
      403,
      '{"error_code":"PERMISSION_DENIED","message":"no"}',
      PermissionDeniedError,
      'PERMISSION_DENIED',
      'no',
    ],
    [
      'jobs quirk',
      400,
      '{"error_code":"INVALID_PARAMETER_VALUE","message":"Job 1 does not exist."}',
      NotFoundError,
      'INVALID_PARAMETER_VALUE',
      'Job 1 does not exist.',
    ],
    [
      'exists, by code',
      400,
      '{"error_code":"RESOURCE_ALREADY_EXISTS","message":"there"}',
      ConflictError,
      'RESOURCE_ALREADY_EXISTS',
      'there',
    ],
    ['conflict', 409, '{"error_code":"ABORTED","message":"modified"}', ConflictError, 'ABORTED', 'modified'],
    [
      'too many',
      429,
      '{"error_code":"REQUEST_LIMIT_EXCEEDED","message":"slow"}',
      RateLimitedError,
      'REQUEST_LIMIT_EXCEEDED',
      'slow',
    ],
    ['JSON of no known form', 418, '["tea"]', BadRequestError, null, '["tea"]'],
  ];

  it.each(bodies)('reads a body of the form: %s', async (_form, status, body, type, code, message) => {
    server.use(
      route.get(
        url,
        () =>
          new HttpResponse(body, {
            status,
            statusText: 'Internal Server Error',
            headers: { 'x-request-id': 'req-1' },
          }),
      ),
    );
    const error = await rejection(
      makeHttp().http.request({ method: 'GET', path: thing, schema, retry: 'never' }),
    );
    expect(error).toBeInstanceOf(type);
    expect((error as RequestError).facts).toMatchObject({
      status,
      errorCode: code,
      serverMessage: message,
      requestId: 'req-1',
      host: HOST,
    });
  });

  it('prefers the request id of the body and lists field violations', async () => {
    const details = [
      { '@type': 'type.googleapis.com/google.rpc.RequestInfo', request_id: 'req-2' },
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        field_violations: [{ field: 'title', description: 'too long' }],
      },
      { '@type': 'type.googleapis.com/google.rpc.Unheard', anything: 1 },
    ];
    server.use(
      route.get(url, () =>
        HttpResponse.json(
          { error_code: 'INVALID_PARAMETER_VALUE', message: 'bad', details },
          { status: 400 },
        ),
      ),
    );
    const error = await rejection(makeHttp().http.request({ method: 'GET', path: thing, schema }));
    expect((error as BadRequestError).facts).toMatchObject({
      requestId: 'req-2',
      violations: ['title: too long'],
    });
    expect((error as BadRequestError).message).toContain('title: too long');
  });

  it('says how to fix a refused token: where it came from, and what to do', async () => {
    server.use(route.get(url, () => HttpResponse.json({ message: 'nope' }, { status: 401 })));
    const error = await rejection(makeHttp().http.request({ method: 'GET', path: thing, schema }));
    expect((error as Error).message).toBe(
      `${HOST} refused the credentials (401 nope). They came from the test. Pass another one.`,
    );
  });

  it.each([
    [401, 'refused the credentials (401 nope).'],
    [404, 'failed with 404 nope.'],
  ])('names the status once, when %d is the code of the answer too', async (status, text) => {
    server.use(route.get(url, () => HttpResponse.json({ error_code: status, message: 'nope.' }, { status })));
    const error = await rejection(makeHttp().http.request({ method: 'GET', path: thing, schema }));
    expect((error as Error).message).toContain(text);
  });

  it('names the missing scope as the remedy', async () => {
    server.use(
      route.get(url, () =>
        HttpResponse.json(
          {
            error_code: 'PERMISSION_DENIED',
            message: 'Provided OAuth token does not have required scopes: genie',
          },
          { status: 403 },
        ),
      ),
    );
    await expect(makeHttp().http.request({ method: 'GET', path: thing, schema })).rejects.toThrow(
      /lacks a scope: sign in again/,
    );
  });

  it.each([
    ['a web page', '<html><title>Sign in</title></html>', /answered a web page.*login page/],
    ['cut-off JSON', '{"value": 1', /text that is no JSON/],
    ['another shape', '{"value":"one"}', /form we do not know \(value: .*expected number/],
  ])('calls an answer with status 200 that is %s a format error', async (_what, body, message) => {
    server.use(route.get(url, () => new HttpResponse(body)));
    const error = await rejection(makeHttp().http.request({ method: 'GET', path: thing, schema }));
    expect(error).toBeInstanceOf(ResponseFormatError);
    expect((error as Error).message).toMatch(message);
  });

  it('reads again when JSON was cut off on the way, but not when its shape is wrong', async () => {
    const cut = answering(() => new HttpResponse('{"va'), success);
    await expect(makeHttp().http.request({ method: 'GET', path: thing, schema })).resolves.toEqual({
      value: 1,
    });
    expect(cut.requests).toHaveLength(2);
    const wrong = answering(() => HttpResponse.json({ value: 'one' }), success);
    await rejection(makeHttp().http.request({ method: 'GET', path: thing, schema }));
    expect(wrong.requests).toHaveLength(1);
  });

  it('ends an attempt that takes too long', async () => {
    server.use(route.get(url, () => new Promise<never>(() => {})));
    const error = await rejection(
      makeHttp().http.request({ method: 'GET', path: thing, schema, retry: 'never', timeoutMs: 20 }),
    );
    expect(error).toBeInstanceOf(RequestTimeoutError);
    expect((error as RequestTimeoutError).retryable).toBe(true);
  });
});

describe('cancelling', () => {
  it('before the request sends nothing', async () => {
    const { requests } = answering(success);
    await expect(
      makeHttp().http.request({ method: 'GET', path: thing, schema, signal: AbortSignal.abort('enough') }),
    ).rejects.toBeInstanceOf(AbortedError);
    expect(requests).toHaveLength(0);
  });

  it('during the request and during the wait before the next attempt ends both', async () => {
    const during = new AbortController();
    server.use(
      route.get(url, () => {
        during.abort();
        return new Promise<never>(() => {});
      }),
    );
    await expect(
      makeHttp().http.request({ method: 'GET', path: thing, schema, signal: during.signal }),
    ).rejects.toBeInstanceOf(AbortedError);

    const waiting = new AbortController();
    answering(failing(429));
    const { http, clock } = makeHttp();
    clock.sleep = (_ms, options) => {
      waiting.abort();
      return Promise.reject(options?.signal?.reason as Error);
    };
    await expect(
      http.request({ method: 'GET', path: thing, schema, signal: waiting.signal }),
    ).rejects.toBeInstanceOf(AbortedError);
  });
});

describe('renewing credentials', () => {
  const renewable = (tokens: string[]): Credentials => ({
    ...plantedCredentials,
    authorization: () => Promise.resolve(`Bearer ${tokens[0] ?? ''}`),
    invalidate: (authorization) => void (authorization === `Bearer ${tokens[0]}` && tokens.shift()),
  });

  it('repeats any call once after 401, with a new token', async () => {
    const { requests } = answering(failing(401), success);
    await expect(
      makeHttp({ credentials: renewable(['first-token', 'second-token']) }).http.request({
        method: 'POST',
        path: thing,
        schema,
      }),
    ).resolves.toEqual({ value: 1 });
    expect(requests.map((request) => request.headers.get('authorization'))).toEqual([
      'Bearer first-token',
      'Bearer second-token',
    ]);
  });

  it('stops when the new token is refused as well', async () => {
    const { requests } = answering(failing(401));
    await expect(
      makeHttp({ credentials: renewable(['first-token', 'second-token', 'third-token']) }).http.request({
        method: 'GET',
        path: thing,
        schema,
      }),
    ).rejects.toBeInstanceOf(AuthenticationError);
    expect(requests).toHaveLength(2);
  });
});

describe('paging', () => {
  const pageSchema = z.looseObject({ items: z.array(z.number()), next_page_token: z.string().nullish() });
  const readAll = async (): Promise<number[]> => {
    const items: number[] = [];
    for await (const page of pages(makeHttp().http, { path: thing, schema: pageSchema, query: { size: 2 } }))
      items.push(...page.items);
    return items;
  };

  it('follows the tokens, keeping the other parameters', async () => {
    const seen: string[] = [];
    server.use(
      route.get(url, ({ request }) => {
        const query = new URL(request.url).searchParams;
        seen.push(query.toString());
        return query.get('page_token') === 't1'
          ? HttpResponse.json({ items: [2], next_page_token: '' })
          : HttpResponse.json({ items: [1], next_page_token: 't1' });
      }),
    );
    expect(await readAll()).toEqual([1, 2]);
    expect(seen).toEqual(['size=2', 'size=2&page_token=t1']);
  });

  it('ends a listing that repeats its token with an error', async () => {
    server.use(route.get(url, () => HttpResponse.json({ items: [1], next_page_token: 'again' })));
    await expect(readAll()).rejects.toThrow(/same page token twice/);
  });
});
