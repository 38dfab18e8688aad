import type { Span, Token } from './tokens.ts';
import { NUMBER_WORDS } from './words.ts';

/** A question as one line of lower-case words, so that patterns over several words stay readable. */
export interface QuestionText {
  readonly text: string;
  /** Tokens that a match at a character range covers. */
  span(from: number, length: number): Span;
}

export function questionText(tokens: readonly Token[]): QuestionText {
  const starts: number[] = [];
  let text = '';
  for (const token of tokens) {
    if (text !== '') text += ' ';
    starts.push(text.length);
    // A quoted phrase must not be read as words of the question.
    text += token.quoted ? '"'.repeat(Math.max(1, token.lower.length)) : token.lower;
  }
  const at = (offset: number): number => starts.findLastIndex((start) => start <= offset);
  return { text, span: (from, length) => ({ start: at(from), end: at(from + Math.max(1, length) - 1) + 1 }) };
}

export const NUMBER = `(?:\\d[\\d,]*(?:\\.\\d+)?|${Object.keys(NUMBER_WORDS).join('|')})`;

/** `3`, `1,200`, `three` → a number. */
export const numberOf = (word: string): number => NUMBER_WORDS[word] ?? Number(word.replaceAll(',', ''));

export const covers = (span: Span, index: number): boolean => index >= span.start && index < span.end;
export const overlaps = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;
