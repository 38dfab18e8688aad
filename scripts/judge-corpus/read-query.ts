import type { CatalogSnapshot } from '../../src/ports/index.ts';
import type { Condition, Join, Query, SelectItem, Source } from './query.ts';

/**
 * Reads a plain statement (one SELECT with joins, without set operations or nested queries in FROM) as a query.
 *
 * Written for the golden queries of the samples. It splits at keywords outside parentheses and strings;
 * the corpus checks the reading by running both texts.
 *
 * @returns `null` when the statement is of another form
 */
export function readQuery(sql: string, catalog: CatalogSnapshot): Query | null {
  const clauses = splitClauses(
    sql
      .replaceAll(/--[^\n]*/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  );
  if (clauses === null) return null;
  const sources: Source[] = [];
  const columns = new Map<string, ReadonlySet<string>>();
  const joins: { type: Join['type']; source: Source; on: string }[] = [];
  for (const { keyword, text } of clauses) {
    if (keyword !== 'FROM' && !keyword.endsWith('JOIN')) continue;
    const [target = '', on = ''] = splitAt(text, ' ON ');
    const source = readSource(target, sources.length);
    if (source === null) return null;
    sources.push(source);
    columns.set(source.id, columnsOf(source, catalog));
    if (keyword !== 'FROM') {
      const type = keyword.includes('LEFT') ? 'LEFT' : keyword.includes('CROSS') ? 'CROSS' : 'INNER';
      joins.push({ type, source, on });
    }
  }
  const [from] = sources;
  if (from === undefined) return null;
  const mark = (text: string): string => markColumns(text, columns);
  const clause = (keyword: string): string => clauses.find((one) => one.keyword === keyword)?.text ?? '';
  const items = splitAt(clause('SELECT').replace(/^DISTINCT /i, ''), ',').map((text): SelectItem => {
    const [expression = '', alias] = splitAt(text, ' AS ');
    return { text: mark(expression), alias: alias ?? null };
  });
  const aliases = new Set(items.map(({ alias }) => alias));
  const conditions = (text: string): Condition[] => conjuncts(text).map((part) => readCondition(part, mark));
  const list = (text: string): string[] => (text === '' ? [] : splitAt(text, ','));
  return {
    distinct: /^DISTINCT /i.test(clause('SELECT')),
    select: items,
    from,
    joins: joins.map(({ type, source, on }) => ({ type, source, on: conditions(on) })),
    where: conditions(clause('WHERE')),
    groupBy: list(clause('GROUP BY')).map(mark),
    having: conditions(clause('HAVING')),
    orderBy: list(clause('ORDER BY')).map((text) => {
      const bare = text.replace(/ (?:ASC|DESC)$/i, '');
      return { text: aliases.has(bare) ? bare : mark(bare), descending: / DESC$/i.test(text) };
    }),
    limit: clause('LIMIT') === '' ? null : Number(clause('LIMIT')),
  };
}

const KEYWORDS =
  /^(?:SELECT|FROM|(?:LEFT |INNER |CROSS )?JOIN|WHERE|GROUP BY|HAVING|ORDER BY|LIMIT|UNION|WITH|QUALIFY|RIGHT|FULL)\b/i;

function splitClauses(sql: string): { keyword: string; text: string }[] | null {
  const clauses: { keyword: string; text: string }[] = [];
  let start = 0;
  let keyword = '';
  for (const at of topPositions(sql)) {
    if (at > 0 && sql[at - 1] !== ' ') continue;
    const match = KEYWORDS.exec(sql.slice(at));
    if (match === null || at < start) continue;
    if (keyword !== '') clauses.push({ keyword, text: sql.slice(start, at).trim() });
    keyword = match[0].toUpperCase();
    start = at + match[0].length;
  }
  clauses.push({ keyword, text: sql.slice(start).trim() });
  const strange = clauses.some(({ keyword: word }) => /UNION|WITH|QUALIFY|RIGHT|FULL/.test(word));
  return strange || clauses[0]?.keyword !== 'SELECT' ? null : clauses;
}

/** Positions outside parentheses, strings and CASE. */
function topPositions(sql: string): number[] {
  const positions: number[] = [];
  let depth = 0;
  for (let at = 0; at < sql.length; at++) {
    const char = sql[at];
    if (char === "'") {
      at = sql.indexOf("'", at + 1);
      if (at === -1) break;
      continue;
    }
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (/^CASE\b/i.test(sql.slice(at)) && !/\w/.test(sql[at - 1] ?? ' ')) depth += 1;
    if (/^END\b/i.test(sql.slice(at)) && !/\w/.test(sql[at - 1] ?? ' ')) depth -= 1;
    if (depth === 0) positions.push(at);
  }
  return positions;
}

/** Splits at a word or sign outside parentheses, strings and CASE; blanks around it count. */
export function splitAt(text: string, separator: string): string[] {
  const top = new Set(topPositions(text));
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (!top.has(at) || text.slice(at, at + separator.length).toUpperCase() !== separator) continue;
    parts.push(text.slice(start, at).trim());
    start = at + separator.length;
    at = start - 1;
  }
  return [...parts, text.slice(start).trim()];
}

