import { nameKey, quoteIdentifier, quoteLiteral, quoteName } from '../core/index.ts';
import type { CatalogFunction } from '../ports/index.ts';
import { fragmentTokens } from './sql-fragment.ts';

type Parameter = CatalogFunction['parameters'][number];
type ReturnColumn = CatalogFunction['returns'][number];

/**
 * The statement that makes a table-valued function what the catalog says it is.
 *
 * There is no statement that changes the comment of a function alone, so every edit replaces the whole.
 * @see spec/patch-dsl.md §6.2
 */
export function createFunctionSql(fn: CatalogFunction): string {
  const parameters = fn.parameters.map(
    ({ name, type, defaultValue, comment }) =>
      `  ${quoteIdentifier(name)} ${type}${defaultValue === null ? '' : ` DEFAULT ${defaultValue}`}${commentClause(comment)}`,
  );
  const columns = fn.returns.map(
    ({ name, type, comment }) => `  ${quoteIdentifier(name)} ${type}${commentClause(comment ?? null)}`,
  );
  return [
    `CREATE OR REPLACE FUNCTION ${quoteName(fn.name)}(${parameters.length === 0 ? '' : `\n${parameters.join(',\n')}\n`})`,
    `RETURNS TABLE (\n${columns.join(',\n')}\n)`,
    ...(fn.comment === null ? [] : [`COMMENT ${quoteLiteral(fn.comment)}`]),
    `RETURN ${fn.body ?? ''}`,
  ].join('\n');
}

export const dropFunctionSql = (name: string): string => `DROP FUNCTION IF EXISTS ${quoteName(name)}`;

const commentClause = (comment: string | null): string =>
  comment === null ? '' : ` COMMENT ${quoteLiteral(comment)}`;

interface PlacedToken {
  readonly kind: string;
  readonly text: string;
  readonly end: number;
}

class FunctionSyntax {
  readonly sql: string;
  readonly tokens: readonly PlacedToken[];
  at = 0;

  constructor(sql: string) {
    this.sql = sql;
    let end = 0;
    this.tokens = fragmentTokens(sql)
      .map(({ kind, text }) => ({ kind, text, end: (end += text.length) }))
      .filter(({ kind }) => kind !== 'space' && kind !== 'comment');
  }

  get word(): string {
    return this.tokens[this.at]?.text.toUpperCase() ?? '';
  }

  /** Passes the words when they come next. */
  take(...words: string[]): boolean {
    if (!words.every((word, index) => this.tokens[this.at + index]?.text.toUpperCase() === word))
      return false;
    this.at += words.length;
    return true;
  }

  next(): PlacedToken | undefined {
    return this.tokens[this.at++];
  }

  /** The token groups between the parenthesis that comes next and its partner, split at commas; `null` when there is none. */
  list(): PlacedToken[][] | null {
    if (!this.take('(')) return null;
    const groups: PlacedToken[][] = [[]];
    for (let depth = 0; this.at < this.tokens.length;) {
      const token = this.next();
      if (token === undefined) return null;
      if (depth === 0 && token.text === ')') return groups.filter((group) => group.length > 0);
      if (depth === 0 && token.text === ',') {
        groups.push([]);
        continue;
      }
      if (token.kind === 'other' && '(<['.includes(token.text)) depth += 1;
      if (token.kind === 'other' && ')>]'.includes(token.text)) depth -= 1;
      groups.at(-1)?.push(token);
    }
    return null;
  }
}

/**
 * Reads `CREATE [OR REPLACE] FUNCTION … RETURNS TABLE (…) … RETURN …` into the catalog's form.
 *
 * Clauses other than COMMENT are passed over: they stay in the statement, the catalog does not show them.
 */
