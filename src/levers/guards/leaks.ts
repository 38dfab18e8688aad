import { LeakDetector } from '../../patch-dsl/index.ts';
import { lexSql } from '../../sql/index.ts';
import { isContentWord } from '../alignment/stop-words.ts';
import { wordsOf } from '../alignment/words.ts';
import type { ProtectedText } from '../input.ts';

/** How a text gives a benchmark away. */
export const LEAK_KINDS = [
  'exact_question',
  'contained_question',
  'question_words_in_order',
  'similar_question',
  'exact_sql',
  'contained_sql',
  'sql_skeleton',
  'sql_part',
  'overlap',
] as const;
export type LeakKind = (typeof LEAK_KINDS)[number];

/** One leak. Names the benchmark by id only, so that a report does not leak in turn. */
export interface LeakFinding {
  readonly where: string;
  readonly benchmark_id: string;
  readonly kind: LeakKind;
}

export const FIREWALL_DEFAULTS = {
  /** Words in a row that a text may not share with a question, at most; shorter questions allow fewer. */
  maxSharedWords: 6,
  /** Share of a question's words, in a row, that is too much. */
  questionShare: 0.7,
  /** Jaccard similarity of content words from which a sentence is a paraphrase. */
  similarity: 0.8,
  /** Share of a statement's tokens, in a row, that is more than a fragment. */
  sqlShare: 0.7,
  minSqlTokens: 12,
} as const;

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
 * A phrase, one predicate or one aggregate is no leak; a whole statement, most of one, the same
 * statement with other literals, a question, six of its words in a row or a close paraphrase is.
 * Whatever the patch language refuses is refused here, too.
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
  const isFree = (benchmark: ProtectedText): boolean =>
    options.allowTrainExamples === true && benchmark.split === 'train';
  const watched = benchmarks.filter((benchmark) => !isFree(benchmark)).map(watch);
  const detector = new LeakDetector(
    benchmarks
      .filter((benchmark) => !isFree(benchmark))
      .flatMap(({ id, question, expected_sql }) =>
        [question, expected_sql].map((text) => ({ text, label: id })),
      ),
  );
  return (texts) =>
    texts.flatMap(({ where, text }) => {
      const subject = read(text);
      const found = watched.flatMap((benchmark): LeakFinding[] => {
        const kind = questionLeak(subject, benchmark) ?? sqlLeak(subject, benchmark);
        return kind === null ? [] : [{ where, benchmark_id: benchmark.id, kind }];
      });
      const other = found.length === 0 ? detector.find(text) : null;
      return other === null ? found : [{ where, benchmark_id: other.label, kind: 'overlap' as const }];
    });
}

interface Watched {
  readonly id: string;
  readonly words: readonly string[];
  readonly content: ReadonlySet<string>;
  readonly tokens: readonly string[];
  readonly skeleton: readonly string[];
}

interface Subject {
  readonly words: readonly string[];
  readonly sentences: readonly ReadonlySet<string>[];
  readonly tokens: readonly string[];
  readonly skeleton: readonly string[];
}

const folded = (text: string): string[] => wordsOf(text).map((word) => word.folded);
const contentOf = (text: string): ReadonlySet<string> => new Set(folded(text).filter(isContentWord));

/** Tokens of SQL in one spelling; comments, quoting and the final semicolon do not count. */
function tokensOf(sql: string): { tokens: string[]; skeleton: string[] } {
  const significant = lexSql(sql).filter(
    (token) => token.kind !== 'comment' && token.kind !== 'hint' && token.text !== ';',
  );
  const tokens = significant.map((token) =>
    token.kind === 'string' ? token.text : token.text.replaceAll('`', '').toLowerCase(),
  );
  const skeleton = significant.map((token, at) =>
    token.kind === 'string' || token.kind === 'number' ? '?' : (tokens[at] ?? ''),
  );
  return { tokens, skeleton };
}

const watch = (benchmark: ProtectedText): Watched => ({
  id: benchmark.id,
  words: folded(benchmark.question),
  content: contentOf(benchmark.question),
  ...tokensOf(benchmark.expected_sql),
});

const read = (text: string): Subject => ({
  words: folded(text),
  sentences: text.split(/[.!?\n|;]+/).map(contentOf),
  ...tokensOf(text),
});

function questionLeak(subject: Subject, { words, content }: Watched): LeakKind | null {
  if (words.length === 0 || subject.words.length === 0) return null;
  if (subject.words.join(' ') === words.join(' ')) return 'exact_question';
  if (words.length >= 3 && sharesRun(subject.words, words, words.length)) return 'contained_question';
  const { maxSharedWords, questionShare, similarity } = FIREWALL_DEFAULTS;
  const run = Math.min(maxSharedWords, Math.max(4, Math.ceil(questionShare * words.length)));
  if (sharesRun(subject.words, words, run)) return 'question_words_in_order';
  if (content.size < 4) return null;
  return subject.sentences.some((sentence) => sentence.size >= 4 && jaccard(sentence, content) >= similarity)
    ? 'similar_question'
    : null;
}

function sqlLeak(subject: Subject, { tokens, skeleton }: Watched): LeakKind | null {
  if (tokens.length === 0 || subject.tokens.length === 0) return null;
  if (subject.tokens.join(' ') === tokens.join(' ')) return 'exact_sql';
  if (sharesRun(subject.tokens, tokens, tokens.length)) return 'contained_sql';
  if (sharesRun(subject.skeleton, skeleton, skeleton.length)) return 'sql_skeleton';
  const { sqlShare, minSqlTokens } = FIREWALL_DEFAULTS;
  return sharesRun(subject.tokens, tokens, Math.max(minSqlTokens, Math.ceil(sqlShare * tokens.length)))
    ? 'sql_part'
    : null;
}

/** Whether two sequences share a run of the given length. */
function sharesRun(a: readonly string[], b: readonly string[], length: number): boolean {
  if (length === 0 || a.length < length || b.length < length) return false;
  const runs = new Set<string>();
  for (let at = 0; at + length <= b.length; at++) runs.add(b.slice(at, at + length).join('\u0001'));
  for (let at = 0; at + length <= a.length; at++) {
    if (runs.has(a.slice(at, at + length).join('\u0001'))) return true;
  }
  return false;
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((item) => b.has(item)).length;
  return shared / (a.size + b.size - shared);
}
