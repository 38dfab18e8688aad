import { HttpResponse } from 'msw';
import type { Probe, Repetition } from './probes.ts';

/** How a call ends and how many requests it took: `answers, 2` or `SERVER_ERROR, 1`. */
export type Ending = string;

/** A fault of the connection or of the server, which any call may meet. */
export interface TransportFault {
  readonly fault: string;
  /** The faulty answer to a request, by its number from 1; `null` for the healthy one. */
  readonly answer: (attempt: number, request: Request) => Response | Promise<Response> | null;
  readonly ends: Readonly<Record<Repetition, Ending>>;
  /** Of calls that hand on bytes, where it differs. */
  readonly endsForBytes?: Ending;
  /** Least time waited in all, in milliseconds. */
  readonly waitsAtLeastMs?: number;
  /** Most time waited in all. */
  readonly waitsAtMostMs?: number;
}

/** A server that repeats the credential it was sent, as proxies and debug pages do. */
const echo = (request: Request): string => `You sent ${request.headers.get('authorization')}.`;

const failure =
  (status: number, error_code: string, headers: Record<string, string> = {}) =>
  (request: Request): Response =>
    HttpResponse.json({ error_code, message: echo(request) }, { status, headers });

const first =
  (times: number, fault: (request: Request) => Response | Promise<Response>) =>
  (attempt: number, request: Request): Response | Promise<Response> | null =>
    attempt <= times ? fault(request) : null;

const all = (ending: Ending): Readonly<Record<Repetition, Ending>> => ({
  harmless: ending,
  doubtful: ending,
  costly: ending,
});

/** A body that ends with a broken connection after its first bytes. */
const brokenOff = (): Response =>
  new HttpResponse(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"spaces":'));
      },
      pull(controller) {
        controller.error(Object.assign(new TypeError('terminated'), { code: 'ECONNRESET' }));
      },
    }),
    { headers: { 'content-type': 'application/json' } },
  );

const page = (request: Request): string => `<html><title>Sign in</title><pre>${echo(request)}</pre></html>`;
const asHtml = { 'content-type': 'text/html' };

