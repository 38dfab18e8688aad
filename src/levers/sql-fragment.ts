import { nameParts, quoteLiteral } from '../core/index.ts';
import { lexSql, significantTokens, type Token } from '../sql/index.ts';
import { quoteIfNeeded, type Schema } from './schema.ts';

const KEYWORDS = new Set(
  'and or not in is null like ilike between case when then else end distinct as interval cast try_cast exists select from where group by order having limit over partition rows preceding following current row asc desc date timestamp true false filter within union all join inner left right full outer cross on using day days month months year years quarter quarters week weeks hour hours minute minutes second seconds decimal int bigint double string boolean escape rlike'.split(
    ' ',
  ),
);
const TIGHT_AFTER = new Set(['(', '.', '::']);
const TIGHT_BEFORE = new Set([')', ',', '.', '::']);

/**
 * A fragment of SQL over base tables, written as a person would: keywords and functions in upper
 * case, columns as `table.column` with the stored spelling.
 *
 * @param fragment - canonical text of a predicate, aggregate or expression over base tables
 * @param tables - keys of the tables that bare columns may belong to
 * @returns `null` when a column cannot be qualified by a table of the schema
 */
export function writeFragment(
  fragment: string,
  schema: Schema,
  tables: readonly string[] = [],
): string | null {
  const tokens = significantTokens(lexSql(fragment));
  const parts: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    if (token.kind !== 'word' && token.kind !== 'quoted') {
      parts.push(token.kind === 'string' ? literalOf(token) : token.text);
      continue;
    }
    const run = nameRun(tokens, at);
    const isCall = tokens[at + run.length * 2 - 1]?.text === '(';
    at += run.length * 2 - 2;
    if (run.length === 1) {
      const lower = nameOf(token).toLowerCase();
      const isName = token.kind === 'quoted' || !KEYWORDS.has(lower);
      const source = /^(?:FROM|JOIN)$/.test(parts.at(-1) ?? '') ? schema.table(lower) : null;
      if (source !== null) {
        parts.push(nameParts(source.name).map(quoteIfNeeded).join('.'));
        continue;
      }
      if (isName && !isCall && belongsToTable(lower, schema)) {
        const owners = tables
          .flatMap((key) => schema.tables.get(key) ?? [])
          .filter((table) => table.columns.has(lower));
        const [owner] = owners;
        if (owner === undefined || owners.length > 1) return null;
        parts.push(`${schema.sqlName(owner)}.${quoteIfNeeded(owner.columns.get(lower)?.name ?? lower)}`);
        continue;
      }
      parts.push(isName && !isCall ? token.text : lower.toUpperCase());
      continue;
    }
    const table = schema.table(run.slice(0, -1).join('.'));
    const column = table?.columns.get((run.at(-1) ?? '').toLowerCase());
    if (table === null || column === undefined) return null;
    parts.push(`${schema.sqlName(table)}.${quoteIfNeeded(column.name)}`);
  }
  return spaced(parts);
}

const nameOf = (token: Token): string =>
  token.kind === 'quoted' ? token.text.slice(1, -1).replaceAll('``', '`') : token.text;

/** The dotted name that begins at a token, part by part. */
function nameRun(tokens: readonly Token[], from: number): string[] {
  const first = tokens[from];
  const run = first === undefined ? [] : [nameOf(first)];
  let at = from + 1;
  while (tokens[at]?.text === '.') {
    const next = tokens[at + 1];
    if (next === undefined || (next.kind !== 'word' && next.kind !== 'quoted')) break;
    run.push(nameOf(next));
    at += 2;
  }
  return run;
}

const belongsToTable = (word: string, schema: Schema): boolean =>
  [...schema.tables.values()].some((table) => table.columns.has(word));

/** Backslash escapes, as a Databricks literal wants them. */
function literalOf(token: Token): string {
  const body = token.text.slice(1, -1);
  const value = body.replaceAll("''", "'").replaceAll(/\\(['"\\])/g, '$1');
  return quoteLiteral(value);
}

function spaced(parts: readonly string[]): string {
  let text = '';
  for (const [at, part] of parts.entries()) {
    const previous = parts[at - 1] ?? '';
    const opensCall =
      part === '(' &&
      /^[A-Z_]\w*$/.test(previous) &&
      !/^(?:IN|AND|OR|NOT|THEN|ELSE|WHEN|IS|LIKE|BETWEEN|OVER|AS|ON)$/.test(previous);
    const isSign =
      previous === '-' &&
      /^(?:$|[(,=<>*/+-]|<=|>=|<>|AND|OR|THEN|ELSE|BETWEEN|WHEN|IN)$/.test(parts[at - 2] ?? '');
    const tight = text === '' || TIGHT_AFTER.has(previous) || TIGHT_BEFORE.has(part) || opensCall || isSign;
    text += tight ? part : ` ${part}`;
  }
  return text;
}
