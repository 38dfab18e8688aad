import { defineAddSnippet, namedSnippetSchema } from '../snippet-edit.ts';

/** Teaches the space an aggregate under a name; columns are written `table.column`. */
export const addSqlSnippetMeasure = defineAddSnippet(
  'add_sql_snippet_measure',
  'measures',
  namedSnippetSchema,
  { display_name: 'Average order value', sql: 'AVG(orders.o_totalprice)', synonyms: ['AOV'] },
);