export const TRANSPORT_FAULTS: readonly TransportFault[] = [
  {
    fault: '429 with `Retry-After: 3`, twice',
    answer: first(2, failure(429, 'REQUEST_LIMIT_EXCEEDED', { 'retry-after': '3' })),
    ends: all('answers, 3'),
    waitsAtLeastMs: 6000,
    waitsAtMostMs: 6500,
  },
  {
    fault: '429 with `Retry-After` as a date, from a server whose clock is a day behind ours',
    answer: first(
      1,
      failure(429, 'RESOURCE_EXHAUSTED', {
        date: 'Wed, 30 Sep 2026 12:00:00 GMT',
        'retry-after': 'Wed, 30 Sep 2026 12:00:04 GMT',
      }),
    ),
    ends: all('answers, 2'),
    waitsAtLeastMs: 4000,
    waitsAtMostMs: 4250,
  },
  {
    fault: '429 with `Retry-After` as a date, from a server whose clock is a day ahead of ours',
    answer: first(
      1,
      failure(429, 'RESOURCE_EXHAUSTED', {
        date: 'Fri, 02 Oct 2026 12:00:00 GMT',
        'retry-after': 'Fri, 02 Oct 2026 12:00:04 GMT',
      }),
    ),
    ends: all('answers, 2'),
    waitsAtLeastMs: 4000,
    waitsAtMostMs: 4250,
  },
  {
    fault: '429 without `Retry-After`, three times',
    answer: first(3, failure(429, 'REQUEST_LIMIT_EXCEEDED')),
    ends: all('answers, 4'),
    // Half of 500, 1000 and 2000 ms at least.
    waitsAtLeastMs: 1750,
  },
  {
    fault: '429 that never ends',
    answer: (_attempt, request) => failure(429, 'REQUEST_LIMIT_EXCEEDED')(request),
    ends: all('RATE_LIMITED, 20'),
  },
  {
    fault: '429 with `Retry-After: 3600`, longer than we are ready to wait',
    answer: (_attempt, request) => failure(429, 'REQUEST_LIMIT_EXCEEDED', { 'retry-after': '3600' })(request),
    ends: all('RATE_LIMITED, 1'),
    waitsAtMostMs: 0,
  },
  {
    fault: '500',
    answer: first(1, failure(500, 'INTERNAL_ERROR')),
    // It may be the call itself that the server cannot bear.
    ends: all('SERVER_ERROR, 1'),
  },
  {
    fault: '503 once',
    answer: first(1, failure(503, 'TEMPORARILY_UNAVAILABLE')),
    ends: { harmless: 'answers, 2', doubtful: 'answers, 2', costly: 'SERVER_ERROR, 1' },
  },
  {
    fault: '503 that never ends',
    answer: (_attempt, request) => failure(503, 'TEMPORARILY_UNAVAILABLE')(request),
    ends: { harmless: 'SERVER_ERROR, 5', doubtful: 'SERVER_ERROR, 5', costly: 'SERVER_ERROR, 1' },
  },
  {
    fault: '504 once',
    answer: first(1, failure(504, 'DEADLINE_EXCEEDED')),
    ends: { harmless: 'answers, 2', doubtful: 'SERVER_ERROR, 1', costly: 'SERVER_ERROR, 1' },
  },
  {
    fault: 'a web page with 502, from a proxy, once',
    answer: first(1, (request) => new HttpResponse(page(request), { status: 502, headers: asHtml })),
    ends: { harmless: 'answers, 2', doubtful: 'SERVER_ERROR, 1', costly: 'SERVER_ERROR, 1' },
  },
  {
    fault: 'a web page with 200, as a login page is',
    answer: (_attempt, request) => new HttpResponse(page(request), { headers: asHtml }),
    ends: all('RESPONSE_FORMAT, 1'),
    endsForBytes: 'answers, 1',
  },
  {
    fault: 'the connection is refused, once',
    answer: first(1, () => HttpResponse.error()),
    ends: { harmless: 'answers, 2', doubtful: 'NETWORK_ERROR, 1', costly: 'NETWORK_ERROR, 1' },
  },
  {
    fault: 'the connection breaks in the middle of the answer, once',
    answer: first(1, brokenOff),
    ends: { harmless: 'answers, 2', doubtful: 'NETWORK_ERROR, 1', costly: 'NETWORK_ERROR, 1' },
  },
  {
    fault: 'the connection breaks in the middle of every answer',
    answer: () => brokenOff(),
    ends: { harmless: 'NETWORK_ERROR, 5', doubtful: 'NETWORK_ERROR, 1', costly: 'NETWORK_ERROR, 1' },
  },
  {
    fault: 'JSON that is cut off, once',
    answer: first(1, () => new HttpResponse('{"space_id":"s1","ti')),
    ends: { harmless: 'answers, 2', doubtful: 'RESPONSE_FORMAT, 1', costly: 'RESPONSE_FORMAT, 1' },
    endsForBytes: 'answers, 1',
  },
  {
    fault: 'text that is no JSON, always',
    answer: (_attempt, request) => new HttpResponse(`{status: OK} ${echo(request)}`),
    ends: { harmless: 'RESPONSE_FORMAT, 5', doubtful: 'RESPONSE_FORMAT, 1', costly: 'RESPONSE_FORMAT, 1' },
    endsForBytes: 'answers, 1',
  },
  {
    fault: 'JSON of another form',
    answer: () => HttpResponse.json(['unexpected']),
    ends: all('RESPONSE_FORMAT, 1'),
    endsForBytes: 'answers, 1',
  },
  {
    fault: 'the token expires in mid-run, and a new one can be had',
    answer: first(1, failure(401, 'UNAUTHENTICATED')),
    ends: all('answers, 2'),
  },
  {
    fault: '403 that speaks of an expired token, once',
    answer: first(1, (request) =>
      HttpResponse.json(
        { error_code: '403', message: `Invalid access token. ${echo(request)}` },
        { status: 403 },
      ),
    ),
    ends: all('answers, 2'),
  },
  {
    fault: 'every token is refused',
    answer: (_attempt, request) => failure(401, 'UNAUTHENTICATED')(request),
    ends: all('AUTHENTICATION_FAILED, 2'),
  },
  {
    fault: '403 for want of a permission',
    answer: (_attempt, request) => failure(403, 'PERMISSION_DENIED')(request),
    ends: all('PERMISSION_DENIED, 1'),
  },
];

/** What is expected of one call. */
export const endingOf = (fault: TransportFault, probe: Probe): Ending =>
  probe.readsBytes === true && fault.endsForBytes !== undefined
    ? fault.endsForBytes
    : fault.ends[probe.repetition];
