import { duckdbLiteral } from '../engine/physical-names.ts';
import { tokenize } from '../engine/lexer.ts';

const PLAIN_WORDS = /^(?:null|true|false|date|timestamp)$/i;

/**
 * `VALUES (…), …` made of literals only, as DuckDB SQL; `null` when something else stands in it.
 *
 * Thousands of rows need no parser this way.
 */
export function literalValues(source: string): string | null {
  const tokens = tokenize(source);
  if (tokens[0]?.text.toUpperCase() !== 'VALUES') return null;
  const parts: string[] = ['VALUES'];
  for (const token of tokens.slice(1)) {
    if (token.kind === 'string') parts.push(duckdbLiteral(token.value));
    else if (token.kind === 'number' && /^[\d.eE+-]+$/.test(token.text)) parts.push(token.text);
    else if (token.kind === 'symbol' && '(),-'.includes(token.text)) parts.push(token.text);
    else if (token.kind === 'word' && PLAIN_WORDS.test(token.text)) parts.push(token.text);
    else return null;
  }
  return parts.join(' ');
}
