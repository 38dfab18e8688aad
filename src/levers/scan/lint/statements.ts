import {
  dataSources,
  instructionText,
  SNIPPET_KINDS,
  snippets,
  textOf,
  type Space,
} from '../../../spaces/index.ts';
import { foldWord, wordsOf } from '../../alignment/words.ts';

/** One sentence that tells Genie something, and where it stands. */
export interface Statement {
  readonly where: string;
  readonly source: 'instruction' | 'description' | 'snippet';
  readonly text: string;
  /** Sentences of one line (or one text) share it: a rule and its exception are often two sentences. */
  readonly group: string;
}

/** Every sentence of a space that states a rule or a meaning, in reading order. */
export function statementsOf(space: Space): Statement[] {
  const found: Statement[] = [];
  const add = (source: Statement['source'], where: string, text: string): void => {
    for (const sentence of sentencesOf(text)) found.push({ where, source, text: sentence, group: where });
  };
  for (const [index, line] of instructionText(space).split('\n').entries()) {
    add('instruction', `general instruction, line ${index + 1}`, line);
  }
  for (const source of dataSources(space)) {
    add('description', source.identifier, textOf(source.description));
    for (const column of source.column_configs ?? []) {
      add('description', `${source.identifier}#${column.column_name}`, textOf(column.description));
    }
  }
  for (const kind of SNIPPET_KINDS) {
    for (const snippet of snippets(space, kind)) {
      add('snippet', `${kind} snippet ${snippet.display_name ?? snippet.id}`, textOf(snippet.instruction));
    }
  }
  return found;
}

/** A full stop ends a sentence when a space and a capital, a quote or the end follow: `main.sales` has none. */
const sentencesOf = (text: string): string[] =>
  text
    .split(/\n|(?<=[.;!?])\s+(?=["“'`*\p{Lu}-])/u)
    .map((sentence) => sentence.replace(/^[\s*•#-]+/, '').trim())
    .filter((sentence) => sentence !== '');

/** Comparison form of a term: folded words, case and plural gone. */
export const termKey = (term: string): string =>
  wordsOf(term)
    .map((word) => foldWord(word.surface))
    .join(' ');

/** A term and what a sentence, a snippet or a synonym says that it means. */
export interface Definition {
  readonly key: string;
  readonly term: string;
  readonly meaning: string;
  readonly where: string;
}

const DEFINES = /\s+(?:means|mean|is defined as|are defined as|refers to|refer to|stands for)\s+/i;

/** `"active" and "live" means status = 'A'` defines two terms. Sentences that define nothing give `[]`. */
export function definitionsIn({ text, where }: Statement): Definition[] {
  const match = DEFINES.exec(text);
  if (match === null) return [];
  const left = text.slice(0, match.index);
  const meaning = text.slice(match.index + match[0].length).replace(/[.;]$/, '');
  const quoted = [...left.matchAll(/["“”'`]([^"“”'`]+)["“”'`]/g)].map((found) => found[1] ?? '');
  const terms = quoted.length > 0 ? quoted : left.split(/,|\bor\b|\band\b/i);
  return terms
    .map((term) => ({ key: termKey(term), term: term.trim(), meaning, where }))
    .filter(({ key }) => key !== '' && key.split(' ').length <= 5);
}

/** Definitions by sentences, and by snippets, whose name and synonyms mean their SQL. */
export const definitionsOf = (space: Space, statements: readonly Statement[]): Definition[] => [
  ...statements.flatMap(definitionsIn),
  ...SNIPPET_KINDS.flatMap((kind) =>
    snippets(space, kind).flatMap((snippet) =>
      [snippet.display_name ?? '', ...(snippet.synonyms ?? [])]
        .map((term) => ({
          key: termKey(term),
          term,
          meaning: textOf(snippet.sql),
          where: `${kind} snippet ${snippet.display_name ?? snippet.id}`,
        }))
        .filter(({ key }) => key !== ''),
    ),
  ),
];
