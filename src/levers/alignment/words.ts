/** A word of a text: as written, and folded (lower case, no accents, singular) for comparison. */
export interface Word {
  readonly surface: string;
  readonly folded: string;
  /** A mark stands before it that ends what was said: a colon, comma, bracket, dash or full stop. */
  readonly afterPause?: true;
}

const PAUSE = /[,.:;!?](?=\s)|[()[\]–—]/;

/** Whether some words are said in one breath: a name does not reach across a pause. */
export const isUnbroken = (run: readonly Word[]): boolean =>
  run.slice(1).every((word) => word.afterPause !== true);

/** Words whose final s is no plural. */
const NO_PLURAL = new Set([
  'series',
  'species',
  'news',
  'gas',
  'bus',
  'always',
  'plus',
  'versus',
  'whereas',
  'as',
  'is',
  'was',
  'has',
  'this',
  'its',
  'us',
  'yes',
  'does',
  'chaos',
  'lens',
]);

/** Comparison form of one word. */
export function foldWord(surface: string): string {
  const plain = surface
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’]s?$/u, '');
  if (plain.length < 4 || NO_PLURAL.has(plain)) return plain;
  if (/[^aeiou]ies$/.test(plain)) return `${plain.slice(0, -3)}y`;
  if (/(?:ss|x|z|ch|sh)es$/.test(plain)) return plain.slice(0, -2);
  if (/[^sui]s$/.test(plain)) return plain.slice(0, -1);
  return plain;
}

/** Words of a sentence, in order; punctuation is dropped but for the pauses it makes, numbers are kept as words. */
export function wordsOf(text: string): Word[] {
  let end = 0;
  return [...text.matchAll(/[\p{L}\p{N}]+(?:['’]\p{L}+)?/gu)].map((match) => {
    const [surface] = match;
    const isPause = end > 0 && PAUSE.test(text.slice(end, match.index));
    end = match.index + surface.length;
    return {
      surface: surface.toLowerCase().replace(/['’]s?$/u, ''),
      folded: foldWord(surface),
      ...(isPause ? { afterPause: true as const } : {}),
    };
  });
}

/** Folded words of an identifier: `grossWeight_kg` → gross, weight, kg. */
export function identifierWords(identifier: string): string[] {
  return identifier
    .replaceAll(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '')
    .map(foldWord);
}

/** An identifier as a person would say it: `vessel_calls` → `vessel calls`. */
export const humanize = (identifier: string): string =>
  identifier
    .replaceAll(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '')
    .join(' ')
    .toLowerCase();

/** Whether `needle` stands in `words` as a run; empty needles never do. */
export function indexOfRun(words: readonly string[], needle: readonly string[]): number {
  if (needle.length === 0) return -1;
  for (let at = 0; at + needle.length <= words.length; at++) {
    if (needle.every((word, offset) => words[at + offset] === word)) return at;
  }
  return -1;
}

/**
 * How well an identifier abbreviates some words: `qty` for quantity, `mktseg` for market segment.
 *
 * The identifier's letters must come in the order of the words' letters, begin with the first one,
 * and number at least three; two are enough when they are all the consonants (`yr` for year).
 * @returns 0 (no) to 1 (equal)
 */
export function abbreviationScore(identifier: string, words: readonly string[]): number {
  const short = identifierWords(identifier)
    .filter((part) => part.length > 1)
    .join('');
  const long = words.join('');
  if (
    short.length === 2 &&
    words.length === 1 &&
    long.slice(0, 1) + long.slice(1).replaceAll(/[aeiou]/g, '') === short
  )
    return 0.7;
  if (short.length < 3 || long.length < short.length || short[0] !== long[0]) return 0;
  let at = 0;
  for (const letter of long) if (letter === short[at]) at++;
  if (at < short.length) return 0;
  return long.startsWith(short)
    ? Math.max(0.7, short.length / long.length)
    : 0.5 + 0.5 * (short.length / long.length);
}

/** Whether two folded words are forms of one stem: European, Europe; cancelled, cancellation. */
export function sameStem(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  let shared = 0;
  while (shared < short.length && short[shared] === long[shared]) shared++;
  return shared >= 4 && shared >= short.length - 2 && long.length - shared <= 5;
}
