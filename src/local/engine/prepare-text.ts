import { parseSql, PARSE_LIMITS } from '../../sql/index.ts';
import { MACROS } from './compat-macros.ts';
import { FUNCTION_PREFIX, RENAMED_FUNCTIONS, SAME_FUNCTIONS } from './function-catalog.ts';
import { UNSUPPORTED_FUNCTIONS } from './unsupported-functions.ts';
import { FUNCTION_RULES } from './function-rules.ts';
import { GENERATORS, NAME_FUNCTIONS } from './generators.ts';
import { lineAt, tokenize } from './lexer.ts';
import type { Token } from './lexer.ts';
import { rewriteForms } from './rewrite-forms.ts';
import { engineLimit, parseSyntaxError } from './sql-error.ts';
import type { DatabricksSqlError } from './sql-error.ts';
import type { Node } from './tree.ts';

/** Whether Databricks has a built-in function of this name (lower case) that the engine renames or refuses. */
const isBuiltIn = (name: string): boolean =>
  SAME_FUNCTIONS.has(name) ||
  Object.hasOwn(RENAMED_FUNCTIONS, name) ||
  Object.hasOwn(MACROS, name) ||
  Object.hasOwn(FUNCTION_RULES, name) ||
  Object.hasOwn(NAME_FUNCTIONS, name) ||
  GENERATORS.has(name) ||
  UNSUPPORTED_FUNCTIONS.has(name);

/** Words after which `name(` is no call of a function. */
const NO_CALL_AFTER = /^(?:as|table|into|view|function|recursive|join|from)$/i;

/** A qualified call `catalog.schema.f(…)` gets this name, because the parser knows only plain ones. */
export const QUALIFIED_CALL = /^dbx_fn_((?:[0-9a-f]{2})*)$/i;

const encodeName = (parts: readonly string[]): string =>
  `dbx_fn_${Buffer.from(parts.join('\u0000')).toString('hex')}`;

/** The parts of a name that {@link prepareText} hid in a plain function name; `null` for other names. */
export function hiddenName(name: string): string[] | null {
  const hex = QUALIFIED_CALL.exec(name)?.[1];
  return hex === undefined ? null : Buffer.from(hex, 'hex').toString().split('\u0000');
}

/** Renames calls so that the parser keeps them as plain calls: `year(d)` → `dbx_year(d)`, `c.s.f(1)` → `dbx_fn_…(1)`. */
export function prepareText(sql: string): string {
  const tokens = tokenize(sql);
  let text = '';
  let end = 0;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token?.kind === 'string' && /\\[%_]/.test(token.text) && !/^r/i.test(token.text)) {
      text += sql.slice(end, token.start) + keepLikeEscapes(token.text);
      end = token.end;
    }
    if (
      token === undefined ||
      (token.kind !== 'word' && token.kind !== 'quoted') ||
      tokens[index - 1]?.text === '.'
    )
      continue;
    const chain = [token];
    let next = index + 1;
    while (tokens[next]?.text === '.' && isName(tokens[next + 1])) {
      chain.push(tokens[next + 1] as Token);
      next += 2;
    }
    if (tokens[next]?.text !== '(') continue;
    const replacement =
      chain.length > 1
        ? encodeName(chain.map((part) => part.value))
        : renamed(token, tokens[index - 1], tokens[next + 1]);
    if (replacement === null) continue;
    text += sql.slice(end, token.start) + replacement;
    end = (chain.at(-1) ?? token).end;
  }
  return text + sql.slice(end);
}

/** `\%` and `\_` keep their backslash in Databricks; the parser would drop it. */
const keepLikeEscapes = (text: string): string =>
  text.replaceAll(/\\([\s\S])/g, (whole, escaped: string) =>
    escaped === '%' || escaped === '_' ? `\\${whole}` : whole,
  );

const isName = (token: Token | undefined): boolean => token?.kind === 'word' || token?.kind === 'quoted';

