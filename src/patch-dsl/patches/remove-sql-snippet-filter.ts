import { defineRemoveSnippet } from '../snippet-edit.ts';

/** Removes a condition that the space knows, found by id or display name. */
export const removeSqlSnippetFilter = defineRemoveSnippet('remove_sql_snippet_filter', 'filters', {
  target: 'Open orders',
});
