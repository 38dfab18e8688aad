import { isContentWord, isFunctionWord } from './stop-words.ts';
import { isUnbroken, type Word } from './words.ts';

/** What the words before a phrase say about its part in the question. */
export type Cue = 'group' | 'measure' | 'count' | 'filter' | 'none';

/** A run of one to three words that may name something. */
export interface Phrase {
  /** Folded words joined by a blank; equal keys are the same phrase. */
  readonly key: string;
  /** As the person wrote it, lower case. */
  readonly surface: string;
  /** Index of the first word, and number of words. */
  readonly start: number;
  readonly length: number;
  readonly cue: Cue;
}

export const MAX_PHRASE_WORDS = 3;

/**
 * Every phrase of a question: runs of up to three words that begin with a content word and hold no
 * function word and no number.
 */
export function phrasesOf(words: readonly Word[]): Phrase[] {
  const phrases: Phrase[] = [];
  for (let start = 0; start < words.length; start++) {
    for (let length = 1; length <= MAX_PHRASE_WORDS && start + length <= words.length; length++) {
      const run = words.slice(start, start + length);
      const last = run.at(-1);
      if (last === undefined || isFunctionWord(last.folded) || !isUnbroken(run)) break;
      if (!isPhrase(run)) continue;
      phrases.push(phraseAt(words, start, length, cueBefore(words, start)));
    }
  }
  return phrases;
}

/** The phrase that `length` words make from `start` on. */
export function phraseAt(words: readonly Word[], start: number, length: number, cue: Cue): Phrase {
  const run = words.slice(start, start + length);
  return {
    key: run.map((word) => word.folded).join(' '),
    surface: run.map((word) => word.surface).join(' '),
    start,
    length,
    cue,
  };
}

/** Query words that may end or stand inside a name: `delivery date`, `gross value added`. */
const NOUNS_OF_ASKING = new Set([
  'date',
  'time',
  'rate',
  'ratio',
  'value',
  'amount',
  'share',
  'period',
  'day',
  'count',
]);

/** `total weight` is an aggregate of weight, so a phrase begins with a content word. */
function isPhrase(run: readonly Word[]): boolean {
  return run.every((word, at) => isContentWord(word.folded) || (at > 0 && NOUNS_OF_ASKING.has(word.folded)));
}

const GROUP = new Set(['by', 'per', 'each', 'every', 'across']);
const COUNT = /\b(?:how many|number of|count of|count)$/;
const MEASURE =
  /\b(?:total|sum of|sum|average|avg|mean|median|maximum|max|minimum|min|how much|amount of|highest|lowest|largest|smallest|overall|most|least)(?: of)?(?: the)?$/;
const FILTER = new Set([
  'in',
  'from',
  'with',
  'whose',
  'where',
  'only',
  'for',
  'to',
  'at',
  'are',
  'were',
  'is',
  'was',
  'of',
  'on',
  'that',
]);

function cueBefore(words: readonly Word[], start: number): Cue {
  let at = start - 1;
  // Adjectives and query words between cue and phrase: `by customer market`, `total net weight`.
  while (at >= 0 && start - at <= 1 && isContentWord(words[at]?.folded ?? '')) at--;
  const before = words
    .slice(0, at + 1)
    .map((word) => word.surface)
    .join(' ');
  if (COUNT.test(before)) return 'count';
  if (MEASURE.test(before)) return 'measure';
  const previous = words[at]?.folded ?? '';
  const beforeArticle = ['the', 'a', 'an', 'all'].includes(previous)
    ? (words[at - 1]?.folded ?? '')
    : previous;
  if (GROUP.has(beforeArticle)) return 'group';
  if (FILTER.has(beforeArticle)) return 'filter';
  return 'none';
}
