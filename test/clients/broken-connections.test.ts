import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { HttpClient, NetworkError, path } from '../../src/clients/index.ts';
import { FakeClock } from './support/fake-clock.ts';
import { rejection } from './support/server.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const schema = z.looseObject({ value: z.number() });
const open: Server[] = [];

/** A real server on this machine: the faults here happen below HTTP, where nothing can be simulated. */
async function serve(...handlers: readonly Handler[]): Promise<{ http: HttpClient; requests: () => number }> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    handlers[Math.min(requests, handlers.length) - 1]?.(request, response);
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    requests: () => requests,
    http: new HttpClient({ host: `http://127.0.0.1:${port}`, clock: new FakeClock(), random: () => 1 }),
  };
}

afterEach(async () => {
  await Promise.all(
    open.splice(0).map((server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    }),
  );
});

const answer: Handler = (_request, response) => response.end('{"value":1}');

const resetInMidBody: Handler = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"value":', () => response.destroy());
};

const hangUp: Handler = (request) => request.socket.destroy();

describe('a connection that breaks', () => {
  it.each([
    ['in the middle of the answer', resetInMidBody],
    ['before the answer', hangUp],
  ])('%s is made again for a read, and not for a call that starts something', async (_when, fault) => {
    const read = await serve(fault, answer);
    await expect(read.http.request({ method: 'GET', path: path`/thing`, schema })).resolves.toEqual({
      value: 1,
    });
    expect(read.requests()).toBe(2);

    const start = await serve(fault, answer);
    expect(
      await rejection(start.http.request({ method: 'POST', path: path`/thing`, json: {}, schema })),
    ).toBeInstanceOf(NetworkError);
    expect(start.requests()).toBe(1);
  });

  it('to a port where nobody listens is named with its code and the host', async () => {
    const { http } = await serve(answer);
    await new Promise((resolve) => open.splice(0)[0]?.close(resolve));
    const error = await rejection(http.request({ method: 'GET', path: path`/thing`, schema }));
    expect(error).toBeInstanceOf(NetworkError);
    expect((error as NetworkError).details).toMatchObject({ networkCode: 'ECONNREFUSED', host: http.host });
    expect((error as Error).message).toContain('Check the host name');
  });
});
