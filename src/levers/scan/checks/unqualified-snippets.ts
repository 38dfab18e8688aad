import { SNIPPET_KINDS, snippets, textOf } from '../../../spaces/index.ts';
import { lexSql } from '../../../sql/index.ts';
import { defineScanCheck } from '../check.ts';

/** @see spec/databricks-apis.md §3.7 */
export const unqualifiedSnippets = defineScanCheck({
  id: 'unqualified_snippets',
  severity: 'warning',
  explains: 'A snippet names a column without its table; Genie then asks for a table name or alias.',
  find: ({ space, tables }) => {
    const columns = new Set(tables.flatMap((table) => [...table.columns.keys()]));
    return SNIPPET_KINDS.flatMap((kind) =>
      snippets(space, kind).flatMap((snippet) => {
        const tokens = lexSql(textOf(snippet.sql));
        const bare = tokens.filter(
          ({ kind: token, text }, at) =>
            (token === 'word' || token === 'quoted') &&
            columns.has(text.replaceAll('`', '').toLowerCase()) &&
            tokens[at - 1]?.text !== '.' &&
            tokens[at + 1]?.text !== '.' &&
            tokens[at + 1]?.text !== '(',
        );
        if (bare.length === 0) return [];
        return [
          {
            where: [`${kind} snippet ${snippet.display_name ?? snippet.id}`],
            message: `${textOf(snippet.sql)} names ${[...new Set(bare.map(({ text }) => text))].join(', ')} without a table.`,
            advice: 'Write table.column.',
          },
        ];
      }),
    );
  },
});
