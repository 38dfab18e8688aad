import { parseComment, type CommentSection } from '../../patch-dsl/index.ts';
import { humanize } from '../alignment/words.ts';
import type { SchemaColumn, SchemaFunction, SchemaTable } from '../schema.ts';
import { appendSentence, capitalize, type Change } from './draft.ts';

/**
 * Says one sentence more about a table, behind what its owner says; `null` when it says so already.
 *
 * A comment of the catalog is taken over into the space's own description, so that nothing is lost.
 */
export function describeTable(table: SchemaTable, sentence: string): Change | null {
  const old = table.description;
  if (old.includes(sentence)) return null;
  if (old === '') {
    const name = capitalize(humanize(table.name.split('.').at(-1) ?? table.name));
    return { type: 'add_description', target: table.name, text: `${name}. ${sentence}` };
  }
  return {
    type: 'update_description',
    target: table.name,
    ...(table.describedInSpace ? { old_text: old } : {}),
    new_text: appendSentence(old, sentence),
  };
}

/** As {@link describeTable}, for a column. */
export function describeColumn(table: SchemaTable, column: SchemaColumn, sentence: string): Change | null {
  const old = column.description;
  if (old.includes(sentence)) return null;
  const target = { table: table.name, column: column.name };
  if (old === '') {
    return {
      type: 'add_column_description',
      ...target,
      text: `${capitalize(humanize(column.name))}. ${sentence}`,
    };
  }
  return {
    type: 'update_column_description',
    ...target,
    ...(column.describedInSpace ? { old_text: old } : {}),
    new_text: appendSentence(old, sentence),
  };
}

/** Sections of a function's comment with a text more, behind what its owner says there. */
export function extendSections(
  fn: SchemaFunction,
  additions: Readonly<Partial<Record<CommentSection, string>>>,
  separator: string,
): Readonly<Record<string, string>> {
  const { sections } = parseComment(fn.comment);
  return Object.fromEntries(
    Object.entries(additions).map(([key, text]) => {
      const old = sections[key as CommentSection]?.trim() ?? '';
      return [key, old === '' ? text : old.includes(text) ? old : `${old}${separator}${text}`];
    }),
  );
}