/** AND of BETWEEN belongs to its condition. */
function conjuncts(text: string): string[] {
  if (text === '') return [];
  const parts: string[] = [];
  for (const part of splitAt(text, ' AND ')) {
    const last = parts.at(-1);
    if (last !== undefined && / BETWEEN (?!.* AND )/i.test(last))
      parts[parts.length - 1] = `${last} AND ${part}`;
    else parts.push(part);
  }
  return parts;
}

function readCondition(text: string, mark: (text: string) => string): Condition {
  const isConstant = (value: string): boolean =>
    /^(?:-?[\d.]+|'[^']*'|DATE '[^']*'|true|false)$/i.test(value);
  const between = /^(.+) BETWEEN (.+) AND (.+)$/i.exec(text);
  if (between?.[1] !== undefined && between[2] !== undefined && between[3] !== undefined)
    return { kind: 'range', subject: mark(between[1]), low: between[2], high: between[3], closed: true };
  const inList = /^(\S+)( NOT)? IN \(([^()]*)\)$/i.exec(text);
  if (inList?.[1] !== undefined && inList[3] !== undefined && !/select/i.test(inList[3]))
    return {
      kind: 'in',
      subject: mark(inList[1]),
      values: splitAt(inList[3], ','),
      negated: inList[2] !== undefined,
    };
  const isNull = /^(\S+) IS( NOT)? NULL$/i.exec(text);
  if (isNull?.[1] !== undefined)
    return { kind: 'null', subject: mark(isNull[1]), negated: isNull[2] !== undefined };
  const compare = /^([^<>=]+?) (=|<>|<=|>=|<|>) ([^<>=]+)$/.exec(text);
  if (
    compare?.[1] !== undefined &&
    compare[2] !== undefined &&
    compare[3] !== undefined &&
    !/select/i.test(text)
  )
    return {
      kind: 'compare',
      left: mark(compare[1]),
      operator: compare[2],
      right: isConstant(compare[3]) ? compare[3] : mark(compare[3]),
    };
  const nested = /^(\S+) (=|<>|<=|>=|<|>) (\(SELECT .*\))$/i.exec(text);
  if (nested?.[1] !== undefined && nested[2] !== undefined && nested[3] !== undefined)
    return { kind: 'compare', left: mark(nested[1]), operator: nested[2], right: nested[3] };
  return { kind: 'text', text: mark(text) };
}

function readSource(text: string, at: number): Source | null {
  const match = /^([\w.]+)(?:\((.*)\))?(?: (?:AS )?(\w+))?$/i.exec(text);
  if (match?.[1] === undefined) return null;
  const id = match[3] ?? `s${at}`;
  return match[2] === undefined
    ? { id, table: match[1] }
    : { id, table: match[1], args: splitAt(match[2], ',').filter((arg) => arg !== '') };
}

function columnsOf(source: Source, catalog: CatalogSnapshot): ReadonlySet<string> {
  const columns =
    source.args === undefined
      ? catalog.tables.find(({ name }) => name === source.table)?.columns
      : catalog.functions.find(({ name }) => name === source.table)?.returns;
  return new Set((columns ?? []).map(({ name }) => name));
}

function markColumns(text: string, columns: ReadonlyMap<string, ReadonlySet<string>>): string {
  return text.replaceAll(
    /'[^']*'|(?<![\w.])(?:(\w+)\.)?([a-z_]\w*)(?![\w.(])/gi,
    (whole, qualifier?: string, name?: string) => {
      if (name === undefined) return whole;
      const owners = [...columns].filter(
        ([id, names]) => names.has(name) && (qualifier === undefined || qualifier === id),
      );
      const [owner] = owners;
      return owner === undefined ? whole : `{${owner[0]}.${name}}`;
    },
  );
}
