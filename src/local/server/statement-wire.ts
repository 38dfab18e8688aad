import { wireType } from '../engine/types.ts';
import { notFound } from './api-error.ts';
import type { Statement } from './statement-store.ts';

/** Rows per chunk of an inline result. */
export const CHUNK_ROWS = 5_000;

/** `error_code` of the status by SQLSTATE class; the SQL error class itself stands in the message. */
const errorCode = (errorClass: string): string =>
  errorClass === 'INTERNAL_ERROR' ? 'INTERNAL_ERROR' : 'BAD_REQUEST';

/** A statement as the API shows it: status, and with SUCCEEDED manifest and first chunk. */
export function statementResponse(statement: Statement): Record<string, unknown> {
  const { statementId, state, error, result } = statement;
  const status = {
    state,
    ...(error === null
      ? {}
      : {
          error: { error_code: errorCode(error.errorClass), message: error.message },
          sql_state: error.sqlState,
        }),
  };
  if (state !== 'SUCCEEDED' || result === null) return { statement_id: statementId, status };
  return {
    statement_id: statementId,
    status,
    manifest: manifestOf(statement),
    result: chunkOf(statement, 0),
  };
}

function manifestOf({ result }: Statement): Record<string, unknown> {
  const columns = result?.columns ?? [];
  const rows = result?.rows ?? [];
  return {
    format: 'JSON_ARRAY',
    schema: {
      column_count: columns.length,
      columns: columns.map((column, position) => {
        const type = wireType(column.type);
        return {
          name: column.name,
          type_text: type.typeText,
          type_name: type.typeName,
          position,
          ...(type.precision === undefined ? {} : { type_precision: type.precision, type_scale: type.scale }),
        };
      }),
    },
    total_chunk_count: Math.max(rows.length === 0 ? 0 : 1, Math.ceil(rows.length / CHUNK_ROWS)),
    chunks: Array.from({ length: Math.ceil(rows.length / CHUNK_ROWS) }, (_, index) =>
      chunkShape(rows.length, index),
    ),
    total_row_count: rows.length,
    truncated: result?.truncated ?? false,
  };
}

const chunkShape = (total: number, index: number) => ({
  chunk_index: index,
  row_offset: index * CHUNK_ROWS,
  row_count: Math.max(0, Math.min(CHUNK_ROWS, total - index * CHUNK_ROWS)),
});

/** One chunk of the rows. @throws {ApiError} 404 beyond the last one */
export function chunkOf({ result, statementId }: Statement, index: number): Record<string, unknown> {
  const rows = result?.rows ?? [];
  const start = index * CHUNK_ROWS;
  if (index < 0 || (index > 0 && start >= rows.length))
    throw notFound(`Chunk ${index} of statement ${statementId} does not exist.`);
  const next = start + CHUNK_ROWS < rows.length ? index + 1 : null;
  return {
    ...chunkShape(rows.length, index),
    ...(next === null
      ? {}
      : {
          next_chunk_index: next,
          next_chunk_internal_link: `/api/2.0/sql/statements/${statementId}/result/chunks/${next}`,
        }),
    data_array: rows.slice(start, start + CHUNK_ROWS),
  };
}
