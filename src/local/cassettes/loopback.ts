import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PortInUseError } from '../errors.ts';

const HOSTNAME = '127.0.0.1';

/** A server on loopback; `close` ends open connections and is safe to call twice. */
export interface Loopback {
  readonly host: string;
  close(): Promise<void>;
}

/** @param port - 0 takes any free port. @throws {PortInUseError} */
export async function startLoopback(
  port: number,
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Loopback> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else
        sendJson(response, 500, {
          error_code: 'INTERNAL_ERROR',
          message: error instanceof Error ? error.message : 'Internal error',
        });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(HOSTNAME, port, error) : error),
    );
    server.listen(port, HOSTNAME, resolve);
  });
  const address = server.address();
  let closed: Promise<void> | null = null;
  return {
    host: `http://${HOSTNAME}:${typeof address === 'object' && address !== null ? address.port : port}`,
    close: () =>
      (closed ??= new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      })),
  };
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The token of a request, or `null`; sends the refusal of a workspace when it is another than `token`. */
export function checkBearer(request: IncomingMessage, response: ServerResponse, token: string): boolean {
  if (request.headers.authorization === `Bearer ${token}`) return true;
  sendJson(response, 401, { error_code: 401, message: 'Invalid access token.' });
  return false;
}
