import { lexSql, significantTokens } from './lexer.ts';
import { refuseToParse } from './parse-guard.ts';
import { parseSql } from './polyglot.ts';
import { sanitizeSql } from './statements.ts';
import { namePartsOf } from './resolve.ts';
import { asList, fieldsOf, identifierName, kindOf, node, type SqlTree } from './tree.ts';

/** The tree of the first statement of a text, or why there is none. */
export type ParsedStatement =
  | { readonly ok: true; readonly tree: SqlTree; readonly sql: string }
  | { readonly ok: false; readonly reason: string };

/** Parses the first statement, comments taken out, unless the guard refuses it. Never throws. */
export async function parseStatement(text: string): Promise<ParsedStatement> {
  const { sql } = sanitizeSql(text);
  const tokens = significantTokens(lexSql(sql));
  if (tokens.length === 0) return { ok: false, reason: 'the text holds no statement' };
  const refusal = refuseToParse(sql, tokens);
  if (refusal !== null) return { ok: false, reason: refusal };
  const outcome = await parseSql(sql);
  if (!outcome.ok) return outcome;
  const [tree] = outcome.statements;
  return tree === undefined
    ? { ok: false, reason: 'parse error: no statement found' }
    : { ok: true, tree: qualifiedCalls(tree) as SqlTree, sql };
}

/** The parser reads `c.s.f(x)` as a method of the column `c.s`; the product has no methods. */
function qualifiedCalls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(qualifiedCalls);
  if (typeof value !== 'object' || value === null) return value;
  const fields = fieldsOf(value);
  const owner = kindOf(value) === 'method_call' ? namePartsOf(fields['this']) : null;
  const method = identifierName(fields['method']);
  if (owner !== null && method !== null) {
    return node('function', {
      name: [...owner, method].join('.'),
      args: asList(fields['args']).map(qualifiedCalls),
    });
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, child]: [string, unknown]) => [key, qualifiedCalls(child)]),
  );
}
