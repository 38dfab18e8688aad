import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { canonicalJson } from '../../core/index.ts';
import { CASSETTE_FILE } from './cassette.ts';
import type { CassetteBody, CassetteHeader, Exchange } from './cassette.ts';
import { checkBearer, readBody, startLoopback } from './loopback.ts';
import { CassetteRedactor } from './redact-exchange.ts';

/** The workspace that is recorded. */
export interface RecordTarget {
  /** `https://…`, without a path. */
  readonly host: string;
  /** A function is asked before each request, for tokens that are renewed. */
  readonly token: string | (() => Promise<string>);
}

export interface RecordOptions {
  /** 0 (default) takes any free port. */
  readonly port?: number | undefined;
  /** Further texts that must not reach the cassette, whatever they look like. */
  readonly secrets?: readonly string[] | undefined;
  readonly now?: (() => Date) | undefined;
}

/** A running recorder. Point a client at `host` with `token`; the token of the target stays inside. */
export interface Recorder {
  readonly host: string;
  readonly token: string;
  /** Ends the recorder after everything is written. */
  close(): Promise<void>;
}

/** Headers of an answer that a client acts on; all others, and all of the request, stay out of the cassette. */
const KEPT_HEADERS = ['content-type', 'retry-after'] as const;
/** Headers that belong to one connection and are made anew for the next. */
const HOP_HEADERS = new Set([
  'authorization',
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'expect',
  'accept-encoding',
]);
const SECRET_HEADER = /authorization|cookie|token|secret|api-?key|password|credential/i;

/**
 * Serves a workspace through a proxy on loopback that writes every exchange to `dir/cassette.jsonl`, redacted.
 *
 * An existing cassette is replaced. Bodies that are neither JSON nor text pass through and are not recorded.
 *
 * @throws {PortInUseError}
 * @see spec/local-workspace.md §5
 */
export async function recordWorkspace(
  target: RecordTarget,
  dir: string,
  options: RecordOptions = {},
): Promise<Recorder> {
  const token = `record-${randomBytes(16).toString('hex')}`;
  const redactor = new CassetteRedactor([token, ...(options.secrets ?? [])]);
  const file = join(dir, CASSETTE_FILE);
  const header: CassetteHeader = {
    format: 'genie-optimizer-cassette',
    version: 1,
    recorded_at: (options.now ?? (() => new Date()))().toISOString(),
  };
  await mkdir(dir, { recursive: true });
  await writeFile(file, `${JSON.stringify(header)}\n`);
  let count = 0;
  let written: Promise<void> = Promise.resolve();
  const write = (exchange: Exchange): Promise<void> =>
    (written = written.then(() => appendFile(file, `${JSON.stringify(exchange)}\n`)));

  const proxy = await startLoopback(options.port ?? 0, async (request, response) => {
    if (!checkBearer(request, response, token)) return;
    const n = count;
    count += 1;
    const sent = await readBody(request);
    const targetToken = typeof target.token === 'string' ? target.token : await target.token();
    redactor.add([targetToken]);
    const recorded = redactedRequest(request, sent, redactor);
    let answer: Response;
    let bytes: Buffer;
    try {
      answer = await forward(target.host, targetToken, request, sent);
      bytes = Buffer.from(await answer.arrayBuffer());
    } catch {
      // A broken connection is an answer of its own: the client meets it, and so will the replay.
      await write({ n, request: recorded, response: null });
      response.destroy();
      return;
    }
    const headers = Object.fromEntries(
      KEPT_HEADERS.flatMap((name) => {
        const value = answer.headers.get(name);
        return value === null ? [] : [[name, value]];
      }),
    );
    const type = headers['content-type'] ?? '';
    await write({
      n,
      request: recorded,
      response: { status: answer.status, headers, body: redactedBody(bytes, type, redactor) },
    });
    response.writeHead(answer.status, { ...headers, 'content-length': bytes.length });
    response.end(bytes);
  });
  return {
    host: proxy.host,
    token,
    close: async () => {
      await proxy.close();
      await written;
    },
  };
}

function forward(host: string, token: string, request: IncomingMessage, body: Buffer): Promise<Response> {
  const headers = new Headers({ authorization: `Bearer ${token}` });
  for (const [name, value] of Object.entries(request.headers)) {
    if (!HOP_HEADERS.has(name) && value !== undefined)
      headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return fetch(new URL(request.url ?? '/', host), {
    method: request.method ?? 'GET',
    headers,
    redirect: 'manual',
    ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
  });
}

/** Values of headers that carry credentials, so that an echo of them is found too. */
const secretsOf = (request: IncomingMessage): string[] =>
  Object.entries(request.headers).flatMap(([name, value]) => {
    if (!SECRET_HEADER.test(name) || value === undefined) return [];
    const texts = Array.isArray(value) ? value : [value];
    return texts
      .flatMap((text) => [text, ...text.split(/[;,\s]+/).map((part) => part.replace(/^[^=]*=(?=.)/, ''))])
      .filter((text) => text.length >= 8);
  });

/** The request as a cassette holds it; the replay makes the same of the requests it gets. */
export function redactedRequest(
  request: IncomingMessage,
  body: Buffer,
  redactor: CassetteRedactor,
): Exchange['request'] {
  redactor.add(secretsOf(request));
  const url = new URL(request.url ?? '/', 'http://localhost');
  return {
    method: request.method ?? 'GET',
    path: redactor.text(url.pathname),
    query: [...url.searchParams].map(([name, value]) => {
      const clean = redactor.value({ [name]: value }) as Record<string, string>;
      return [redactor.text(name), Object.values(clean)[0] ?? ''];
    }),
    body: redactedBody(body, request.headers['content-type'] ?? '', redactor),
  };
}

function redactedBody(bytes: Buffer, contentType: string, redactor: CassetteRedactor): CassetteBody {
  if (bytes.length === 0) return {};
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes)) return { omitted: 'binary' };
  try {
    const value: unknown = JSON.parse(text);
    const clean = redactor.value(value);
    // Numbers beyond the reach of a double would come back as others.
    const exact = !/[^"\w.]\d{16,}/.test(text);
    return exact || canonicalJson(value) !== canonicalJson(clean) ? { json: clean } : { text };
  } catch {
    // Clients send JSON without saying so, and servers call HTML JSON: the text itself decides.
    return /json|text|xml|html|csv|yaml|^$/i.test(contentType)
      ? { text: redactor.text(text) }
      : { omitted: 'binary' };
  }
}