function renamed(token: Token, before: Token | undefined, inside: Token | undefined): string | null {
  const name = token.value.toLowerCase();
  if (token.kind !== 'word' || name === 'struct' || !isBuiltIn(name)) return null;
  if (before?.kind === 'word' && NO_CALL_AFTER.test(before.text)) return null;
  if (name === 'filter' && before?.text === ')') return null;
  if ((name === 'exists' || name === 'some') && /^(?:select|with|values|\()$/i.test(inside?.text ?? ''))
    return null;
  return FUNCTION_PREFIX + name;
}

/**
 * Parses one Databricks statement or query into a tree.
 *
 * @throws {DatabricksSqlError} `PARSE_SYNTAX_ERROR` with the place, or a limit of the engine
 */
export async function parseDatabricks(sql: string): Promise<Node> {
  const tokens = tokenize(sql);
  guard(sql, tokens);
  const outcome = await parseSql(prepareText(rewriteForms(sql)), 'databricks');
  if (!outcome.ok) throw await syntaxError(sql, outcome.reason);
  const [statement, second] = outcome.statements;
  if (statement === undefined) throw parseSyntaxError('', null);
  if (second !== undefined) throw parseSyntaxError(';', null);
  return withoutSpans(statement);
}

/** Places in the text are half of a tree and nobody reads them here. */
function withoutSpans<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutSpans) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'span');
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutSpans(item)])) as T;
}

/** Parses an expression of its own, as in a measure or a default value. */
export async function parseExpression(sql: string): Promise<Node> {
  const statement = await parseDatabricks(`SELECT (${sql}\n)`);
  const select = statement['select'] as { expressions?: Node[] } | undefined;
  const [expression] = select?.expressions ?? [];
  if (expression === undefined) throw parseSyntaxError(sql, null);
  return expression;
}

function guard(sql: string, tokens: readonly Token[]): void {
  if (tokens.length === 0) throw parseSyntaxError('', null);
  const comma = tokens.findIndex(
    (token, index) => token.text === ',' && /^(?:from|where|\))$/i.test(tokens[index + 1]?.text ?? ''),
  );
  const afterComma = tokens[comma + 1];
  if (comma !== -1 && afterComma !== undefined)
    throw parseSyntaxError(afterComma.text, placeOf(sql, afterComma));
  if (tokens.some((token) => token.text === '|>')) throw engineLimit('SQL pipe syntax (|>)');
  const branches = tokens.filter(
    (token) => token.kind === 'word' && /^(?:union|intersect|except|minus)$/i.test(token.text),
  ).length;
  if (branches > PARSE_LIMITS.setBranches)
    throw engineLimit(`A statement with ${branches + 1} set branches (at most ${PARSE_LIMITS.setBranches})`);
  if (sql.length > 20 * PARSE_LIMITS.bytes) throw engineLimit(`A statement of ${sql.length} characters`);
}

async function syntaxError(sql: string, reason: string): Promise<DatabricksSqlError> {
  if (/depth|recursion|nest/i.test(reason)) return engineLimit(`So deep a nesting of expressions`);
  // Renaming moves columns, so the place is looked for in the text as it was written.
  const original = await parseSql(sql, 'databricks');
  const told = original.ok ? reason : original.reason;
  const place = /line (\d+), column (\d+)/.exec(told);
  const near = tokenAt(sql, Number(place?.[1] ?? 1), Number(place?.[2] ?? 1));
  return parseSyntaxError(near?.text ?? '', near === null ? null : placeOf(sql, near));
}

/** Databricks counts lines from 1 and positions from 0. */
const placeOf = (sql: string, token: Token) => ({
  line: lineAt(sql, token.start),
  position: token.start - (sql.lastIndexOf('\n', token.start - 1) + 1),
});

/** The token that ends at or after a 1-based place; `null` at the end of the text. */
function tokenAt(sql: string, line: number, columnNumber: number): Token | null {
  const offset =
    sql
      .split('\n')
      .slice(0, line - 1)
      .reduce((sum, text) => sum + text.length + 1, 0) +
    columnNumber -
    1;
  return tokenize(sql).find((token) => token.end >= offset) ?? null;
}
