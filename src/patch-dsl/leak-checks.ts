import { lexSql } from '../sql/index.ts';

/** How a text gives a benchmark away, the plainest first. */
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

/** How texts are read; the defaults know no language. */
export interface LeakReading {
  /** Words of a text in comparison form. Default: lower case, without punctuation. */
  readonly words?: (text: string) => readonly string[];
  /** Whether a word carries meaning by itself. Default: words of four letters and more. */
  readonly isContentWord?: (word: string) => boolean;
  /** A forbidden text of fewer words may be said. Default 3. */
  readonly minExactWords?: number;
}

const WORD = /[\p{L}\p{N}_]+/gu;
export const plainWords = (text: string): string[] => text.normalize('NFKC').toLowerCase().match(WORD) ?? [];
export const isLongWord = (word: string): boolean => word.length >= 4;

/** What the checks look at, in a forbidden text and in a text that is checked. */
export interface ReadText {
  readonly words: readonly string[];
  /** Content words, per sentence. */
  readonly sentences: readonly ReadonlySet<string>[];
  readonly content: ReadonlySet<string>;
  readonly tokens: readonly string[];
  readonly skeleton: readonly string[];
  /** Runs of a sequence that were asked for, by length. */
  readonly runs: Map<readonly string[], Map<number, ReadonlySet<string>>>;
}

export function readText(text: string, { words, isContentWord }: Required<LeakReading>): ReadText {
  const contentOf = (part: string): ReadonlySet<string> => new Set(words(part).filter(isContentWord));
  return {
    words: words(text),
    sentences: text.split(/[.!?\n|;]+/).map(contentOf),
    content: contentOf(text),
    runs: new Map(),
    ...tokensOf(text),
  };
}

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

/** How a text gives a question away; `null` when it does not. */
export function questionLeak(subject: ReadText, question: ReadText, minExactWords: number): LeakKind | null {
  const { words, content } = question;
  if (words.length < minExactWords || words.length === 0 || subject.words.length === 0) return null;
  if (subject.words.join(' ') === words.join(' ')) return 'exact_question';
  if (words.length >= 3 && sharesRun(subject.words, words, words.length, question))
    return 'contained_question';
  const { maxSharedWords, questionShare, similarity } = FIREWALL_DEFAULTS;
  const run = Math.min(maxSharedWords, Math.max(4, Math.ceil(questionShare * words.length)));
  if (sharesRun(subject.words, words, run, question)) return 'question_words_in_order';
  if (content.size < 4) return null;
  return subject.sentences.some((sentence) => sentence.size >= 4 && jaccard(sentence, content) >= similarity)
    ? 'similar_question'
    : null;
}

/** How a text gives a statement away; `null` when it does not. */
export function sqlLeak(subject: ReadText, statement: ReadText): LeakKind | null {
  const { tokens, skeleton } = statement;
  if (tokens.length === 0 || subject.tokens.length === 0) return null;
  if (subject.tokens.join(' ') === tokens.join(' ')) return 'exact_sql';
  if (sharesRun(subject.tokens, tokens, tokens.length, statement)) return 'contained_sql';
  if (sharesRun(subject.skeleton, skeleton, skeleton.length, statement)) return 'sql_skeleton';
  const { sqlShare, minSqlTokens } = FIREWALL_DEFAULTS;
  return sharesRun(
    subject.tokens,
    tokens,
    Math.max(minSqlTokens, Math.ceil(sqlShare * tokens.length)),
    statement,
  )
    ? 'sql_part'
    : null;
}

/** Whether two sequences share a run of the given length. */
function sharesRun(a: readonly string[], b: readonly string[], length: number, { runs }: ReadText): boolean {
  if (length === 0 || a.length < length || b.length < length) return false;
  const known = runs.get(b) ?? new Map<number, ReadonlySet<string>>();
  const wanted = known.get(length) ?? runsOf(b, length);
  runs.set(b, known.set(length, wanted));
  for (let at = 0; at + length <= a.length; at++) {
    if (wanted.has(a.slice(at, at + length).join('\u0001'))) return true;
  }
  return false;
}

function runsOf(items: readonly string[], length: number): ReadonlySet<string> {
  const runs = new Set<string>();
  for (let at = 0; at + length <= items.length; at++) runs.add(items.slice(at, at + length).join('\u0001'));
  return runs;
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((item) => b.has(item)).length;
  return shared / (a.size + b.size - shared);
}
