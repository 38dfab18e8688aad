import { distinctBy } from './distinct.ts';
import type { SqlFacts, TableUse } from './facts.ts';
import { isName, isWord, lexSql, nameText, significantTokens, stringValue, type Token } from './lexer.ts';
import { canonicalTokens } from './canonical-text.ts';
import { closingParenthesis, scanCtes, scanTables, type TableMention } from './lexical-tables.ts';
import {
  AGGREGATES,
  CALLABLE_KEYWORDS,
  GENERATORS,
  KEYWORDS,
  PARAMETRISED_TYPES,
  WINDOW_FUNCTIONS,
} from './vocabulary.ts';

/**
 * What the lexer alone can tell: tables, table functions with arguments, measures, functions, CTEs.
 *
 * The other lists are empty and must not be compared. Never throws.
 * @param degradedReason - why no tree was used; the default says that none was asked for
 */
export function lexicalFacts(sql: string, degradedReason = 'the lexer was asked, not the parser'): SqlFacts {
  const tokens = significantTokens(lexSql(sql));
  const ctes = scanCtes(tokens);
  const tables = scanTables(tokens)
    .filter((mention) => !ctes.some((cte) => namesCte(mention, cte.name) && mention.index >= cte.visibleFrom))
    .map(tableUse)
    .filter((use) => use !== null);
  return {
    sql,
    engine: 'lexical',
    degradedReason,
    tables: distinctBy(tables, (use) => JSON.stringify(use)),
    columns: [],
    joins: [],
    predicates: [],
    aggregates: [],
    projections: [],
    groupBy: [],
    orderBy: [],
    limit: null,
    distinct: false,
    functions: calledFunctions(tokens),
    measures: measureNames(tokens),
    ctes: distinctBy(
      ctes.map((cte) => cte.name),
      String,
    ),
    setOperation: tokens.some(
      (token) => isWord(token, 'UNION', 'INTERSECT', 'MINUS') || isSetExcept(tokens, token),
    ),
  };
}

const namesCte = (mention: TableMention, cte: string): boolean => {
  const [first] = mention.chain;
  return (
    mention.chain.length === 1 &&
    mention.argumentTokens === null &&
    first !== undefined &&
    nameText(first) === cte
  );
};

function tableUse(mention: TableMention): TableUse | null {
  const name = mention.chain.map(nameText).join('.');
  const alias = mention.alias === null ? null : nameText(mention.alias);
  if (mention.argumentTokens === null)
    return name === 'values' ? null : { name, alias, kind: 'table', args: [] };
  if (name === 'identifier') {
    const [literal] = mention.argumentTokens;
    return literal?.kind === 'string'
      ? { name: stringValue(literal).replaceAll('`', '').toLowerCase(), alias, kind: 'table', args: [] }
      : null;
  }
  if (GENERATORS.has(name) || name === 'values') return null;
  return { name, alias, kind: 'function', args: splitArguments(mention.argumentTokens) };
}

/** Arguments of a call: text in canonical form, name for `name => value`. */
function splitArguments(tokens: readonly Token[]): TableUse['args'] {
  return splitTopLevel(tokens, (token) => token.text === ',').map((part) => {
    const named = part[1]?.text === '=>' && part[0] !== undefined ? nameText(part[0]) : null;
    return { name: named, text: canonicalTokens(named === null ? part : part.slice(2)) };
  });
}

/** Cuts at separators outside parentheses and brackets; no tokens give no part. */
export function splitTopLevel(
  tokens: readonly Token[],
  separates: (token: Token, index: number) => boolean,
): Token[][] {
  if (tokens.length === 0) return [];
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.text === '(' || token.text === '[') depth++;
    if (token.text === ')' || token.text === ']') depth--;
    if (depth === 0 && separates(token, index)) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

/** Last name parts inside MEASURE(…), lower case, in order of first use. */
export function measureNames(tokens: readonly Token[]): string[] {
  const names = tokens.flatMap((token, index) => {
    if (!isWord(token, 'MEASURE') || tokens[index + 1]?.text !== '(' || tokens[index - 1]?.text === '.')
      return [];
    const last = tokens[closingParenthesis(tokens, index + 1) - 1];
    return isName(last) ? [nameText(last)] : [];
  });
  return distinctBy(names, String);
}

/** Scalar functions called, lower case, in order of first use: no aggregates, no table functions, no types. */
export function calledFunctions(tokens: readonly Token[]): string[] {
  const mentions = scanTables(tokens);
  const tableNames = new Set(mentions.flatMap((mention) => mention.chain));
  const cteNames = new Set(scanCtes(tokens).map((cte) => cte.name));
  const names = tokens.flatMap((token, index) => {
    if (isWord(token, 'CURRENT_DATE', 'CURRENT_TIMESTAMP', 'CURRENT_USER') && tokens[index - 1]?.text !== '.')
      return [nameText(token)];
    if (token.text === '::') return ['cast'];
    if (
      !isName(token) ||
      tokens[index + 1]?.text !== '(' ||
      (tableNames.has(token) && !GENERATORS.has(nameText(token)))
    )
      return [];
    const upper = token.text.toUpperCase();
    if (token.kind === 'word' && KEYWORDS.has(upper) && !CALLABLE_KEYWORDS.has(upper)) return [];
    if (upper === 'FILTER' && tokens[index - 1]?.text === ')') return [];
    if (PARAMETRISED_TYPES.has(upper) && followsType(tokens[index - 1])) return [];
    const before = tokens[index - 1];
    if (
      isWord(before, 'AS', 'WITH', 'RECURSIVE') ||
      isAliasPlace(before) ||
      (before?.text === ',' && cteNames.has(nameText(token)))
    )
      return [];
    const chain = [nameText(token)];
    for (let part = index - 1; tokens[part]?.text === '.' && isName(tokens[part - 1]); part -= 2) {
      const name = tokens[part - 1];
      if (name !== undefined) chain.unshift(nameText(name));
    }
    return [chain.join('.')];
  });
  return distinctBy(names, String).filter((name) => !AGGREGATES.has(name) && !WINDOW_FUNCTIONS.has(name));
}

const followsType = (before: Token | undefined): boolean =>
  isWord(before, 'AS') || before?.text === '::' || before?.text === ':' || before?.text === '<';

/** `t alias(a, b)` and `(…) alias(a, b)`: names columns, calls nothing. */
const isAliasPlace = (before: Token | undefined): boolean =>
  before !== undefined &&
  (before.text === ')' ||
    before.kind === 'quoted' ||
    (before.kind === 'word' && !KEYWORDS.has(before.text.toUpperCase())));

/** EXCEPT between queries, not `* EXCEPT (column)`. */
function isSetExcept(tokens: readonly Token[], token: Token): boolean {
  if (!isWord(token, 'EXCEPT')) return false;
  const index = tokens.indexOf(token);
  return (
    tokens[index - 1]?.text !== '*' &&
    (isWord(tokens[index + 1], 'SELECT', 'ALL', 'DISTINCT', 'VALUES', 'TABLE', 'FROM') ||
      isWord(tokens[index + 2], 'SELECT'))
  );
}
