import { makePatch } from '../../../patch-dsl/index.ts';
import { abbreviationScore, identifierWords, wordsOf } from '../../alignment/words.ts';
import type { SchemaColumn } from '../../schema.ts';
import { defineScanCheck } from '../check.ts';

/** A comment of at most so many words is a name rather than a sentence. */
const MAX_NAME_WORDS = 4;

export const crypticColumns = defineScanCheck({
  id: 'cryptic_columns',
  severity: 'warning',
  explains: 'A column is named by an abbreviation and has no synonym that people would say.',
  find: ({ tables }) =>
    tables.flatMap((table) =>
      [...table.columns.values()]
        .filter((column) => !column.hidden && column.synonyms.length === 0)
        .flatMap((column) => {
          const spoken = spokenName(column);
          if (spoken === null) return [];
          return [
            {
              where: [`${table.name}#${column.name}`],
              message: `${column.name} abbreviates '${spoken}', which is not among its synonyms.`,
              advice: `Add '${spoken}' and other words that people use as synonyms.`,
              patches: [
                makePatch('add_synonym', { table: table.name, column: column.name, synonym: spoken }),
              ],
            },
          ];
        }),
    ),
});

/** The short description that a name abbreviates; `null` when the name can be read or nothing short describes it. */
function spokenName({ name, description }: SchemaColumn): string | null {
  const text = description.replace(/[.;:]$/, '').trim();
  const words = wordsOf(text).map(({ folded }) => folded);
  if (words.length === 0 || words.length > MAX_NAME_WORDS || /[()/=,]/.test(text)) return null;
  const parts = identifierWords(name);
  if (words.every((word) => parts.includes(word))) return null;
  // A prefix such as `c_` names the table, not the column.
  const cores = [name, name.replace(/^[A-Za-z]{1,3}_/, '')];
  return cores.some((core) => abbreviationScore(core, words) > 0) ? text.toLowerCase() : null;
}
