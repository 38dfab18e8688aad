import { isWord, type Token } from './lexer.ts';

/** Beyond these bounds the parser takes tens of seconds and gigabytes. @see spec/sql-and-duckdb.md §1 */
export const PARSE_LIMITS = { setBranches: 30, bytes: 20 * 1024, tokens: 2000, nesting: 32 } as const;

/** Why a statement must not be given to the parser, or `null` when it may. */
export function refuseToParse(sql: string, tokens: readonly Token[]): string | null {
  const bytes = new TextEncoder().encode(sql).length;
  if (bytes > PARSE_LIMITS.bytes) return `too long to parse: ${bytes} bytes, limit ${PARSE_LIMITS.bytes}`;
  if (tokens.length > PARSE_LIMITS.tokens)
    return `too long to parse: ${tokens.length} tokens, limit ${PARSE_LIMITS.tokens}`;
  const branches =
    tokens.filter((token) => isWord(token, 'UNION', 'INTERSECT', 'MINUS', 'EXCEPT')).length + 1;
  if (branches > PARSE_LIMITS.setBranches)
    return `too many set branches to parse: ${branches}, limit ${PARSE_LIMITS.setBranches}`;
  const nesting = deepest(tokens);
  if (nesting > PARSE_LIMITS.nesting)
    return `nested too deeply to parse: ${nesting} levels, limit ${PARSE_LIMITS.nesting}`;
  const open = tokens.find((token) => token.unterminated);
  if (open !== undefined) return `the text ends inside a ${open.kind}`;
  const template = tokens.find((token) => token.kind === 'template');
  if (template !== undefined) return `the template variable ${template.text} is not resolved`;
  return null;
}

function deepest(tokens: readonly Token[]): number {
  let depth = 0;
  let deepestSoFar = 0;
  for (const { text } of tokens) {
    if (text === '(' || text === '[') deepestSoFar = Math.max(deepestSoFar, ++depth);
    if (text === ')' || text === ']') depth--;
  }
  return deepestSoFar;
}
