import { defineUpdateSnippet, namedSnippetUpdateSchema } from '../snippet-edit.ts';

/** Changes some fields of an expression that the space knows, found by id or display name. */
export const updateSqlSnippetExpression = defineUpdateSnippet(
  'update_sql_snippet_expression',
  'expressions',
  namedSnippetUpdateSchema,
  { target: 'Order month', set: { synonyms: ['month of order'] } },
);
