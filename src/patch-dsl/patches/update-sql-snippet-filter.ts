import { defineUpdateSnippet, filterSnippetUpdateSchema } from '../snippet-edit.ts';

/** Changes some fields of a condition that the space knows, found by id or display name. */
export const updateSqlSnippetFilter = defineUpdateSnippet(
  'update_sql_snippet_filter',
  'filters',
  filterSnippetUpdateSchema,
  { target: 'Open orders', set: { sql: "orders.o_orderstatus IN ('O', 'P')" } },
);
