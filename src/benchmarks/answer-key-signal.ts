import { seededRandom } from '../core/index.ts';
import type { Benchmark } from './benchmark.ts';

/** How clearly the answer keys belong to their questions. */
export interface AnswerKeySignal {
  /** Mean share of a question's words that its own answer key speaks of, rare words counting more. */
  readonly observed: number;
  /** The same with keys dealt to questions at random. */
  readonly expectedByChance: number;
  /** The best any deal could reach: every question with the key that fits it best. */
  readonly bestPossible: number;
  /** Share of random deals that fit at least as well. Small: the keys belong to the questions. */
  readonly pValue: number;
  /** `false` when keys fit no better than chance, or far worse than they could be dealt; `null` with fewer than {@link MIN_QUESTIONS_FOR_SIGNAL} questions. */
  readonly plausible: boolean | null;
}

/** Below this a random deal can look as good as the true one. */
export const MIN_QUESTIONS_FOR_SIGNAL = 10;

const SIGNIFICANCE = 0.05;

/** Keys that stand with their own questions come close to the best deal; keys moved to a similar question do not. */
const MIN_SHARE_OF_BEST = 0.5;
const DEALS = 400;

/**
 * Whether the answer keys belong to the questions they stand with: a permutation test on shared words.
 *
 * An optimizer believes its answer keys. When they were mixed up, every "improvement" would teach
 * the space nonsense, so this is looked at before anything is changed.
 */
export function answerKeySignal(
  questions: readonly Pick<Benchmark, 'question' | 'expected_sql'>[],
): AnswerKeySignal {
  const asked = questions.map((question) => wordsOf(question.question));
  const keys = questions.map((question) => wordsOf(question.expected_sql.replaceAll(/\$\{[^}]*\}/g, ' ')));
  const weight = rarity([...asked, ...keys]);
  const fit = asked.map((words) => keys.map((key) => sharedWeight(words, key, weight)));
  const meanOf = (order: readonly number[]) =>
    order.reduce((sum, key, question) => sum + (fit[question]?.[key] ?? 0), 0) / Math.max(1, order.length);

  const own = questions.map((_, index) => index);
  const observed = meanOf(own);
  const random = seededRandom('answer-key-signal');
  const deals = Array.from({ length: DEALS }, () => meanOf(shuffled(own, random)));
  const pValue = (1 + deals.filter((deal) => deal >= observed).length) / (1 + DEALS);
  const bestPossible = fit.reduce((sum, row) => sum + Math.max(0, ...row), 0) / Math.max(1, fit.length);
  const isPlausible = pValue <= SIGNIFICANCE && observed >= MIN_SHARE_OF_BEST * bestPossible;
  return {
    observed,
    bestPossible,
    expectedByChance: deals.reduce((sum, deal) => sum + deal, 0) / DEALS,
    pValue,
    plausible: questions.length < MIN_QUESTIONS_FOR_SIGNAL ? null : isPlausible,
  };
}

/** Lower-case words and numbers; identifiers fall into their parts, plural `s` is folded. */
function wordsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/[a-z]+|\d+/g) ?? [];
  return new Set(
    words.filter((word) => word.length > 1).map((word) => (word.length > 3 ? word.replace(/s$/, '') : word)),
  );
}

/** A word in every text says nothing about which texts belong together. */
function rarity(texts: readonly ReadonlySet<string>[]): (word: string) => number {
  const counts = new Map<string, number>();
  for (const words of texts) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return (word) => Math.log(1 + texts.length / (counts.get(word) ?? 1));
}

function sharedWeight(
  words: ReadonlySet<string>,
  key: ReadonlySet<string>,
  weight: (word: string) => number,
): number {
  let shared = 0;
  let all = 0;
  for (const word of words) {
    all += weight(word);
    if (key.has(word)) shared += weight(word);
  }
  return all === 0 ? 0 : shared / all;
}

function shuffled(order: readonly number[], random: () => number): number[] {
  const copy = [...order];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.trunc(random() * (last + 1));
    [copy[last], copy[other]] = [copy[other] as number, copy[last] as number];
  }
  return copy;
}
