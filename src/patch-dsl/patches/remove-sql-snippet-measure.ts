import { defineRemoveSnippet } from '../snippet-edit.ts';

/** Removes an aggregate that the space knows, found by id or display name. */
export const removeSqlSnippetMeasure = defineRemoveSnippet('remove_sql_snippet_measure', 'measures', {
  target: 'Revenue',
});
