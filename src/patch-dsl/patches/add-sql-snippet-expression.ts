import { defineAddSnippet, namedSnippetSchema } from '../snippet-edit.ts';

/** Teaches the space an expression under a name; columns are written `table.column`. */
export const addSqlSnippetExpression = defineAddSnippet(
  'add_sql_snippet_expression',
  'expressions',
  namedSnippetSchema,
  { display_name: 'Order year', sql: 'YEAR(orders.o_orderdate)', alias: 'order_year' },
);
