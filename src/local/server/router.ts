import { ApiError } from './api-error.ts';

/** A request after authentication and reading of the body. */
export interface ApiRequest {
  readonly method: string;
  /** How the client reached the server: `http://127.0.0.1:8080`. */
  readonly host: string;
  readonly path: string;
  /** Values of the `:name` parts of the route. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The JSON body; `{}` when there is none. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The body as it came. */
  readonly bytes: Buffer;
  /** Fires when the client has gone or the server closes. */
  readonly signal: AbortSignal;
}

/** The JSON body of a successful answer; a `Buffer` is sent as a file. */
export type Handler = (request: ApiRequest) => unknown;

export interface Route {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** `/api/2.0/genie/spaces/:space_id`; `:` stands for one segment, `*` for all that follow. */
  readonly path: string;
  /** The body is a file, not JSON. */
  readonly raw?: true;
  readonly handle: Handler;
}

/** Finds the handler of a path. */
export class Router {
  readonly #routes: readonly (Route & { readonly parts: readonly string[] })[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({ ...route, parts: route.path.split('/') }));
  }

  /** @throws {ApiError} 404 when no route fits, 400 when the path is badly encoded */
  find(
    method: string,
    path: string,
  ): { readonly handle: Handler; readonly params: Record<string, string>; readonly raw: boolean } {
    const parts = path.split('/');
    for (const route of this.#routes) {
      const isOpen = route.parts.at(-1)?.startsWith('*') === true;
      const fits = isOpen ? route.parts.length <= parts.length : route.parts.length === parts.length;
      if (route.method !== method || !fits) continue;
      const params = match(route.parts, parts);
      if (params !== null) return { handle: route.handle, params, raw: route.raw === true };
    }
    throw new ApiError(404, 'ENDPOINT_NOT_FOUND', `No API found for '${method} ${path}'`);
  }
}

function match(pattern: readonly string[], parts: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const given = parts[index] ?? '';
    if (part.startsWith('*')) {
      params[part.slice(1)] = parts.slice(index).map(decode).join('/');
      return params;
    }
    if (!part.startsWith(':')) {
      if (part !== given) return null;
      continue;
    }
    if (given === '') return null;
    params[part.slice(1)] = decode(given);
  }
  return params;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ApiError(
      400,
      'INVALID_PARAMETER_VALUE',
      `The path part '${text}' is not valid percent-encoding.`,
    );
  }
}
