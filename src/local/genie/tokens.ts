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
  /** Typed like a code or an address: letters with digits, or parts around `#`, `-`, `@`. It can only be a value. */
  readonly code: boolean;
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

const ADDRESS = String.raw`[A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`;
/** Parts joined by marks, a digit among them. */
const MARKED = String.raw`(?=[\w#/-]*\d)[A-Za-z][A-Za-z0-9]*(?:[#_/-][A-Za-z0-9]+)+`;
const NUMBERS = String.raw`\d+(?:-\d+){2,}`;
const CODE = new RegExp(`^(?:${ADDRESS}|${MARKED}|${NUMBERS}|[A-Z][A-Za-z]{0,5}\\d+[A-Za-z0-9]*)$`);
/** `mid-2024`, `Q1-2024`, `top-5`: words beside numbers. */
const COMPOUND =
  /\b(?:[A-Za-z]?[a-z]+-(?:19|20)\d\d|[A-Za-z][a-z]+-\d{1,2}|[QqHh][1-4]-(?:19|20)\d\d|(?:19|20)\d\d-[QqHh][1-4])\b(?![\w-])/g;
const PERIOD_CODE = /^(?:q[1-4]|h[12]|fy\d+)$/i;
const WORD = new RegExp(
  String.raw`"([^"]+)"|“([^”]+)”|(?<![A-Za-z0-9])'([^']+)'(?![A-Za-z0-9])|\d{4}-\d{2}-\d{2}|${ADDRESS}|${MARKED}|${NUMBERS}|\d+(?:,\d{3})+(?:\.\d+)?|[A-Za-z]*\d+(?:\.\d+)?[A-Za-z]*|[A-Za-z\u00C0-\u024F]+|[,;]`,
  'g',
);

/** Splits a question into words; punctuation is dropped, quoted phrases stay whole. */
export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  let comma = false;
  for (const match of apart(text.replaceAll(/[’']s\b/g, '')).matchAll(WORD)) {
    if (match[0] === ',' || match[0] === ';') {
      comma = true;
      continue;
    }
    const quoted = match[1] ?? match[2] ?? match[3];
    const word = quoted ?? match[0];
    const lower = word.toLowerCase();
    const number = /^\d[\d,]*(\.\d+)?$/.test(word) ? Number(word.replaceAll(',', '')) : null;
    const code = quoted === undefined && isCode(word);
    tokens.push({
      index: tokens.length,
      text: word,
      lower,
      stem: quoted === undefined && !code ? stem(lower) : stemsOf(word).join(' '),
      number,
      quoted: quoted !== undefined,
      code,
      capital: tokens.length > 0 && /^[A-Z]/.test(word),
      content: quoted !== undefined || code || (number === null && isContentWord(lower)),
      afterComma: comma,
    });
    comma = false;
  }
  return tokens;
}

/** Whether a word is typed like a code or an address. */
export const isCode = (word: string): boolean => CODE.test(word) && !PERIOD_CODE.test(word) && !isDay(word);
const isDay = (word: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(word);
const apart = (text: string): string => text.replaceAll(COMPOUND, (word) => word.replace('-', ' '));

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
  let base = singular(word);
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

/** Endings that make another word of a stem, and how long the rest must be for it to be that stem. */
const DERIVATIONS: readonly (readonly [ending: RegExp, least: number])[] = [
  [/ation$/, 5],
  [/(?<=er)i$/, 5],
  [/(?<=[^u])ag$/, 4],
  [/(?<=al)iti$/, 6],
  [/[ae]nc$/, 5],
  [/(?<=riv|ov|ew|us|iss)al$/, 5],
  [/e?li$/, 5],
];

/**
 * The stem that a noun or adverb is derived from: `reserv` and `reservation` → `reserv`. Two words of one root are
 * likely, not surely, about one thing.
 */
export function rootOf(stemmed: string): string {
  const ending = DERIVATIONS.find(
    ([pattern, least]) => pattern.test(stemmed) && stemmed.replace(pattern, '').length >= least,
  )?.[0];
  const root = ending === undefined ? stemmed : stemmed.replace(ending, '');
  return root.length > 4 && root.endsWith('ll') ? root.slice(0, -1) : root;
}

/** Takes a plural ending away, and nothing else. Lower-case input. */
export function singular(word: string): string {
  if (word.length <= 3 || /\d/.test(word)) return word;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:s|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') && !/(?:ss|us|is)$/.test(word) ? word.slice(0, -1) : word;
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
