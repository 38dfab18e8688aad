import { quoteIdentifier } from '../core/index.ts';
import { isName, lexSql, nameText, significantTokens, stringValue, type Token } from './lexer.ts';
import { KEYWORDS } from './vocabulary.ts';

/**
 * A statement in one spelling: words folded, quoting and white space evened out, comments and the
 * final `;` gone, literals intact.
 *
 * Needs no parser. Equal texts mean the same statement; `'web'` and `'WEB'` stay apart.
 * @see spec/sql-and-duckdb.md §2
 */
export const canonicalText = (sql: string): string => {
  const tokens = significantTokens(lexSql(sql));
  while (tokens.at(-1)?.text === ';') tokens.pop();
  return canonicalTokens(tokens);
};

/** The canonical spelling of a run of significant tokens, one blank between two of them. */
export function canonicalTokens(tokens: readonly Token[]): string {
  let text = '';
  let before = '';
  for (const token of tokens) {
    // The path of semi-structured access knows case: `raw:Address` differs from `raw:address`.
    const spelling = before === ':' && isName(token) ? token.text : canonicalToken(token);
    text = text === '' ? spelling : `${text} ${spelling}`;
    before = token.text;
  }
  return text;
}

function canonicalToken(token: Token): string {
  switch (token.kind) {
    case 'string':
      return token.unterminated ? token.text : quoteText(stringValue(token));
    case 'quoted':
      return plainName(nameText(token));
    case 'word':
      return token.text.toLowerCase();
    case 'number':
      return token.text.toLowerCase();
    case 'operator':
      return token.text === '!=' ? '<>' : token.text === '==' ? '=' : token.text;
    case 'parameter':
    case 'template':
    case 'comment':
    case 'hint':
      return token.text;
  }
}

/** A literal in the spelling of canonical texts: single quotes, quotes doubled, line breaks kept. */
export const quoteText = (value: string): string => `'${value.replaceAll("'", "''")}'`;

const FOLDED_KEYWORDS: ReadonlySet<string> = new Set([...KEYWORDS].map((word) => word.toLowerCase()));

/** A folded name, in backticks only where it needs them. */
export const plainName = (name: string): string =>
  !FOLDED_KEYWORDS.has(name.toLowerCase()) && /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)
    ? name
    : quoteIdentifier(name);
