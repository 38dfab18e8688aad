import type { ApiPath } from './path.ts';

/** One HTTP exchange, without any meaning: no retry, no error for a status. */
export interface TransportRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly body?: string | Uint8Array<ArrayBuffer> | undefined;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface TransportResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Why no response arrived. Holds neither the request nor its headers, so it may be shown. */
export type TransportFailure =
  | { readonly kind: 'aborted' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'network'; readonly code: string | null; readonly message: string };

export type TransportResult =
  | { readonly ok: true; readonly response: TransportResponse }
  | { readonly ok: false; readonly failure: TransportFailure };

export const textOfResponse = (response: TransportResponse): string =>
  new TextDecoder().decode(response.bytes);

export const urlOf = (host: string, path: ApiPath, query: string): string =>
  `${host}${path}${query === '' ? '' : `?${query}`}`;

/** Sends one request and reads the whole body; the time limit covers both. */
export async function exchange(request: TransportRequest): Promise<TransportResult> {
  // Loaded on first use, so that importing the library costs nothing until a workspace is talked to.
  const { default: ky } = await import('ky');
  const deadline = AbortSignal.timeout(request.timeoutMs);
  const signal = request.signal === undefined ? deadline : AbortSignal.any([request.signal, deadline]);
  try {
    const response = await ky(request.url, {
      method: request.method,
      headers: request.headers,
      ...(request.json === undefined ? {} : { json: request.json }),
      ...(request.body === undefined ? {} : { body: request.body }),
      retry: 0,
      timeout: false,
      throwHttpErrors: false,
      signal,
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    return {
      ok: true,
      response: {
        status: response.status,
        statusText: response.statusText,
        headers: response.headers,
        bytes,
      },
    };
  } catch (error) {
    if (request.signal?.aborted === true) return { ok: false, failure: { kind: 'aborted' } };
    if (deadline.aborted) return { ok: false, failure: { kind: 'timeout' } };
    // The original error carries the request with its headers, so only its description leaves this function.
    return { ok: false, failure: { kind: 'network', ...describe(error) } };
  }
}

/** The deepest cause of a failed fetch names the real reason; the outer ones only say that it failed. */
function describe(error: unknown): { code: string | null; message: string } {
  let current: unknown = error;
  let code: string | null = null;
  let message = 'the connection failed';
  for (let depth = 0; current instanceof Error && depth < 8; depth++) {
    if ('code' in current && typeof current.code === 'string') code = current.code;
    if (current.message !== '') message = current.message;
    current = current instanceof AggregateError ? (current.errors[0] ?? current.cause) : current.cause;
  }
  return { code, message };
}
