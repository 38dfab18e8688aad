import { defineUpdateSnippet, namedSnippetUpdateSchema } from '../snippet-edit.ts';

/** Changes some fields of an aggregate that the space knows, found by id or display name. */
export const updateSqlSnippetMeasure = defineUpdateSnippet(
  'update_sql_snippet_measure',
  'measures',
  namedSnippetUpdateSchema,
  { target: 'Revenue', set: { instruction: 'Taxes are included.' } },
);
