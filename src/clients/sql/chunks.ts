import { NO_CREDENTIALS } from '../auth/credentials.ts';
import type { CallOptions } from '../../ports/index.ts';
import { existingPath, HttpClient, path } from '../http/index.ts';
import { type ChunkWire, chunkWireSchema, rowsWireSchema, type StatementWire } from './wire.ts';

type Rows = (string | null)[][];

/**
 * All rows of a statement: those that came with it, then further chunks, behind pre-signed links if need be.
 *
 * @throws {ResponseFormatError} when the chunks repeat
 */
export async function readChunks(
  http: HttpClient,
  statement: StatementWire,
  options: CallOptions,
): Promise<Rows> {
  const rows: Rows = [];
  const seen = new Set<number>();
  let chunk: ChunkWire | null = statement.result ?? null;
  while (chunk !== null) {
    for (const row of chunk.data_array ?? []) rows.push(row);
    let next = chunk.next_chunk_index ?? null;
    for (const link of chunk.external_links ?? []) {
      for (const row of await readExternal(link.external_link, link.http_headers ?? {}, options))
        rows.push(row);
      next = link.next_chunk_index ?? next;
    }
    if (next === null) return rows;
    const chunkPath = path`/api/2.0/sql/statements/${statement.statement_id}/result/chunks/${next}`;
    if (seen.has(next))
      throw http.formatError(
        { method: 'GET', path: chunkPath },
        'the result names the same chunk twice and would never end.',
      );
    seen.add(next);
    chunk = await http.request({
      signal: options.signal,
      method: 'GET',
      path: chunkPath,
      schema: chunkWireSchema,
    });
  }
  return rows;
}

/** A pre-signed link carries its own permission: our token must not be sent along. */
async function readExternal(
  link: string,
  headers: Readonly<Record<string, string>>,
  { signal }: CallOptions,
): Promise<Rows> {
  const url = new URL(link);
  const storage = new HttpClient({ host: url.origin, credentials: NO_CREDENTIALS });
  return storage.request({
    signal,
    method: 'GET',
    path: existingPath(url),
    query: url.search.slice(1),
    headers,
    schema: rowsWireSchema,
  });
}
