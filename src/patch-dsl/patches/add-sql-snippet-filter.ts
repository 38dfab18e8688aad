import { defineAddSnippet, filterSnippetSchema } from '../snippet-edit.ts';

/** Teaches the space a condition under a name; columns are written `table.column`. */
export const addSqlSnippetFilter = defineAddSnippet(
  'add_sql_snippet_filter',
  'filters',
  filterSnippetSchema,
  { display_name: 'Urgent orders', sql: "orders.o_priority = 'URGENT'" },
);
