import * as z from 'zod';

/** Answers of the statement execution API as far as we read them. @see spec/databricks-apis.md §4 */
const text = z.string().nullish();
const index = z.coerce.number().int().nullish();

export const columnWireSchema = z.looseObject({ name: z.string(), type_name: text, type_text: text });

export const chunkWireSchema = z.looseObject({
  data_array: z.array(z.array(z.string().nullable())).nullish(),
  next_chunk_index: index,
  external_links: z
    .array(
      z.looseObject({
        external_link: z.string(),
        next_chunk_index: index,
        http_headers: z.record(z.string(), z.string()).nullish(),
      }),
    )
    .nullish(),
});

export const statementWireSchema = z.looseObject({
  statement_id: z.string(),
  status: z.looseObject({
    state: z.string(),
    error: z.looseObject({ error_code: text, message: text }).nullish(),
    sql_state: text,
  }),
  manifest: z
    .looseObject({
      schema: z.looseObject({ columns: z.array(columnWireSchema).nullish() }).nullish(),
      truncated: z.boolean().nullish(),
      total_row_count: z.coerce.number().nullish(),
    })
    .nullish(),
  result: chunkWireSchema.nullish(),
});

export const rowsWireSchema = z.array(
  z.array(z.union([z.string(), z.number(), z.boolean()]).transform(String).nullable()),
);

export type StatementWire = z.infer<typeof statementWireSchema>;
export type ChunkWire = z.infer<typeof chunkWireSchema>;
export type ColumnWire = z.infer<typeof columnWireSchema>;
