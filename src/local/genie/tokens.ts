import { NUMBER_WORDS, QUERY_WORDS, STOP_WORDS } from './words.ts';

/** One word, number or quoted phrase of a question. */
export interface Token {
  readonly index: number;
  /** As typed, without quotes. */
  readonly text: string;
  readonly lower: string;
  readonly stem: string;
  readonly number: number | null;
  readonly quoted: boolean;
  /** Starts with a capital although it does not start the sentence. */
  readonly capital: boolean;
  /** Carries meaning for linking: neither a function word nor a general query word. */
  readonly content: boolean;
  /** A comma or semicolon stands before this word. */
  readonly afterComma: boolean;
}

/** Half-open range of token indexes. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const WORD =
  /"([^"]+)"|“([^”]+)”|(?<![A-Za-z0-9])'([^']+)'(?![A-Za-z0-9])|\d{4}-\d{2}-\d{2}|\d+(?:,\d{3})+(?:\.\d+)?|[A-Za-z]*\d+(?:\.\d+)?[A-Za-z]*|[A-Za-z\u00C0-\u024F]+(?:#\d+)?|[,;]/g;

/** Splits a question into words; punctuation is dropped, quoted phrases stay whole. */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  let comma = false;
  for (const match of text.replaceAll(/[’']s\b/g, '').matchAll(WORD)) {
    if (match[0] === ',' || match[0] === ';') {
      comma = true;
      continue;
    }
    const quoted = match[1] ?? match[2] ?? match[3];
    const word = quoted ?? match[0];
    const lower = word.toLowerCase();
    const number = /^\d[\d,]*(\.\d+)?$/.test(word) ? Number(word.replaceAll(',', '')) : null;
    tokens.push({
      index: tokens.length,
      text: word,
      lower,
      stem: quoted === undefined ? stem(lower) : quoted.toLowerCase().split(/\s+/).map(stem).join(' '),
      number,
      quoted: quoted !== undefined,
      capital: tokens.length > 0 && /^[A-Z]/.test(word),
      content: quoted !== undefined || (number === null && isContentWord(lower)),
      afterComma: comma,
    });
    comma = false;
  }
  return tokens;
}

/** Whether a lower-case word can name something. */
export const isContentWord = (lower: string): boolean =>
  !STOP_WORDS.has(lower) &&
  NUMBER_WORDS[lower] === undefined &&
  !QUERY_WORDS.has(lower) &&
  !QUERY_WORDS.has(lower.replace(/s$/, '')) &&
  lower.length > 0;

/** Folds inflections (plural, -ed, -ing, final e) so that forms of one word compare equal. Lower-case input. */
export function stem(word: string): string {
  if (word.length <= 3 || /\d/.test(word)) return word;
  let base = word;
  if (base.endsWith('ies') && base.length > 4) base = `${base.slice(0, -3)}y`;
  else if (/(?:s|x|z|ch|sh)es$/.test(base)) base = base.slice(0, -2);
  else if (base.endsWith('s') && !/(?:ss|us|is)$/.test(base)) base = base.slice(0, -1);
  for (const suffix of ['ing', 'ed']) {
    const rest = base.slice(0, -suffix.length);
    if (!base.endsWith(suffix) || rest.length < 3 || !/[aeiouy]/.test(rest)) continue;
    base = /([^aeiouls])\1$/.test(rest) ? rest.slice(0, -1) : rest;
    break;
  }
  if (base.length > 3 && base.endsWith('e')) base = base.slice(0, -1);
  if (base.length > 3 && /[^aeiou]y$/.test(base)) base = `${base.slice(0, -1)}i`;
  return base;
}

/** Words of an identifier or a text, lower case: splits at underscores, case changes, digits' borders and punctuation. */
export function wordsOf(text: string): string[] {
  return text
    .replaceAll(
      /([a-z])([A-Z])|(\d)(?=[A-Z][a-z])/g,
      (_, low: string | undefined, high: string | undefined, digit: string | undefined) =>
        low === undefined ? `${digit ?? ''} ` : `${low} ${high ?? ''}`,
    )
    .toLowerCase()
    .split(/[^a-z0-9\u00E0-\u024F]+/)
    .filter((word) => word !== '');
}

export const stemsOf = (text: string): string[] => wordsOf(text).map(stem);

/** Stems of the words that carry meaning, without repetition. */
export const contentStems = (text: string): string[] => [
  ...new Set(wordsOf(text).filter(isContentWord).map(stem)),
];

/** `Net Weight (kg)` → `net_weight_kg`: a name for a select item. */
export const slug = (text: string): string => wordsOf(text).join('_') || 'result';
