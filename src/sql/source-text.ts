import { isWord, lexSql, significantTokens, type Token } from './lexer.ts';
import { splitTopLevel } from './lexical-facts.ts';
import { closingParenthesis } from './lexical-tables.ts';
import { callName, isAggregate } from './resolve.ts';
import { asFields, asList, childrenOf, fieldsOf, flatten, kindOf, isAbsent } from './tree.ts';
import { AGGREGATES } from './vocabulary.ts';

/** The text of tree nodes as it was written; nodes that could not be aligned are absent. */
export type SourceTexts = ReadonlyMap<unknown, string>;

/**
 * Finds how projections, conditions and aggregates were written.
 *
 * The parser gives positions to names only, so the clauses of each SELECT are cut out by the lexer
 * and paired with the tree in order. Where counts differ nothing is paired: no text is better than a
 * wrong one.
 */
export function alignSources(sql: string, statement: unknown): SourceTexts {
  const tokens = significantTokens(lexSql(sql));
  const texts = new Map<unknown, string>();
  const slice = (part: readonly Token[]): string => sql.slice(part[0]?.start ?? 0, part.at(-1)?.end ?? 0);
  const written = scanSelects(tokens);
  const selects = collect(statement, (node) => kindOf(node) === 'select').map((node) => fieldsOf(node));
  const aligned =
    written.length === selects.length &&
    written.every(
      (select, index) => select.projections.length === asList(selects[index]?.['expressions']).length,
    );
  if (aligned) {
    for (const [index, select] of selects.entries())
      pairSelect(select, written[index] ?? emptySelect(), slice, texts);
  }
  pairAggregates(tokens, statement, slice, texts);
  return texts;
}

/** Nodes in the order of the text that a test picks; it is not looked for inside names. */
function collect(value: unknown, picks: (node: unknown) => boolean): unknown[] {
  if (!picks(value)) return childrenOf(value).flatMap((child) => collect(child, picks));
  const { with: common, ...rest } = fieldsOf(value);
  return [...collect(common, picks), value, ...childrenOf(rest).flatMap((child) => collect(child, picks))];
}

interface WrittenSelect {
  projections: Token[][];
  where: Token[];
  having: Token[];
  qualify: Token[];
  on: Token[][];
}

const emptySelect = (): WrittenSelect => ({ projections: [], where: [], having: [], qualify: [], on: [] });

type Slice = (part: readonly Token[]) => string;

function pairSelect(
  select: Readonly<Record<string, unknown>>,
  written: WrittenSelect,
  slice: Slice,
  texts: Map<unknown, string>,
): void {
  for (const [index, item] of asList(select['expressions']).entries()) {
    const tokens = written.projections[index] ?? [];
    texts.set(item, slice(kindOf(item) === 'alias' ? withoutAlias(tokens) : tokens));
  }
  pairCondition(asFields(select['where_clause'])['this'], written.where, slice, texts);
  pairCondition(asFields(select['having'])['this'], written.having, slice, texts);
  pairCondition(asFields(select['qualify'])['this'], written.qualify, slice, texts);
  const conditions = asList(select['joins'])
    .map((join) => asFields(join)['on'])
    .filter((on) => !isAbsent(on));
  if (conditions.length !== written.on.length) return;
  for (const [index, condition] of conditions.entries())
    pairCondition(condition, written.on[index] ?? [], slice, texts);
}

function withoutAlias(tokens: readonly Token[]): readonly Token[] {
  const body = tokens.slice(0, -1);
  return isWord(body.at(-1), 'AS') ? body.slice(0, -1) : body;
}

function pairCondition(
  condition: unknown,
  tokens: readonly Token[],
  slice: Slice,
  texts: Map<unknown, string>,
): void {
  if (isAbsent(condition)) return;
  const nodes = flatten(condition, 'and');
  const parts = splitConjunction(tokens);
  if (nodes.length !== parts.length) return;
  for (const [index, node] of nodes.entries()) texts.set(node, slice(parts[index] ?? []));
}

/** Cuts at AND, not at that of BETWEEN or inside CASE, and not where an OR stands beside it. */
function splitConjunction(tokens: readonly Token[]): Token[][] {
  const inner = withoutParentheses(tokens);
  let betweens = 0;
  let cases = 0;
  let either = false;
  const parts = splitTopLevel(inner, (token) => {
    if (isWord(token, 'CASE')) cases++;
    if (isWord(token, 'END') && cases > 0) cases--;
    if (cases > 0) return false;
    if (isWord(token, 'BETWEEN')) betweens++;
    if (isWord(token, 'OR')) either = true;
    if (!isWord(token, 'AND')) return false;
    if (betweens === 0) return true;
    betweens--;
    return false;
  });
  if (either || parts.length <= 1) return [[...inner]];
  return parts.flatMap((part) => splitConjunction(part));
}

function withoutParentheses(tokens: readonly Token[]): readonly Token[] {
  const wrapped =
    tokens.length > 2 && tokens[0]?.text === '(' && closingParenthesis(tokens, 0) === tokens.length - 1;
  return wrapped && !isWord(tokens[1], 'SELECT', 'WITH', 'FROM', 'VALUES')
    ? withoutParentheses(tokens.slice(1, -1))
    : tokens;
}

type Section = 'projections' | 'where' | 'having' | 'qualify' | 'on' | 'other';

interface OpenSelect {
  readonly select: WrittenSelect;
  readonly depth: number;
  section: Section;
  tokens: Token[];
}

