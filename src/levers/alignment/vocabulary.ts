import type { Space } from '../../spaces/index.ts';
import type { Schema } from '../schema.ts';
import { nameInTable, type Element } from './element.ts';
import { abbreviationScore, identifierWords, indexOfRun, wordsOf } from './words.ts';
import { isContentWord } from './stop-words.ts';

/** A name by which the space already knows something. */
export interface KnownName {
  readonly words: readonly string[];
  /** 0–1: how surely a question that says these words is understood. */
  readonly strength: number;
}

const foldedWords = (text: string): string[] => wordsOf(text).map((word) => word.folded);

/** Every name, synonym and telling description word of an element. */
export function knownNames(element: Element, schema: Schema, space: Space): readonly KnownName[] {
  switch (element.kind) {
    case 'table': {
      const table = schema.tables.get(element.table);
      if (table === undefined) return [];
      return [nameOf(shortOf(table.name)), ...describedNames(table.description)];
    }
    case 'column':
    case 'date':
      return columnNames(element.table, element.column, schema);
    case 'measure':
      return columnNames(element.table, element.measure, schema);
    case 'predicate':
      return [
        ...element.literals.map((literal) => ({
          words: foldedWords(literal.replaceAll(/[%_]/g, ' ')),
          strength: 1,
        })),
        ...columnNames(element.table, element.column, schema).map((name) => ({
          ...name,
          strength: name.strength * 0.6,
        })),
        ...snippetNames(element.sql, space),
      ];
    case 'aggregate':
    case 'expression':
      return snippetNames(element.sql, space);
    case 'join':
      return [];
  }
}

const shortOf = (name: string): string => name.split('.').at(-1) ?? name;

/** A name with its words; a leading single letter (`c_name`) is a prefix, not a word. */
const nameOf = (identifier: string): KnownName => {
  const words = identifierWords(identifier);
  return { words: words.length > 1 && words[0]?.length === 1 ? words.slice(1) : words, strength: 1 };
};

function columnNames(tableKey: string, column: string, schema: Schema): KnownName[] {
  const found = schema.tables.get(tableKey)?.columns.get(column);
  const name = nameOf(found?.name ?? column);
  return [
    name,
    ...(found?.synonyms ?? []).map((synonym) => ({ words: foldedWords(synonym), strength: 1 })),
    ...describedNames(found?.description ?? ''),
  ];
}

/** Words of a description help, but do not settle what is meant. */
const describedNames = (description: string): KnownName[] =>
  foldedWords(description)
    .filter(isContentWord)
    .map((word) => ({ words: [word], strength: 0.4 }));

/** Names of snippets that already hold the same SQL. */
function snippetNames(sql: string, space: Space): KnownName[] {
  const snippets = space.instructions?.sql_snippets;
  const wanted = squeeze(sql);
  return [...(snippets?.filters ?? []), ...(snippets?.measures ?? []), ...(snippets?.expressions ?? [])]
    .filter(
      (snippet) => wanted.endsWith(squeeze(snippet.sql.join(''))) || squeeze(snippet.sql.join('')) === wanted,
    )
    .flatMap((snippet) => [snippet.display_name ?? '', snippet.alias ?? '', ...(snippet.synonyms ?? [])])
    .filter((name) => name !== '')
    .map((name) => ({ words: foldedWords(name.replaceAll('_', ' ')), strength: 1 }));
}

const squeeze = (sql: string): string => sql.toLowerCase().replaceAll(/[\s`]+/g, '');

/**
 * How far each word of a question is explained by the given names, 0–1 per word.
 *
 * A name that stands in the question as a whole explains its words fully; a part of a longer name
 * explains in proportion.
 */
export function explainWords(folded: readonly string[], names: readonly KnownName[]): number[] {
  const explained = folded.map(() => 0);
  const raise = (at: number, value: number): void => {
    explained[at] = Math.max(explained[at] ?? 0, value);
  };
  for (const name of names) {
    if (name.words.length === 0) continue;
    let from = indexOfRun(folded, name.words);
    if (from >= 0) {
      while (from >= 0 && from < folded.length) {
        for (let offset = 0; offset < name.words.length; offset++) raise(from + offset, name.strength);
        const next = indexOfRun(folded.slice(from + 1), name.words);
        from = next < 0 ? -1 : from + 1 + next;
      }
      continue;
    }
    const matched = name.words.filter((word) => isContentWord(word) && folded.includes(word));
    const share = matched.length / name.words.length;
    for (const [at, word] of folded.entries()) {
      if (matched.includes(word)) raise(at, name.strength * share);
    }
  }
  return explained;
}

/** Best abbreviation score of an element's own identifier for the phrase, 0–1. */
export function abbreviates(element: Element, words: readonly string[]): number {
  const name = element.kind === 'table' ? shortOf(element.table) : (nameInTable(element) ?? '');
  return name === '' ? 0 : abbreviationScore(name.replace(/^[a-z]_/i, ''), words);
}
