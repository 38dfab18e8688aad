import { isWord, lexSql, significantTokens, type Token } from './lexer.ts';
import { splitStatements } from './statements.ts';

/** First words that only read. @see spec/evaluation.md §7.1 */
export const READ_ONLY_KEYWORDS = ['SELECT', 'WITH', 'FROM', 'VALUES', 'TABLE', 'SHOW', 'DESCRIBE'] as const;

const WRITING_KEYWORDS = ['INSERT', 'UPDATE', 'DELETE', 'MERGE'] as const;

export type ReadOnlyCheck =
  | { readonly readOnly: true }
  /** `keyword` is the word that decided, upper case; empty when the text holds no statement. */
  | { readonly readOnly: false; readonly keyword: string; readonly reason: string };

/**
 * Whether a text is one statement that only reads.
 *
 * Sees through `WITH … INSERT`, `FROM … INSERT INTO`, a leading parenthesis, and a second statement
 * behind a `;`. Anything not known to read counts as writing.
 */
export function checkReadOnly(sql: string): ReadOnlyCheck {
  const statements = splitStatements(sql);
  const tokens = significantTokens(lexSql(statements[0] ?? ''));
  if (tokens.length === 0) return refuse('', 'The text holds no statement.');
  const second = statements[1];
  if (second !== undefined) {
    const keyword = firstWord(significantTokens(lexSql(second)));
    return refuse(
      keyword,
      `The text holds ${statements.length} statements, the second begins with ${keyword}; pass one.`,
    );
  }
  const keyword = firstWord(tokens);
  if (!READ_ONLY_KEYWORDS.some((allowed) => allowed === keyword)) {
    return refuse(
      keyword,
      `A statement that begins with ${keyword} is not known to only read; allowed: ${READ_ONLY_KEYWORDS.join(', ')}.`,
    );
  }
  const main = keyword === 'WITH' ? mainKeyword(tokens) : keyword;
  if (!READ_ONLY_KEYWORDS.some((allowed) => allowed === main)) {
    return refuse(
      main,
      `The common table expressions are followed by ${main}, which is not known to only read.`,
    );
  }
  const write = writingClause(tokens);
  return write === null
    ? { readOnly: true }
    : refuse(write, `The statement contains ${write}, which writes.`);
}

const refuse = (keyword: string, reason: string): ReadOnlyCheck => ({ readOnly: false, keyword, reason });

function firstWord(tokens: readonly Token[]): string {
  return (tokens.find((token) => token.text !== '(')?.text ?? '').toUpperCase();
}

/** The keyword after `WITH name [(columns)] AS (…), …`; empty when the list is malformed. */
function mainKeyword(tokens: readonly Token[]): string {
  let depth = 0;
  let closed = false;
  const start = tokens.findIndex((token) => isWord(token, 'WITH')) + 1;
  for (const [index, token] of tokens.entries()) {
    if (index < start) continue;
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (depth > 0) continue;
    if (token.text === ')') {
      closed = true;
    } else if (token.text === ',' || isWord(token, 'AS')) {
      closed = false;
    } else if (closed && !isWord(token, 'MAX')) {
      return token.text.toUpperCase();
    }
  }
  return '';
}

/** `INSERT INTO`, `DELETE FROM` … anywhere: Hive's `FROM t INSERT INTO …` and statements in parentheses. */
function writingClause(tokens: readonly Token[]): string | null {
  const found = tokens.find((token, index) => {
    if (!isWord(token, ...WRITING_KEYWORDS) || tokens[index - 1]?.text === '.') return false;
    const next = tokens[index + 1];
    return isWord(token, 'DELETE')
      ? isWord(next, 'FROM') && startsStatement(tokens[index - 1])
      : isWord(next, 'INTO', 'OVERWRITE');
  });
  return found?.text.toUpperCase() ?? null;
}

const startsStatement = (previous: Token | undefined): boolean =>
  previous === undefined || previous.text === '(' || previous.text === ')';
