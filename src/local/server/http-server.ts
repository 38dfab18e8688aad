import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { timingSafeEqual } from 'node:crypto';
import type { Random } from '../../core/index.ts';
import { PortInUseError } from '../errors.ts';
import { ApiError, malformedRequest, spaceConflict } from './api-error.ts';
import { FAULTS_PATH } from './fault-routes.ts';
import type { Fault, FaultPlan } from './faults.ts';
import { sampleLatency } from './latency.ts';
import type { Router } from './router.ts';
import { SIGNED_PREFIX } from './signed-storage.ts';

export interface HttpServerOptions {
  readonly hostname: string;
  readonly port: number;
  readonly token: string;
  readonly router: Router;
  readonly faults: FaultPlan;
  /** Lets another person edit a space. */
  readonly edit: (fault: Extract<Fault, { kind: 'edit' }>, path: string) => Promise<void>;
  readonly maxBodyBytes: number;
  /** Decides waiting times. */
  readonly random: Random;
}

/** A running server; `close` ends open connections and is safe to call twice. */
export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves the routes as JSON over HTTP. @throws {PortInUseError} */
export async function startHttpServer(options: HttpServerOptions): Promise<RunningServer> {
  const server = createServer((request, response) => {
    void answer(request, response, options);
  });
  await listen(server, options);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  let closed: Promise<void> | null = null;
  const close = () =>
    (closed ??= new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }));
  return { port, close };
}

const listen = (server: Server, { hostname, port }: HttpServerOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(hostname, port, error) : error),
    );
    server.listen(port, hostname, resolve);
  });

/** What a client asks before it knows how to sign in, and addresses that carry their own permission. */
const WITHOUT_TOKEN = ['/.well-known/', SIGNED_PREFIX] as const;

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpServerOptions,
): Promise<void> {
  try {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const method = request.method ?? 'GET';
    const fault = url.pathname === FAULTS_PATH ? null : options.faults.next(method, url.pathname);
    if (fault?.kind === 'delay') await delay(sampleLatency(fault.ms, options.random));
    if (!WITHOUT_TOKEN.some((prefix) => url.pathname.startsWith(prefix))) checkToken(request, options.token);
    if (fault?.kind === 'expired_token') throw new ApiError(401, 401, 'The access token expired.');
    if (fault?.kind === 'status') throw faultError(fault);
    if (fault?.kind === 'conflict') throw spaceConflict();
    if (fault?.kind === 'edit') await options.edit(fault, url.pathname);
    const bytes = await readBytes(request, options.maxBodyBytes);
    const { handle, params, raw } = options.router.find(method, url.pathname);
    const body = raw ? {} : parseBody(bytes);
    const query = url.searchParams;
    const host = `http://${request.headers.host ?? `${options.hostname}:${request.socket.localPort}`}`;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const { signal } = gone;
    const result = await handle({ method, host, path: url.pathname, params, query, body, bytes, signal });
    send(response, 200, result ?? {}, fault);
  } catch (error) {
    sendError(response, error);
  }
}

/** A real workspace sends the number 401 as the code. */
function checkToken(request: IncomingMessage, token: string): void {
  const given = /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (given === undefined)
    throw new ApiError(401, 401, 'Credential was not sent or was of an unsupported type for this API.');
  const [left, right] = [Buffer.from(given), Buffer.from(token)];
  if (left.length !== right.length || !timingSafeEqual(left, right))
    throw new ApiError(401, 401, 'Invalid access token.');
}

const faultError = (fault: Extract<Fault, { kind: 'status' }>): ApiError =>
  new ApiError(
    fault.status,
    fault.errorCode ??
      { 429: 'RESOURCE_EXHAUSTED', 503: 'TEMPORARILY_UNAVAILABLE', 504: 'DEADLINE_EXCEEDED' }[fault.status] ??
      'INTERNAL_ERROR',
    fault.message ?? `Fault on demand: ${fault.status}.`,
    fault.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(fault.retryAfterSeconds) },
  );

async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // What is over the limit is read and thrown away, so that the client can read the answer.
    if (size <= maxBytes) chunks.push(chunk);
  }
  if (size > maxBytes)
    throw new ApiError(
      413,
      'REQUEST_TOO_LARGE',
      `The request body of ${size} bytes is over the limit of ${maxBytes} bytes.`,
    );
  return Buffer.concat(chunks);
}

function parseBody(bytes: Buffer): Record<string, unknown> {
  const text = bytes.toString('utf8');
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw malformedRequest(
      `Could not parse request object: ${cause instanceof Error ? cause.message : 'invalid JSON'}`,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformedRequest("Could not parse request object: Expected 'START_OBJECT'");
  return value as Record<string, unknown>;
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  fault: Fault | null,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (Buffer.isBuffer(body)) {
    response.writeHead(status, { 'Content-Type': 'application/octet-stream', 'Content-Length': body.length });
    response.end(body);
    return;
  }
  const text = JSON.stringify(body);
  const cut = fault?.kind === 'malformed_json' ? text.slice(0, Math.max(1, text.length - 2)) : text;
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(cut),
    ...headers,
  });
  if (fault?.kind === 'reset') {
    response.write(text.slice(0, Math.floor(text.length / 2)), () => response.destroy());
    return;
  }
  response.end(cut);
}

function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  if (error instanceof ApiError)
    send(
      response,
      error.status,
      { error_code: error.errorCode, message: error.message },
      null,
      error.headers,
    );
  else
    send(
      response,
      500,
      { error_code: 'INTERNAL_ERROR', message: error instanceof Error ? error.message : 'Internal error' },
      null,
    );
}
