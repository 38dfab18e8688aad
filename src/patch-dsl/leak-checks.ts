import { lexSql, significantTokens } from '../sql/index.ts';

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
  /** The sequences as one text each. */
  readonly joined: { readonly words: string; readonly tokens: string };
  /** Runs of a sequence that were asked for, by length: a text is compared with a hundred others. */
  readonly runs: Map<readonly string[], Map<number, ReadonlySet<string>>>;
}

export function readText(text: string, { words, isContentWord }: Required<LeakReading>): ReadText {
  const contentOf = (part: string): ReadonlySet<string> => new Set(words(part).filter(isContentWord));
  const said = words(text);
  const sql = tokensOf(text);
  return {
    words: said,
    sentences: text.split(/[.!?\n|;]+/).map(contentOf),
    content: contentOf(text),
    joined: { words: said.join(' '), tokens: sql.tokens.join(' ') },
    runs: new Map(),
    ...sql,
  };
}

/** Tokens of SQL in one spelling; comments, quoting and the final semicolon do not count. */
function tokensOf(sql: string): { tokens: string[]; skeleton: string[] } {
  const significant = significantTokens(lexSql(sql)).filter(({ text }) => text !== ';');
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
  if (subject.joined.words === question.joined.words) return 'exact_question';
  if (words.length >= 3 && sharesRun(subject, question, 'words', words.length)) return 'contained_question';
  const { maxSharedWords, questionShare, similarity } = FIREWALL_DEFAULTS;
  const run = Math.min(maxSharedWords, Math.max(4, Math.ceil(questionShare * words.length)));
  if (sharesRun(subject, question, 'words', run)) return 'question_words_in_order';
  if (content.size < 4) return null;
  return subject.sentences.some((sentence) => sentence.size >= 4 && jaccard(sentence, content) >= similarity)
    ? 'similar_question'
    : null;
}

/** How a text gives a statement away; `null` when it does not. */
export function sqlLeak(subject: ReadText, statement: ReadText): LeakKind | null {
  const { tokens, skeleton } = statement;
  if (tokens.length === 0 || subject.tokens.length === 0) return null;
  if (subject.joined.tokens === statement.joined.tokens) return 'exact_sql';
  if (sharesRun(subject, statement, 'tokens', tokens.length)) return 'contained_sql';
  if (sharesRun(subject, statement, 'skeleton', skeleton.length)) return 'sql_skeleton';
  const { sqlShare, minSqlTokens } = FIREWALL_DEFAULTS;
  const most = Math.max(minSqlTokens, Math.ceil(sqlShare * tokens.length));
  return sharesRun(subject, statement, 'tokens', most) ? 'sql_part' : null;
}

/** Whether two texts share a run of the given length. */
function sharesRun(
  a: ReadText,
  b: ReadText,
  sequence: 'words' | 'tokens' | 'skeleton',
  length: number,
): boolean {
  if (length === 0 || a[sequence].length < length || b[sequence].length < length) return false;
  const [left, right] = [runsOf(a, a[sequence], length), runsOf(b, b[sequence], length)];
  const [few, many] = left.size < right.size ? [left, right] : [right, left];
  for (const run of few) if (many.has(run)) return true;
  return false;
}

function runsOf({ runs }: ReadText, items: readonly string[], length: number): ReadonlySet<string> {
  let byLength = runs.get(items);
  if (byLength === undefined) runs.set(items, (byLength = new Map()));
  let found = byLength.get(length);
  if (found === undefined) byLength.set(length, (found = runsIn(items, length)));
  return found;
}

function runsIn(items: readonly string[], length: number): ReadonlySet<string> {
  const runs = new Set<string>();
  for (let at = 0; at + length <= items.length; at++) runs.add(items.slice(at, at + length).join('\u0001'));
  return runs;
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((item) => b.has(item)).length;
  return shared / (a.size + b.size - shared);
}
