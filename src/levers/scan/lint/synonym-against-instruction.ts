import { makePatch } from '../../../patch-dsl/index.ts';
import { defineScanCheck } from '../check.ts';
import { definitionsIn, termKey } from './statements.ts';

/** `"revenue" means orders.net_total` while revenue is a synonym of another column. */
export const synonymAgainstInstruction = defineScanCheck({
  id: 'synonym_against_instruction',
  severity: 'error',
  explains: 'An instruction gives a word to one column, and the synonyms give it to another.',
  isLint: true,
  find({ tables, statements }) {
    const owned = tables.flatMap((table) =>
      [...table.columns.values()].flatMap((column) =>
        column.synonyms.map((synonym) => ({ table, column, synonym, key: termKey(synonym) })),
      ),
    );
    return statements
      .filter(({ source }) => source === 'instruction')
      .flatMap(definitionsIn)
      .flatMap((definition) => {
        const name = /^`?[\w`]+(?:`?\.`?[\w`]+)+$/.exec(definition.meaning.trim())?.[0];
        if (name === undefined) return [];
        const meant = name.replaceAll('`', '').toLowerCase();
        const wrong = owned.filter(
          ({ table, column, key }) =>
            key === definition.key && !`${table.key}.${column.name.toLowerCase()}`.endsWith(meant),
        );
        return wrong.map(({ table, column, synonym }) => ({
          where: [definition.where, `${table.name}#${column.name}`],
          message: `${definition.where} says that '${definition.term}' means ${definition.meaning}, but it is a synonym of ${table.name}#${column.name}.`,
          advice: `Remove the synonym from ${column.name}, or correct the instruction.`,
          patches: [makePatch('remove_synonym', { table: table.name, column: column.name, synonym })],
        }));
      });
  },
});
