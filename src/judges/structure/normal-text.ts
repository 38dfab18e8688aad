import { lexSql, significantTokens, type Token } from '../../sql/index.ts';

/** Finds the column a written name means; `null`: the name is none. */
export type NameResolver = (parts: readonly string[]) => string | null;

const isNameToken = (token: Token | undefined): token is Token =>
  token?.kind === 'word' || token?.kind === 'quoted';
const unquoted = (token: Token): string =>
  token.text.replace(/^`|`$/g, '').replaceAll('``', '`').toLowerCase();

/**
 * A fragment in a spelling that two statements share: names resolved to their objects, one blank between
 * tokens, words in lower case, numbers without empty decimals, typed date literals as plain ones.
 */
export function normalText(text: string, resolve: NameResolver): string {
  const tokens = significantTokens(lexSql(text));
  const parts: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    if (isTypedLiteral(token, tokens[at + 1])) continue;
    if (!isNameToken(token)) {
      parts.push(plainToken(token));
      continue;
    }
    const chain = [unquoted(token)];
    while (tokens[at + 1]?.text === '.' && isNameToken(tokens[at + 2])) {
      chain.push(unquoted(tokens[at + 2] as Token));
      at += 2;
    }
    const call = tokens[at + 1]?.text === '(';
    parts.push((call ? null : resolve(chain)) ?? chain.join('.'));
  }
  return parts
    .join(' ')
    .replaceAll(/ (\)|,)/g, '$1')
    .replaceAll(/(\() /g, '$1')
    .replaceAll(/(\S) \(/g, '$1(');
}

const isTypedLiteral = (token: Token, next: Token | undefined): boolean =>
  token.kind === 'word' && /^(?:date|timestamp)$/i.test(token.text) && next?.kind === 'string';

function plainToken(token: Token): string {
  if (token.kind === 'number')
    return token.text
      .toLowerCase()
      .replace(/^(\d+)\.0*$/, '$1')
      .replace(/^(\d*\.\d*?[1-9])0+$/, '$1')
      .replace(/^\./, '0.');
  if (token.text === '!=') return '<>';
  return token.kind === 'string' || token.kind === 'template' ? token.text : token.text.toLowerCase();
}

/** Cuts a normal text at a word outside parentheses, quotes and CASE: `splitTop('a and b', 'and')`. */
export function splitTop(text: string, separator: string): string[] {
  const tokens = lexSql(text);
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  for (const token of tokens) {
    const word = token.kind === 'string' ? '' : token.text.toLowerCase();
    if (word === '(' || word === 'case') depth += 1;
    if (word === ')' || (word === 'end' && depth > 0)) depth -= 1;
    if (depth === 0 && word === separator) {
      parts.push(text.slice(start, token.start).trim());
      start = token.end;
    }
  }
  return [...parts, text.slice(start).trim()];
}

/** Takes away parentheses that enclose the whole text. */
export function withoutOuterParentheses(text: string): string {
  let result = text.trim();
  while (result.startsWith('(') && closesAtEnd(result)) result = result.slice(1, -1).trim();
  return result;
}

function closesAtEnd(text: string): boolean {
  let depth = 0;
  for (const token of lexSql(text)) {
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (depth === 0) return token.end === text.length;
  }
  return false;
}
