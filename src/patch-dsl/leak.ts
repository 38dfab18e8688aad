/**
 * Finds benchmark questions and answer keys inside the texts of a patch.
 *
 * Texts are compared as sequences of words without case, punctuation and quoting. A text leaks when it equals
 * a forbidden one, contains it whole, or holds most of its word sequences; so a short phrase or one predicate that
 * a question also uses is no leak, a copied or lightly edited question is.
 */
export interface ForbiddenText {
  readonly text: string;
  /** What it is, for messages; never the text itself. Default `benchmark text`. */
  readonly label?: string;
}

export interface Leak {
  readonly label: string;
  readonly kind: 'equal' | 'contained' | 'overlap';
  /** Share of the forbidden text's word sequences that the patch holds, 0–1. */
  readonly overlap: number;
}

/** Limits of the comparison, tuned so that identifiers and phrases are free and sentences are not. */
export const LEAK_DEFAULTS = {
  sequenceWords: 4,
  minOverlap: 0.6,
  minContainedWords: 3,
  minOverlapWords: 8,
} as const;

const WORD = /[\p{L}\p{N}_]+/gu;
const wordsOf = (text: string): string[] => text.normalize('NFKC').toLowerCase().match(WORD) ?? [];

interface Indexed {
  readonly label: string;
  readonly words: number;
  /** The words with a space at both ends, so that containment is by whole words. */
  readonly line: string;
  readonly sequences: number;
}

/** Searches texts for many forbidden texts at once. */
export class LeakDetector {
  readonly #texts: Indexed[] = [];
  readonly #bySequence = new Map<string, Set<number>>();

  constructor(forbidden: readonly (string | ForbiddenText)[]) {
    for (const item of forbidden) {
      const { text, label = 'benchmark text' } = typeof item === 'string' ? { text: item } : item;
      const words = wordsOf(text);
      if (words.length === 0) continue;
      const sequences = new Set(sequencesOf(words));
      for (const sequence of sequences) {
        const ids = this.#bySequence.get(sequence) ?? new Set<number>();
        this.#bySequence.set(sequence, ids.add(this.#texts.length));
      }
      this.#texts.push({ label, words: words.length, line: lineOf(words), sequences: sequences.size });
    }
  }

  /** The worst leak of a text; `null` when there is none. */
  find(text: string): Leak | null {
    const words = wordsOf(text);
    if (words.length === 0) return null;
    const line = lineOf(words);
    const counts = new Map<number, number>();
    for (const sequence of new Set(probesOf(words))) {
      for (const index of this.#bySequence.get(sequence) ?? [])
        counts.set(index, (counts.get(index) ?? 0) + 1);
    }
    let worst: Leak | null = null;
    for (const [index, count] of counts) {
      const leak = judge(this.#texts[index], line, count);
      if (leak !== null && leak.overlap > (worst?.overlap ?? -1)) worst = leak;
    }
    return worst;
  }
}

function judge(forbidden: Indexed | undefined, line: string, count: number): Leak | null {
  if (forbidden === undefined) return null;
  const { label, words, sequences } = forbidden;
  if (line === forbidden.line && words >= LEAK_DEFAULTS.minContainedWords)
    return { label, kind: 'equal', overlap: 1 };
  if (words >= LEAK_DEFAULTS.minContainedWords && line.includes(forbidden.line))
    return { label, kind: 'contained', overlap: 1 };
  const overlap = count / sequences;
  const isOverlap = words >= LEAK_DEFAULTS.minOverlapWords && overlap >= LEAK_DEFAULTS.minOverlap;
  return isOverlap ? { label, kind: 'overlap', overlap } : null;
}

const lineOf = (words: readonly string[]): string => ` ${words.join(' ')} `;

/** Runs of words of the usual length; a shorter text is one run. */
function sequencesOf(words: readonly string[]): string[] {
  const size = LEAK_DEFAULTS.sequenceWords;
  return words.length < size ? [words.join(' ')] : runsOf(words, size);
}

/** Runs to look up: of the usual length, and shorter ones for the forbidden texts that are shorter. */
function probesOf(words: readonly string[]): string[] {
  const shortest = LEAK_DEFAULTS.minContainedWords;
  const shorter = Array.from({ length: LEAK_DEFAULTS.sequenceWords - shortest }, (_, index) =>
    runsOf(words, shortest + index),
  );
  return [...sequencesOf(words), ...shorter.flat()];
}

const runsOf = (words: readonly string[], size: number): string[] =>
  words.length < size
    ? []
    : words.slice(0, words.length - size + 1).map((_, index) => words.slice(index, index + size).join(' '));
