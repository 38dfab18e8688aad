import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { HttpClient, type HttpClientOptions } from '../../../src/clients/index.ts';
import type { Credentials } from '../../../src/clients/index.ts';
import { FakeClock } from './fake-clock.ts';

export const HOST = 'https://workspace.example.com';

/** Looks like no known kind of credential, so only its holder can recognise it. */
export const PLANTED_TOKEN = 'planted+Sup3r/unknown_form-of.credential';

export const plantedCredentials: Credentials = {
  type: 'pat',
  source: 'the test',
  remedy: 'Pass another one.',
  authorization: () => Promise.resolve(`Bearer ${PLANTED_TOKEN}`),
};

/** A server that answers only what a test declares, and fails the test for any other request. */
export function useServer() {
  const server = setupServer();
  beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));
  afterEach(() => server.resetHandlers());
  afterAll(() => server.close());
  return server;
}

/** A client of {@link HOST} with fake time and no jitter. */
export function makeHttp(options: Partial<HttpClientOptions> = {}): { http: HttpClient; clock: FakeClock } {
  const clock = new FakeClock();
  return {
    clock,
    http: new HttpClient({ host: HOST, credentials: plantedCredentials, clock, random: () => 1, ...options }),
  };
}

/** What a rejected promise was rejected with; fails when it was not rejected. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    () => ({ rejected: false, error: undefined }),
    (error: unknown) => ({ rejected: true, error }),
  );
  if (!outcome.rejected) throw new Error('expected the promise to be rejected');
  return outcome.error;
}
