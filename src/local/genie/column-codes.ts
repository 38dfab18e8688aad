import type { AssetColumn } from './model.ts';
import { stemsOf } from './tokens.ts';

/** A value that a description names: words of people → the literal in the data. */
export interface ColumnCode {
  readonly column: AssetColumn;
  readonly words: readonly string[];
  readonly literal: string;
}

const MEANING = `([a-z][a-z]*(?:[ -][a-z]+){0,3}?)(?=\\s*(?:[,;.|/)]|$|\\bor\\b|\\band\\b|["'A-Z0-9]))`;
const PAIR = new RegExp(
  `(?:'([^']{1,40})'|"([^"]{1,40})"|\\b([A-Z0-9][A-Z0-9_#-]{0,15}|\\d{1,4}|[A-Za-z]))\\s*(?:=|:|\\bmeans\\b|\\bstands for\\b|\\bfor\\b|\\bis\\b|→|->|–|—|\\()\\s*["']?${MEANING}`,
  'g',
);
const LITERAL = /'([^']{1,40})'|"([^"]{1,40})"|\b([A-Z][A-Z0-9_#-]{2,}(?: [A-Z][A-Z0-9_-]{2,})*)\b/g;
const NOT_VALUES = new Set(
  'SUM AVG COUNT MIN MAX NULL NOT AND THE USD EUR GBP UTC ISO SQL YYYY-MM-DD ID FK PK PURPOSE NOTE VALUES DATE'.split(
    ' ',
  ),
);

/** Reads value lists of a description: `A = active`, `'X' means cancelled`, `one of OPEN, CLOSED`. */
export function columnCodes(column: AssetColumn): ColumnCode[] {
  if (column.kind !== 'text' && column.kind !== 'other' && column.kind !== 'number') return [];
  const codes = new Map<string, ColumnCode>();
  const add = (literal: string, words: readonly string[]): void => {
    const key = words.join(' ');
    if (key !== '' && !NOT_VALUES.has(literal) && !codes.has(key)) codes.set(key, { column, words, literal });
  };
  for (const text of [column.description, column.comment]) {
    for (const match of text.matchAll(PAIR)) {
      const literal = match[1] ?? match[2] ?? match[3] ?? '';
      if (column.kind !== 'number' || /^\d+$/.test(literal)) add(literal, stemsOf(match[4] ?? ''));
    }
    if (column.kind === 'number') continue;
    for (const match of text.matchAll(LITERAL)) {
      const literal = match[1] ?? match[2] ?? match[3] ?? '';
      add(literal, stemsOf(literal));
    }
  }
  return [...codes.values()];
}
