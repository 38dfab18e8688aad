import { parseComment, renderComment, type CommentSection } from '../../patch-dsl/index.ts';
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
  return written(table, old === '' ? `${titleOf(table)}. ${sentence}` : appendSentence(old, sentence));
}

const titleOf = ({ name }: SchemaTable): string => capitalize(humanize(name.split('.').at(-1) ?? name));

/** Gives a table this description, in place of the one it may have. */
const written = (table: SchemaTable, text: string): Change =>
  table.description === ''
    ? { type: 'add_description', target: table.name, text }
    : {
        type: 'update_description',
        target: table.name,
        ...(table.describedInSpace ? { old_text: table.description } : {}),
        new_text: text,
      };

/**
 * Says in the sections of a description what its table is for and not for; the owner's text stays above them.
 *
 * `null` when every phrase stands there already.
 *
 * @see spec/control-levers.md §2
 */
export function describeUse(
  table: SchemaTable,
  phrases: Readonly<Partial<Record<'best_for' | 'not_for', readonly string[]>>>,
): Change | null {
  const old = table.description;
  const { preamble, bullet, sections } = parseComment(old);
  const added = Object.fromEntries(
    Object.entries(phrases).map(([key, list]) => {
      const known = sections[key as CommentSection]?.trim() ?? '';
      return [
        key,
        [...(known === '' ? [] : [known]), ...list.filter((text) => !known.includes(text))].join(' | '),
      ];
    }),
  );
  const text = renderComment({
    preamble: old === '' ? `${titleOf(table)}.` : preamble,
    bullet: Object.keys(sections).length === 0 ? '' : bullet,
    sections: { ...sections, ...added },
  });
  return text === old ? null : written(table, text);
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
