import { nameKey, quoteIdentifier, quoteLiteral, quoteName } from '../core/index.ts';
import type { CatalogFunction } from '../ports/index.ts';
import { sameJson } from '../spaces/index.ts';
import { fragmentTokens } from './sql-fragment.ts';

type Parameter = CatalogFunction['parameters'][number];
type ReturnColumn = CatalogFunction['returns'][number];

/**
 * The statement that makes a table-valued function what the catalog says it is.
 *
 * There is no statement that changes the comment of a function alone, so every edit replaces the whole. Clauses
 * that the catalog does not show, such as DETERMINISTIC, are taken from `fn.definition`; without it they are lost.
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
    ...(fn.definition === undefined ? [] : otherClauses(fn.definition)),
    ...(fn.comment === null ? [] : [`COMMENT ${quoteLiteral(fn.comment)}`]),
    `RETURN ${fn.body ?? ''}`,
  ].join('\n');
}

/** The statement that restores a function: its definition where it is known and says what the catalog says. */
export function restoreFunctionSql(fn: CatalogFunction): string {
  if (fn.definition === undefined) return createFunctionSql(fn);
  const parsed = parseCreateFunction(fn.definition);
  if ('problem' in parsed || !sameFunction(parsed, fn)) return createFunctionSql(fn);
  return fn.definition
    .trim()
    .replace(/^CREATE\s+(?:OR\s+REPLACE\s+)?/i, 'CREATE OR REPLACE ')
    .replace(/^(CREATE OR REPLACE FUNCTION)\s+IF\s+NOT\s+EXISTS\b/i, '$1');
}

/** Whether two functions are one in everything that the catalog shows. */
export const sameFunction = (a: CatalogFunction, b: CatalogFunction): boolean => sameJson(shown(a), shown(b));

const shown = ({ definition: _definition, ...fn }: CatalogFunction): unknown => ({
  ...fn,
  name: nameKey(fn.name),
  body: fn.body?.trim() ?? null,
  returns: fn.returns.map((column) => ({ ...column, comment: column.comment ?? null })),
});

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
 * Clauses other than COMMENT have no member of their own: the whole statement is kept as `definition` when it has any.
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
  const { comment, clauses } = readClauses(syntax);
  const start = syntax.next();
  const body = start === undefined ? '' : sql.slice(start.end).trim().replace(/;\s*$/, '').trimEnd();
  if (body === '') return { problem: 'RETURN and a query are missing' };
  return {
    name: name.join('.'),
    comment,
    parameters: parameters.map((tokens) => parameterOf(tokens, sql)),
    returns: columns.map((tokens) => returnColumnOf(tokens, sql)),
    body,
    ...(clauses.length === 0 ? {} : { definition: sql }),
  };
}

/** The clauses between the returned columns and RETURN: the comment, and the source of the others. */
function readClauses(syntax: FunctionSyntax): { comment: string | null; clauses: string[] } {
  let comment: string | null = null;
  const clauses: string[] = [];
  let run: PlacedToken[] = [];
  const endRun = (): void => {
    if (run.length > 0) clauses.push(source(run, syntax.sql));
    run = [];
  };
  while (syntax.at < syntax.tokens.length && syntax.word !== 'RETURN') {
    if (syntax.take('COMMENT')) {
      endRun();
      comment = unquoteLiteral(syntax.next()?.text ?? '');
    } else {
      const token = syntax.next();
      if (token !== undefined) run.push(token);
    }
  }
  endRun();
  return { comment, clauses };
}

/** The clauses of a definition that the catalog does not show, as they are written there. */
function otherClauses(definition: string): string[] {
  const syntax = new FunctionSyntax(definition);
  if (!syntax.take('CREATE')) return [];
  syntax.take('OR', 'REPLACE');
  if (!syntax.take('FUNCTION')) return [];
  syntax.take('IF', 'NOT', 'EXISTS');
  readName(syntax);
  syntax.list();
  if (!syntax.take('RETURNS', 'TABLE')) return [];
  syntax.list();
  return readClauses(syntax).clauses;
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
