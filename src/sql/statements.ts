import { lexSql, significantTokens, type Token } from './lexer.ts';

declare const sanitized: unique symbol;

/** SQL that is exactly one statement without comments; the only text that may be explained or executed. */
export type SanitizedSql = string & { readonly [sanitized]: true };

export interface SanitizeResult {
  /** Empty when the text holds no statement. */
  readonly sql: SanitizedSql;
  /** Statements with content; more than one means the rest was left out. */
  readonly statementCount: number;
  /** Comments of the whole text that were taken out; hints are kept and not counted. */
  readonly removedComments: number;
}

/**
 * The statements of a text, trimmed, comments kept, without their `;`.
 *
 * Semicolons in strings, quoted names and comments do not split; parts without content are left out.
 */
export function splitStatements(text: string): string[] {
  return statementTokens(text).map((tokens) => text.slice(tokens[0]?.start, tokens.at(-1)?.end));
}

/**
 * The first statement of a text without its comments.
 *
 * Hints stay, white space outside literals is untouched, a blank is left where a comment kept two
 * tokens apart. Applying it twice changes nothing.
 * @see spec/evaluation.md §7.1
 */
export function sanitizeSql(text: string): SanitizeResult {
  const statements = statementTokens(text);
  const comments = lexSql(text).filter((token) => token.kind === 'comment').length;
  const sql = withoutComments(text, statements[0] ?? []);
  return { sql: sql as SanitizedSql, statementCount: statements.length, removedComments: comments };
}

function statementTokens(text: string): Token[][] {
  const statements: Token[][] = [[]];
  for (const token of lexSql(text)) {
    if (token.text === ';') statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((tokens) => significantTokens(tokens).length > 0);
}

function withoutComments(text: string, tokens: readonly Token[]): string {
  const kept = tokens.filter((token) => token.kind !== 'comment');
  let sql = '';
  let end = kept[0]?.start ?? 0;
  for (const token of kept) {
    const gap = tokens
      .filter((other) => other.kind === 'comment' && other.start >= end && other.end <= token.start)
      .reduceRight(
        (between, comment) => between.slice(0, comment.start - end) + between.slice(comment.end - end),
        text.slice(end, token.start),
      );
    sql += (gap === '' && token.start > end ? ' ' : gap) + token.text;
    end = token.end;
  }
  return sql;
}
