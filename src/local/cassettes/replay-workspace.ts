import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { readCassette, requestKey } from './cassette.ts';
import type { Exchange } from './cassette.ts';
import { checkBearer, readBody, sendJson, startLoopback } from './loopback.ts';
import { redactedRequest } from './record-workspace.ts';
import { CassetteRedactor } from './redact-exchange.ts';

export interface ReplayOptions {
  /** 0 (default) takes any free port. */
  readonly port?: number | undefined;
  /** Texts that {@link recordWorkspace} was told to keep out, so that requests with them are recognised. */
  readonly secrets?: readonly string[] | undefined;
}

/** A running replay. */
export interface Replay {
  readonly host: string;
  readonly token: string;
  /** Requests that the cassette has no answer to, in order; grows. */
  readonly misses: readonly { readonly method: string; readonly path: string }[];
  /** Recorded answers that nobody has asked for yet. */
  readonly remaining: () => number;
  close(): Promise<void>;
}

/**
 * Serves a recording of {@link recordWorkspace} on loopback.
 *
 * Equal requests get their answers in the order recorded. A GET asked more often than recorded gets its last
 * answer again; anything else that was not recorded gets 501 `REPLAY_MISS`.
 *
 * @throws {CassetteError}
 * @throws {PortInUseError}
 * @see spec/local-workspace.md §5
 */
export async function replayWorkspace(dir: string, options: ReplayOptions = {}): Promise<Replay> {
  const token = `replay-${randomBytes(16).toString('hex')}`;
  const answers = new Map<string, Exchange[]>();
  for (const exchange of await readCassette(dir)) {
    const key = requestKey(exchange.request);
    answers.set(key, [...(answers.get(key) ?? []), exchange]);
  }
  const last = new Map<string, Exchange>();
  const misses: { method: string; path: string }[] = [];
  const redactor = new CassetteRedactor([token, ...(options.secrets ?? [])]);
  const server = await startLoopback(options.port ?? 0, async (request, response) => {
    if (!checkBearer(request, response, token)) return;
    const asked = redactedRequest(request, await readBody(request), redactor);
    const key = requestKey(asked);
    const next = answers.get(key)?.shift() ?? (asked.method === 'GET' ? last.get(key) : undefined);
    if (next === undefined) {
      misses.push({ method: asked.method, path: asked.path });
      sendJson(response, 501, {
        error_code: 'REPLAY_MISS',
        message: `The cassette holds no${last.has(key) ? ' further' : ''} answer to ${asked.method} ${asked.path}. The run asks something that the recorded one did not.`,
      });
      return;
    }
    last.set(key, next);
    send(next.response, response);
  });
  return {
    host: server.host,
    token,
    misses,
    remaining: () => [...answers.values()].reduce((sum, queue) => sum + queue.length, 0),
    close: () => server.close(),
  };
}

function send(recorded: Exchange['response'], response: ServerResponse): void {
  if (recorded === null) {
    response.destroy();
    return;
  }
  const { status, headers, body } = recorded;
  if ('omitted' in body) {
    sendJson(response, 501, {
      error_code: 'REPLAY_MISS',
      message: 'The answer was binary, which a cassette does not hold.',
    });
    return;
  }
  const text = 'json' in body ? JSON.stringify(body.json) : 'text' in body ? body.text : '';
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
