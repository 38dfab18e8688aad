import { http as route, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import {
  AuthenticationError,
  BadRequestError,
  ConflictError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitedError,
  type RequestError,
  RequestTimeoutError,
  ResponseFormatError,
  ServerError,
} from '../../src/clients/index.ts';
import { HOST, makeHttp, rejection, useServer } from './support/server.ts';
import { answeringOn, schema, success, thing, url } from './support/answering.ts';

const server = useServer();

const answering = answeringOn(server);

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
