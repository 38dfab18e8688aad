import { defineRemoveSnippet } from '../snippet-edit.ts';

/** Removes an expression that the space knows, found by id or display name. */
export const removeSqlSnippetExpression = defineRemoveSnippet(
  'remove_sql_snippet_expression',
  'expressions',
  { target: 'Order month' },
);
