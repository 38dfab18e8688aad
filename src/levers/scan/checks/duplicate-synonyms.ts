import { makePatch } from '../../../patch-dsl/index.ts';
import { termKey } from '../lint/statements.ts';
import { defineScanCheck, type CheckFinding } from '../check.ts';
import type { SchemaColumn, SchemaTable } from '../../schema.ts';

interface Owner {
  readonly table: SchemaTable;
  readonly column: SchemaColumn;
  readonly synonym: string;
}

export const duplicateSynonyms = defineScanCheck({
  id: 'duplicate_synonyms',
  severity: 'warning',
  explains: 'One word is a synonym of several columns, or of one column and the name of another.',
  find({ tables }) {
    const owners = tables.flatMap((table) =>
      [...table.columns.values()].flatMap((column) =>
        column.synonyms.map((synonym): Owner => ({ table, column, synonym })),
      ),
    );
    const byWord = Map.groupBy(owners, ({ synonym }) => termKey(synonym));
    return [...byWord].flatMap(([word, group]) => {
      if (word === '') return [];
      return [...namesAnother(word, group), ...shared(group)];
    });
  },
});

/** A synonym that is the name of another column of its own table can only mislead. */
const namesAnother = (word: string, owners: readonly Owner[]): CheckFinding[] =>
  owners.flatMap(({ table, column, synonym }) => {
    const named = [...table.columns.values()].find(
      (other) => other !== column && !other.hidden && termKey(other.name.replaceAll('_', ' ')) === word,
    );
    if (named === undefined) return [];
    return [
      {
        severity: 'error' as const,
        where: [nameOf({ table, column }), nameOf({ table, column: named })],
        message: `'${synonym}' is a synonym of ${nameOf({ table, column })} and the name of ${nameOf({ table, column: named })}.`,
        advice: 'Remove the synonym.',
        patches: [makePatch('remove_synonym', { table: table.name, column: column.name, synonym })],
      },
    ];
  });

/** The same column in several tables (a key, a role) may share its words. */
function shared(owners: readonly Owner[]): CheckFinding[] {
  const columns = new Set(owners.map(({ column }) => column.name.toLowerCase()));
  const [first] = owners;
  if (columns.size < 2 || first === undefined) return [];
  return [
    {
      where: owners.map(nameOf),
      message: `'${first.synonym}' is a synonym of ${owners.map(nameOf).join(', ')}; Genie cannot tell which is meant.`,
      advice: 'Keep the word with the column that people mean by it.',
    },
  ];
}

const nameOf = ({ table, column }: Pick<Owner, 'table' | 'column'>): string => `${table.name}#${column.name}`;