/** The clauses of each SELECT, in the order of their SELECT words. */
function scanSelects(tokens: readonly Token[]): WrittenSelect[] {
  const selects: WrittenSelect[] = [];
  const open: OpenSelect[] = [];
  let depth = 0;
  const close = (): void => {
    const current = open.pop();
    if (current !== undefined) endSection(current);
  };
  for (const [index, token] of tokens.entries()) {
    if (token.text === ')' || token.text === ']') {
      while ((open.at(-1)?.depth ?? -1) === depth) close();
      depth--;
    }
    let opener: OpenSelect | undefined;
    if (isWord(token, 'SELECT') && tokens[index - 1]?.text !== '.') {
      if (open.at(-1)?.depth === depth) close();
      opener = { select: emptySelect(), depth, section: 'projections', tokens: [] };
      selects.push(opener.select);
      open.push(opener);
    } else if (open.at(-1)?.depth === depth) {
      const current = open.at(-1);
      const section =
        sectionStart(tokens, index) ?? (token.text === ',' && current?.section === 'on' ? 'other' : null);
      if (current !== undefined && section !== null) {
        endSection(current);
        current.section = section;
        opener = current;
      }
    }
    for (const enclosing of open) if (enclosing !== opener) enclosing.tokens.push(token);
    if (token.text === '(' || token.text === '[') depth++;
  }
  while (open.length > 0) close();
  return selects;
}

/** The section that begins with a word, or `null` when it begins none. */
function sectionStart(tokens: readonly Token[], index: number): Section | null {
  const token = tokens[index];
  const next = tokens[index + 1];
  if (token?.kind !== 'word' || tokens[index - 1]?.text === '.') return null;
  switch (token.text.toUpperCase()) {
    case 'WHERE':
      return 'where';
    case 'HAVING':
      return 'having';
    case 'QUALIFY':
      return 'qualify';
    case 'ON':
      return 'on';
    case 'FROM':
      return isWord(tokens[index - 1], 'DISTINCT') && isWord(tokens[index - 2], 'IS', 'NOT') ? null : 'other';
    case 'GROUP':
    case 'ORDER':
    case 'SORT':
    case 'CLUSTER':
    case 'DISTRIBUTE':
      return isWord(next, 'BY') ? 'other' : null;
    case 'LIMIT':
    case 'OFFSET':
    case 'WINDOW':
    case 'UNION':
    case 'INTERSECT':
    case 'MINUS':
    case 'JOIN':
    case 'INNER':
    case 'CROSS':
    case 'NATURAL':
    case 'LATERAL':
      return 'other';
    case 'LEFT':
    case 'RIGHT':
    case 'FULL':
      return next?.text === '(' ? null : 'other';
    case 'EXCEPT':
      return tokens[index - 1]?.text === '*' ? null : 'other';
    default:
      return null;
  }
}

function endSection(open: OpenSelect): void {
  const { select, section, tokens } = open;
  if (section === 'projections')
    select.projections = splitTopLevel(withoutQuantifier(tokens), (token) => token.text === ',');
  else if (section === 'on') select.on.push(tokens);
  else if (section !== 'other') select[section] = tokens;
  open.tokens = [];
}

const withoutQuantifier = (tokens: readonly Token[]): readonly Token[] =>
  isWord(tokens[0], 'DISTINCT', 'ALL') ? tokens.slice(1) : tokens;

/** Pairs the calls of each aggregate by name and order of appearance. */
function pairAggregates(
  tokens: readonly Token[],
  statement: unknown,
  slice: Slice,
  texts: Map<unknown, string>,
): void {
  const written = new Map<string, Token[][]>();
  for (const [index, token] of tokens.entries()) {
    const name = token.kind === 'word' ? token.text.toLowerCase() : '';
    if (!AGGREGATES.has(name) || tokens[index + 1]?.text !== '(' || tokens[index - 1]?.text === '.') continue;
    written.set(name, [...(written.get(name) ?? []), tokens.slice(index, callEnd(tokens, index))]);
  }
  const calls = new Map<string, unknown[]>();
  for (const call of collect(statement, isAggregate)) {
    const name = callName(call) ?? '';
    calls.set(name, [...(calls.get(name) ?? []), call]);
  }
  for (const [name, nodes] of calls) {
    const sources = written.get(name) ?? [];
    if (sources.length !== nodes.length) continue;
    for (const [index, node] of nodes.entries()) {
      const call = sources[index] ?? [];
      texts.set(node, slice(call));
      pairCondition(fieldsOf(node)['filter'], filterTokens(call), slice, texts);
    }
  }
}

/** The condition inside `FILTER (WHERE …)` behind a call. */
function filterTokens(call: readonly Token[]): readonly Token[] {
  const argumentsEnd = closingParenthesis(call, 1);
  const filter = call.findIndex((token, index) => index > argumentsEnd && isWord(token, 'FILTER'));
  return filter === -1 ? [] : call.slice(filter + 3, closingParenthesis(call, filter + 1));
}

/** Index behind a call and its FILTER, WITHIN GROUP, OVER, IGNORE NULLS. */
function callEnd(tokens: readonly Token[], index: number): number {
  let end = closingParenthesis(tokens, index + 1) + 1;
  for (;;) {
    if (isWord(tokens[end], 'FILTER', 'OVER') && tokens[end + 1]?.text === '(')
      end = closingParenthesis(tokens, end + 1) + 1;
    else if (isWord(tokens[end], 'WITHIN') && tokens[end + 2]?.text === '(')
      end = closingParenthesis(tokens, end + 2) + 1;
    else if (isWord(tokens[end], 'OVER', 'IGNORE', 'RESPECT')) end += 2;
    else return end;
  }
}
