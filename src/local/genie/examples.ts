import { quoteLiteral } from '../../core/index.ts';
import { exampleSqls, textOf, type ExampleSql } from '../../spaces/index.ts';
import type { ValueLookup } from '../genie-engine.ts';
import type { Knowledge } from './knowledge.ts';
import type { Asset } from './model.ts';
import { isContentWord, stem, tokenise, wordsOf, type Token } from './tokens.ts';
import { NUMBER_WORDS } from './words.ts';

export interface ExampleMatch {
  readonly sql: string;
  readonly question: string;
  readonly likeness: number;
}

/** At least this share of meaningful words in common, and no literal left unexplained. */
const EXAMPLE_FLOOR = 0.8;

/**
 * The example whose question says the same, with its literals and parameters replaced by those of the question.
 *
 * A literal is replaced only by a number, or by a value that occurs in the same column; otherwise the example is no match.
 */
export async function matchExample(
  question: readonly Token[],
  knowledge: Knowledge,
  lookup: ValueLookup,
): Promise<ExampleMatch | null> {
  let best: ExampleMatch | null = null;
  for (const example of exampleSqls(knowledge.space)) {
    const match = await tryExample(example, question, knowledge, lookup);
    if (match !== null && (best === null || match.likeness > best.likeness)) best = match;
  }
  return best;
}

async function tryExample(
  example: ExampleSql,
  question: readonly Token[],
  knowledge: Knowledge,
  lookup: ValueLookup,
): Promise<ExampleMatch | null> {
  const text = textOf(example.question);
  const tokens = tokenise(text);
  let sql = textOf(example.sql).trim().replace(/;$/, '');
  const gaps = differences(tokens, question);
  const used = new Set<number>();
  for (const parameter of example.parameters ?? []) {
    const names = new Set([parameter.name.toLowerCase(), ...wordsOf(parameter.name).map(stem)]);
    const gap = gaps.findIndex(
      (candidate, at) =>
        !used.has(at) &&
        candidate.right.length > 0 &&
        (candidate.left.length === 0 ||
          candidate.left.every((token) => names.has(token.stem) || names.has(token.lower) || !token.content)),
    );
    const fallback = parameter.default_value?.values[0];
    const filled =
      gap < 0
        ? null
        : await filledParameter(
            sql,
            parameter.name,
            parameter.type_hint ?? 'STRING',
            gaps[gap]?.right ?? [],
            knowledge,
            lookup,
          );
    const value =
      filled ?? (fallback === undefined ? null : written(fallback, parameter.type_hint ?? 'STRING'));
    if (value === null) return null;
    if (filled !== null && gap >= 0) used.add(gap);
    sql = sql.replaceAll(new RegExp(`:${parameter.name}\\b`, 'g'), () => value);
  }
  for (const [at, gap] of gaps.entries()) {
    if (used.has(at)) continue;
    const adapted = await adaptedLiteral(sql, gap, knowledge, lookup);
    if (adapted === null) continue;
    sql = adapted;
    used.add(at);
  }
  if (/(?<![:\w]):[A-Za-z_]\w*/.test(sql.replaceAll(/'(?:[^'\\]|\\.|'')*'/g, "''"))) return null;
  const open = gaps.filter((_, at) => !used.has(at));
  if (
    open.some((gap) =>
      [...gap.left, ...gap.right].some(
        (token) => token.number !== null || token.quoted || QUALIFIERS.has(token.lower),
      ),
    )
  )
    return null;
  const missing = open.reduce((sum, gap) => sum + Math.max(meaningful(gap.left), meaningful(gap.right)), 0);
  const shared = tokens.filter((token) => token.content || SHAPE_WORDS.has(token.lower)).length;
  const likeness = shared === 0 ? 0 : Math.max(0, 1 - missing / Math.max(1, shared));
  return likeness >= EXAMPLE_FLOOR ? { sql, question: text, likeness } : null;
}

/** Words that change what is computed although they name nothing. */
const SHAPE_WORDS = new Set(
  'average total count number highest lowest most least top bottom median minimum maximum sum distinct month year quarter week day per by last this next previous first'.split(
    ' ',
  ),
);
const QUALIFIERS = new Set(
  'not without except excluding average lowest highest least most bottom minimum maximum month year quarter week day monthly yearly'.split(
    ' ',
  ),
);

const meaningful = (tokens: readonly Token[]): number =>
  tokens.filter((token) => token.content || SHAPE_WORDS.has(token.lower)).length;

interface Gap {
  readonly left: readonly Token[];
  readonly right: readonly Token[];
}

/** Stretches in which two questions differ, from their longest common subsequence of stems; function words do not count. */
export function differences(left: readonly Token[], right: readonly Token[]): Gap[] {
  const a = left.filter(counts);
  const b = right.filter(counts);
  const lengths = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row !== undefined)
        row[j] = same(a[i], b[j]) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const gaps: Gap[] = [];
  let gap: { left: Token[]; right: Token[] } = { left: [], right: [] };
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [one, other] = [a[i], b[j]];
    if (one !== undefined && other !== undefined && same(one, other)) {
      if (gap.left.length + gap.right.length > 0) gaps.push(gap);
      gap = { left: [], right: [] };
      i++;
      j++;
    } else if (one !== undefined && (other === undefined || at(i + 1, j) >= at(i, j + 1))) {
      gap.left.push(one);
      i++;
    } else if (other !== undefined) {
      gap.right.push(other);
      j++;
    }
  }
  if (gap.left.length + gap.right.length > 0) gaps.push(gap);
  return gaps;
}

