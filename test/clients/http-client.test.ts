import { http as route, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { AuthenticationError, type Credentials, pages } from '../../src/clients/index.ts';
import { AbortedError } from '../../src/core/index.ts';
import { makeHttp, PLANTED_TOKEN, plantedCredentials, useServer } from './support/server.ts';
import { answeringOn, failing, schema, success, thing, url } from './support/answering.ts';

const server = useServer();

const answering = answeringOn(server);

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
