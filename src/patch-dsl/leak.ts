import type { LeakKind, LeakReading, ReadText } from './leak-checks.ts';
import { isLongWord, LEAK_KINDS, plainWords, questionLeak, readText, sqlLeak } from './leak-checks.ts';

/** A benchmark question or its SQL, which no text of a space may give away. */
export interface ForbiddenText {
  readonly text: string;
  /** What it is, for messages; never the text itself. Default `benchmark text`. */
  readonly label?: string;
  /** Default: `sql` for texts that begin like a query, else `question`. */
  readonly language?: 'question' | 'sql';
}

export interface Leak {
  readonly label: string;
  readonly kind: 'equal' | 'contained' | 'overlap';
  /** What exactly was recognised. */
  readonly how: LeakKind;
  /** Share of the forbidden text's word sequences that the patch holds, 0–1; 1 for whatever says it all. */
  readonly overlap: number;
}

/** Limits of the comparison by word sequences, tuned so that identifiers and phrases are free and sentences are not. */
export const LEAK_DEFAULTS = {
  sequenceWords: 4,
  minOverlap: 0.6,
  minOverlapWords: 8,
  minExactWords: 3,
} as const;

interface Forbidden {
  readonly label: string;
  readonly isSql: boolean;
  readonly read: ReadText;
  readonly sequences: ReadonlySet<string>;
}

const QUERY_START = /^\s*(?:SELECT|WITH|FROM)\b/i;

/**
 * Finds benchmark questions and statements in texts that are to be written into a space.
 *
 * A phrase, one predicate or one aggregate is no leak; a whole statement, most of one, the same statement with
 * other literals, a question, six of its words in a row, a close paraphrase or most of its word sequences is.
 * @see decisions.md 12
 */
export class LeakDetector {
  readonly #forbidden: readonly Forbidden[];
  readonly #reading: Required<LeakReading>;

  constructor(forbidden: readonly (string | ForbiddenText)[], reading: LeakReading = {}) {
    const {
      words = plainWords,
      isContentWord = isLongWord,
      minExactWords = LEAK_DEFAULTS.minExactWords,
    } = reading;
    this.#reading = { words, isContentWord, minExactWords };
    this.#forbidden = forbidden.map((item) => {
      const { text, label = 'benchmark text', language } = typeof item === 'string' ? { text: item } : item;
      return {
        label,
        isSql: language === undefined ? QUERY_START.test(text) : language === 'sql',
        read: readText(text, this.#reading),
        sequences: sequencesOf(plainWords(text)),
      };
    });
  }

  /** The worst leak of a text; `null` when there is none. */
  find(text: string): Leak | null {
    const order = (leak: Leak): number => LEAK_KINDS.indexOf(leak.how);
    const [worst] = this.findAll(text).sort((a, b) => b.overlap - a.overlap || order(a) - order(b));
    return worst ?? null;
  }

  /** One leak per forbidden text that a text gives away, in the order in which they were forbidden. */
  findAll(text: string): Leak[] {
    if (this.#forbidden.length === 0 || text.trim() === '') return [];
    const subject = readText(text, this.#reading);
    const sequences = sequencesOf(plainWords(text));
    return this.#forbidden.flatMap((forbidden): Leak[] => {
      const { label, read, isSql } = forbidden;
      const how = isSql ? sqlLeak(subject, read) : questionLeak(subject, read, this.#reading.minExactWords);
      if (how !== null) return [{ label, how, kind: KIND_OF[how], overlap: 1 }];
      const overlap = overlapOf(sequences, forbidden);
      return overlap === 0 ? [] : [{ label, how: 'overlap', kind: 'overlap', overlap }];
    });
  }
}

const KIND_OF: Readonly<Record<LeakKind, Leak['kind']>> = {
  exact_question: 'equal',
  contained_question: 'contained',
  question_words_in_order: 'overlap',
  similar_question: 'overlap',
  exact_sql: 'equal',
  contained_sql: 'contained',
  sql_skeleton: 'overlap',
  sql_part: 'overlap',
  overlap: 'overlap',
};

/** Share of the forbidden sequences that a text holds, where it is too much; else 0. */
function overlapOf(sequences: ReadonlySet<string>, forbidden: Forbidden): number {
  const { minOverlap, minOverlapWords, sequenceWords } = LEAK_DEFAULTS;
  if (forbidden.sequences.size + sequenceWords - 1 < minOverlapWords) return 0;
  const shared = [...forbidden.sequences].filter((sequence) => sequences.has(sequence)).length;
  const overlap = shared / forbidden.sequences.size;
  return overlap >= minOverlap ? overlap : 0;
}

/** Runs of words of the usual length. */
function sequencesOf(words: readonly string[]): ReadonlySet<string> {
  const size = LEAK_DEFAULTS.sequenceWords;
  const runs = new Set<string>();
  for (let at = 0; at + size <= words.length; at += 1) runs.add(words.slice(at, at + size).join(' '));
  return runs;
}
