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
  const parts: string[] = [];
  for (const [index, token] of tokens.entries()) {
    const text = canonicalToken(token);
    // The path of semi-structured access knows case: `raw:Address` differs from `raw:address`.
    const path = tokens[index - 1]?.text === ':' && isName(token);
    parts.push(path ? token.text : text);
  }
  return parts.join(' ');
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

/** A folded name, in backticks only where it needs them. */
export const plainName = (name: string): string =>
  /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) && !KEYWORDS.has(name.toUpperCase())
    ? name
    : `\`${name.replaceAll('`', '``')}\``;
