import type * as z from 'zod';
import type { CallOptions } from '../../ports/index.ts';
import type { HttpClient } from './http-client.ts';
import type { ApiPath } from './path.ts';
import type { Query } from './query.ts';

/**
 * Reads a paged listing to its end.
 *
 * With `json` it is a search: a POST that carries the page token in its body, and that is safe to repeat.
 *
 * @throws {ResponseFormatError} when a page token comes back a second time, which would never end
 */
export async function* pages<Page extends { next_page_token?: string | null | undefined }>(
  http: HttpClient,
  call: CallOptions & {
    readonly path: ApiPath;
    readonly query?: Query;
    readonly json?: Readonly<Record<string, unknown>>;
    readonly schema: z.ZodType<Page>;
  },
): AsyncGenerator<Page> {
  const { path, schema, signal, json, query } = call;
  const method = json === undefined ? 'GET' : 'POST';
  const seen = new Set<string>();
  let token: string | undefined;
  for (;;) {
    const page = await http.request(
      json === undefined
        ? { method, path, schema, signal, query: { ...query, page_token: token } }
        : { method, path, schema, signal, json: { ...json, page_token: token }, retry: 'safe' },
    );
    yield page;
    token = page.next_page_token ?? undefined;
    if (token === undefined || token === '') return;
    if (seen.has(token)) {
      throw http.formatError(
        { method, path },
        'the listing gave the same page token twice and would never end. Report it to the vendor.',
      );
    }
    seen.add(token);
  }
}
