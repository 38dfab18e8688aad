import { LeakDetector } from '../../patch-dsl/index.ts';
import type { ForbiddenText, LeakKind } from '../../patch-dsl/index.ts';
import { isContentWord } from '../alignment/stop-words.ts';
import { wordsOf } from '../alignment/words.ts';
import type { ProtectedText } from '../input.ts';

export { FIREWALL_DEFAULTS, LEAK_KINDS } from '../../patch-dsl/index.ts';
export type { LeakKind } from '../../patch-dsl/index.ts';

/** One leak. Names the benchmark by id only, so that a report does not leak in turn. */
export interface LeakFinding {
  readonly where: string;
  readonly benchmark_id: string;
  readonly kind: LeakKind;
}

/** A text that is to be written into a space, and where it stands. */
export interface CheckedText {
  readonly where: string;
  readonly text: string;
}

export interface LeakOptions {
  /** Train questions are not protected. Default `false`. */
  readonly allowTrainExamples?: boolean | undefined;
}

/**
 * Finds benchmark questions and statements in texts that are to be written into a space.
 *
 * The checks are those of the patch language; words are read as English, so that plural and order do not hide a
 * paraphrase, and a question of two words is protected as a whole.
 * @see decisions.md 12
 */
export const checkLeaks = (
  texts: readonly CheckedText[],
  benchmarks: readonly ProtectedText[],
  options: LeakOptions = {},
): readonly LeakFinding[] => leakChecker(benchmarks, options)(texts);

/** As {@link checkLeaks}, prepared once for many calls. */
export function leakChecker(
  benchmarks: readonly ProtectedText[],
  options: LeakOptions = {},
): (texts: readonly CheckedText[]) => readonly LeakFinding[] {
  const detector = new LeakDetector(forbiddenTexts(benchmarks, options), {
    words: (text) => wordsOf(text).map((word) => word.folded),
    isContentWord,
    minExactWords: 1,
  });
  return (texts) =>
    texts.flatMap(({ where, text }) => {
      const all = detector.findAll(text);
      const plain = all.filter(({ how }) => how !== 'overlap');
      const told = plain.length > 0 ? plain : all.toSorted((a, b) => b.overlap - a.overlap).slice(0, 1);
      const first = new Map(told.toReversed().map(({ label, how }) => [label, how]));
      return [...first].toReversed().map(([benchmark_id, kind]) => ({ where, benchmark_id, kind }));
    });
}

const forbiddenTexts = (
  benchmarks: readonly ProtectedText[],
  { allowTrainExamples }: LeakOptions,
): readonly ForbiddenText[] =>
  benchmarks
    .filter(({ split }) => allowTrainExamples !== true || split !== 'train')
    .flatMap(({ id, question, expected_sql }) => [
      { text: question, label: id, language: 'question' as const },
      { text: expected_sql, label: id, language: 'sql' as const },
    ]);

/**
 * Whether texts may stand side by side in a space: read as English, and read as the patch language does, which knows
 * no language and is asked again when a set of patches is planned.
 */
export function freeTexts(
  benchmarks: readonly ProtectedText[],
  findLeaks: (texts: readonly CheckedText[]) => readonly LeakFinding[],
  options: LeakOptions = {},
): (texts: readonly string[]) => boolean {
  // Most runs never ask, and a detector reads every benchmark.
  let known: LeakDetector | undefined;
  return (texts) => {
    const plain = (known ??= new LeakDetector(forbiddenTexts(benchmarks, options)));
    return (
      texts.every((text) => plain.find(text) === null) &&
      findLeaks(texts.map((text) => ({ where: 'example', text }))).length === 0
    );
  };
}