const counts = (token: Token): boolean =>
  token.quoted ||
  token.number !== null ||
  token.lower in NUMBER_WORDS ||
  isContentWord(token.lower) ||
  SHAPE_WORDS.has(token.lower) ||
  QUALIFIERS.has(token.lower);
const same = (a: Token | undefined, b: Token | undefined): boolean => a?.stem === b?.stem;

const phraseOf = (tokens: readonly Token[]): string => tokens.map((token) => token.text).join(' ');

/** Replaces the one literal of the SQL that the example's words name by what the question says there. */
async function adaptedLiteral(
  sql: string,
  gap: Gap,
  knowledge: Knowledge,
  lookup: ValueLookup,
): Promise<string | null> {
  if (gap.left.length === 0 || gap.right.length === 0) return null;
  const [from, to] = [phraseOf(gap.left), phraseOf(gap.right)];
  if (
    gap.left.length === 1 &&
    gap.right.length === 1 &&
    typeof gap.left[0]?.number === 'number' &&
    typeof gap.right[0]?.number === 'number'
  ) {
    const [old, next] = [String(gap.left[0].number), String(gap.right[0].number)];
    const pattern = new RegExp(`(?<![\\w.])${old}(?![\\w.])`, 'g');
    if (!pattern.test(sql)) return null;
    const isYear = /^(?:19|20)\d\d$/.test(old);
    const after = isYear ? String(Number(old) + 1) : null;
    const shifted =
      after === null
        ? sql
        : sql.replaceAll(new RegExp(`(?<![\\w.])${after}(?=-\\d\\d)`, 'g'), String(Number(next) + 1));
    return shifted.replaceAll(new RegExp(`(?<![\\w.])${old}(?![\\w.])`, 'g'), next);
  }
  for (const literal of sql.matchAll(/'((?:[^'\\]|\\.|'')*)'/g)) {
    if (stemmed(literal[1] ?? '') !== stemmed(from)) continue;
    const value = await valueOf(columnBefore(sql.slice(0, literal.index)), to, knowledge, lookup);
    return value === null
      ? null
      : `${sql.slice(0, literal.index)}${quoteLiteral(value)}${sql.slice(literal.index + literal[0].length)}`;
  }
  return null;
}

const stemmed = (text: string): string => wordsOf(text).map(stem).join(' ');

/** The column that the operator before a literal compares. */
const columnBefore = (before: string): string | null =>
  /([\w`.]+)\s*\)?\s*(?:=|<>|!=|\bNOT\s+IN\s*\(|\bIN\s*\(|\bI?LIKE)\s*(?:'[^']*'\s*,\s*)*(?:LOWER|UPPER)?\s*\(?\s*$/i
    .exec(before)?.[1]
    ?.replaceAll('`', '') ?? null;

async function valueOf(
  column: string | null,
  phrase: string,
  knowledge: Knowledge,
  lookup: ValueLookup,
): Promise<string | null> {
  const name = column?.split('.').at(-1);
  if (name === undefined) return null;
  const owners: readonly Asset[] = knowledge.schema.owners(name);
  for (const asset of owners) {
    const known = knowledge.schema.column(asset, name);
    if (known?.entityMatching !== true) continue;
    const values = await lookup.distinct(asset.name, known.name, 1024);
    const found = values.find((value) => stemmed(value) === stemmed(phrase));
    if (found !== undefined) return found;
  }
  return null;
}

async function filledParameter(
  sql: string,
  name: string,
  type: string,
  words: readonly Token[],
  knowledge: Knowledge,
  lookup: ValueLookup,
): Promise<string | null> {
  const number = words.find((token) => token.number !== null);
  if (/^(?:INT|BIGINT|LONG|DECIMAL|DOUBLE|FLOAT|NUMERIC)/i.test(type))
    return number === undefined ? null : String(number.number);
  const phrase = phraseOf(words);
  if (/^(?:DATE|TIMESTAMP)/i.test(type))
    return /^\d{4}-\d{2}-\d{2}$/.test(phrase) ? `DATE '${phrase}'` : null;
  const at = new RegExp(`:${name}\\b`).exec(sql)?.index ?? 0;
  const value = await valueOf(columnBefore(sql.slice(0, at)), phrase, knowledge, lookup);
  return quoteLiteral(value ?? phrase);
}

const written = (value: string, type: string): string =>
  /^(?:INT|BIGINT|LONG|DECIMAL|DOUBLE|FLOAT|NUMERIC)/i.test(type)
    ? value
    : /^DATE/i.test(type)
      ? `DATE ${quoteLiteral(value)}`
      : quoteLiteral(value);