export function parseCreateFunction(sql: string): CatalogFunction | { readonly problem: string } {
  const syntax = new FunctionSyntax(sql);
  if (!syntax.take('CREATE')) return { problem: 'it does not start with CREATE' };
  syntax.take('OR', 'REPLACE');
  if (!syntax.take('FUNCTION')) return { problem: 'CREATE FUNCTION is needed' };
  syntax.take('IF', 'NOT', 'EXISTS');
  const name = readName(syntax);
  if (name.length !== 3) return { problem: 'the function needs a name of three parts' };
  const parameters = syntax.list();
  if (parameters === null) return { problem: 'the parameter list is missing or not closed' };
  if (!syntax.take('RETURNS', 'TABLE'))
    return { problem: 'RETURNS TABLE is needed; only table-valued functions can be edited' };
  const columns = syntax.list() ?? [];
  let comment: string | null = null;
  while (syntax.at < syntax.tokens.length && syntax.word !== 'RETURN') {
    if (syntax.take('COMMENT')) comment = unquoteLiteral(syntax.next()?.text ?? '');
    else syntax.at += 1;
  }
  const start = syntax.next();
  const body = start === undefined ? '' : sql.slice(start.end).trim().replace(/;\s*$/, '').trimEnd();
  if (body === '') return { problem: 'RETURN and a query are missing' };
  return {
    name: name.join('.'),
    comment,
    parameters: parameters.map((tokens) => parameterOf(tokens, sql)),
    returns: columns.map((tokens) => returnColumnOf(tokens, sql)),
    body,
  };
}

function readName(syntax: FunctionSyntax): string[] {
  const parts: string[] = [];
  do {
    const token = syntax.next();
    if (token === undefined) break;
    parts.push(unquoteIdentifier(token));
  } while (syntax.take('.'));
  return parts;
}

const unquoteIdentifier = ({ kind, text }: PlacedToken): string =>
  kind === 'quoted' ? text.slice(1, -1).replaceAll('``', '`') : text;

function parameterOf(tokens: readonly PlacedToken[], sql: string): Parameter {
  const { name, type, rest } = nameAndType(tokens, sql);
  const at = indexOfWord(rest, 'DEFAULT');
  const end = indexOfWord(rest, 'COMMENT');
  const expression = at < 0 ? [] : rest.slice(at + 1, end < 0 ? undefined : end);
  return {
    name,
    type,
    defaultValue: expression.length === 0 ? null : source(expression, sql),
    comment: commentOf(rest),
  };
}

function returnColumnOf(tokens: readonly PlacedToken[], sql: string): ReturnColumn {
  const { name, type, rest } = nameAndType(tokens, sql);
  const comment = commentOf(rest);
  return { name, type, ...(comment === null ? {} : { comment }) };
}

function nameAndType(
  tokens: readonly PlacedToken[],
  sql: string,
): { name: string; type: string; rest: readonly PlacedToken[] } {
  const [first, ...others] = tokens;
  const stop = others.findIndex(({ text }) => ['DEFAULT', 'COMMENT', 'NOT'].includes(text.toUpperCase()));
  const typeTokens = stop < 0 ? others : others.slice(0, stop);
  return {
    name: first === undefined ? '' : unquoteIdentifier(first),
    type: typeTokens.length === 0 ? '' : source(typeTokens, sql).toUpperCase(),
    rest: stop < 0 ? [] : others.slice(stop),
  };
}

const indexOfWord = (tokens: readonly PlacedToken[], word: string): number =>
  tokens.findIndex(({ text }) => text.toUpperCase() === word);

function commentOf(tokens: readonly PlacedToken[]): string | null {
  const at = indexOfWord(tokens, 'COMMENT');
  return at < 0 ? null : unquoteLiteral(tokens[at + 1]?.text ?? '');
}

function source(tokens: readonly PlacedToken[], sql: string): string {
  const [first] = tokens;
  return first === undefined ? '' : sql.slice(first.end - first.text.length, tokens.at(-1)?.end);
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  0: '\0',
  b: '\b',
  Z: '\u001a',
};

/** The text of a string literal. */
export const unquoteLiteral = (literal: string): string =>
  literal
    .slice(1, -1)
    .replaceAll(/\\([\s\S])|''/g, (match, escaped: string | undefined) =>
      escaped === undefined ? (match === "''" ? "'" : match) : (ESCAPES[escaped] ?? escaped),
    );

export const sameFunctionName = (a: string, b: string): boolean => nameKey(a) === nameKey(b);
