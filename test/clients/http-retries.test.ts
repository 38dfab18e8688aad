import { HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { NetworkError, RateLimitedError, type RetryMode, ServerError } from '../../src/clients/index.ts';
import { makeHttp, rejection, useServer } from './support/server.ts';
import { answeringOn, failing, schema, success, thing } from './support/answering.ts';

const server = useServer();

const answering = answeringOn(server);

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
