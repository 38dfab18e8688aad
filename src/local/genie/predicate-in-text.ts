import type { Schema } from './schema.ts';
import { isAggregate, readFragment, type Fragment } from './sql-fragment.ts';

interface Lexeme {
  readonly text: string;
  readonly at: number;
}

const LEXEME =
  /'(?:[^'\\]|\\.|'')*'|\d+(?:\.\d+)?|(?:`[^`]+`|[A-Za-z_]\w*)(?:\.(?:`[^`]+`|[A-Za-z_]\w*))*|<=|>=|<>|!=|[=<>()+*/,-]|\S/g;

/**
 * The SQL condition inside a sentence: from the first known column that is compared, as far as it reads as SQL.
 *
 * Prose before and after it is left out; `null` when nothing in the sentence is a condition on known columns.
 */
export function predicateIn(
  sentence: string,
  schema: Schema,
): { fragment: Fragment; at: number; length: number } | null {
  // A code span around the whole condition is no quoted name.
  const text = sentence.replaceAll(/`([^`]*[^`\w.][^`]*)`/g, ' $1 ');
  const lexemes = [...text.matchAll(LEXEME)].map((match): Lexeme => ({ text: match[0], at: match.index }));
  for (let start = 0; start < lexemes.length; start++) {
    if (!startsCondition(lexemes, start, schema)) continue;
    const end = conditionEnd(lexemes, start);
    const [first, last] = [lexemes[start], lexemes[(end ?? 0) - 1]];
    if (end === null || first === undefined || last === undefined) continue;
    const length = last.at + last.text.length - first.at;
    const fragment = readFragment(text.slice(first.at, first.at + length), schema);
    if (fragment.nodes.length > 0) return { fragment, at: first.at, length };
  }
  return null;
}

/** The aggregate expression inside a sentence, as far as it reads as SQL; `null` when there is none on known columns. */
export function aggregateIn(sentence: string, schema: Schema): Fragment | null {
  const text = sentence.replaceAll(/`([^`]*[^`\w.][^`]*)`/g, ' $1 ');
  const lexemes = [...text.matchAll(LEXEME)].map((match): Lexeme => ({ text: match[0], at: match.index }));
  for (const [start, first] of lexemes.entries()) {
    if (!(isName(first) || first.text === '(') || !isAggregate(text.slice(first.at))) continue;
    const last = lexemes[(operandEnd(lexemes, start) ?? 0) - 1];
    const sql = last === undefined ? '' : text.slice(first.at, last.at + last.text.length);
    const fragment = readFragment(sql, schema);
    if (isAggregate(sql) && fragment.nodes.length > 0) return fragment;
  }
  return null;
}

/** A known column, or a call or parenthesis that opens on one. */
function startsCondition(lexemes: readonly Lexeme[], start: number, schema: Schema): boolean {
  let at = start;
  while (
    isWord(lexemes[at], /^not$/i) ||
    is(lexemes[at], '(') ||
    (isName(lexemes[at]) && is(lexemes[at + 1], '('))
  )
    at++;
  const column = lexemes[at];
  return column !== undefined && isName(column) && readFragment(column.text, schema).nodes.length > 0;
}

/** Index after `operand operator operand (AND|OR …)*`; `null` when there is no comparison. */
function conditionEnd(lexemes: readonly Lexeme[], start: number): number | null {
  let end = comparisonEnd(lexemes, start);
  while (end !== null && isWord(lexemes[end], /^(?:and|or)$/i)) {
    const next = comparisonEnd(lexemes, end + 1);
    if (next === null) break;
    end = next;
  }
  return end;
}

function comparisonEnd(lexemes: readonly Lexeme[], start: number): number | null {
  if (isWord(lexemes[start], /^not$/i)) return comparisonEnd(lexemes, start + 1);
  if (is(lexemes[start], '(')) {
    const inner = conditionEnd(lexemes, start + 1);
    if (inner !== null && is(lexemes[inner], ')')) return inner + 1;
  }
  let at = operandEnd(lexemes, start);
  if (at === null) return null;
  if (isWord(lexemes[at], /^is$/i)) {
    const negated = isWord(lexemes[at + 1], /^not$/i) ? at + 2 : at + 1;
    return isWord(lexemes[negated], /^(?:null|true|false)$/i) ? negated + 1 : null;
  }
  if (isWord(lexemes[at], /^not$/i)) at++;
  if (isWord(lexemes[at], /^in$/i)) return is(lexemes[at + 1], '(') ? closing(lexemes, at + 1) : null;
  if (isWord(lexemes[at], /^(?:like|ilike|rlike)$/i)) return operandEnd(lexemes, at + 1);
  if (isWord(lexemes[at], /^between$/i)) {
    const low = operandEnd(lexemes, at + 1);
    return low !== null && isWord(lexemes[low], /^and$/i) ? operandEnd(lexemes, low + 1) : null;
  }
  return /^(?:=|<>|!=|<=?|>=?)$/.test(lexemes[at]?.text ?? '') ? operandEnd(lexemes, at + 1) : null;
}

/** A literal, name, call or parenthesis, with arithmetic between several of them. */
function operandEnd(lexemes: readonly Lexeme[], start: number): number | null {
  const first = lexemes[start];
  if (first === undefined) return null;
  let end: number | null = null;
  if (first.text === '-') return operandEnd(lexemes, start + 1);
  if (first.text === '(') end = closing(lexemes, start);
  else if (/^['\d]/.test(first.text)) end = start + 1;
  else if (/^interval$/i.test(first.text)) end = start + 3;
  else if (/^(?:date|timestamp)$/i.test(first.text) && lexemes[start + 1]?.text.startsWith("'") === true)
    end = start + 2;
  else if (isName(first)) end = is(lexemes[start + 1], '(') ? closing(lexemes, start + 1) : start + 1;
  if (end !== null && /^[-+*/]$/.test(lexemes[end]?.text ?? '')) return operandEnd(lexemes, end + 1) ?? end;
  return end;
}

/** Index after the parenthesis that closes the one at `open`. */
function closing(lexemes: readonly Lexeme[], open: number): number | null {
  let depth = 0;
  for (let at = open; at < lexemes.length; at++) {
    if (is(lexemes[at], '(')) depth++;
    if (is(lexemes[at], ')')) depth--;
    if (depth === 0) return at + 1;
  }
  return null;
}

const is = (lexeme: Lexeme | undefined, text: string): boolean => lexeme?.text === text;
const isWord = (lexeme: Lexeme | undefined, pattern: RegExp): boolean =>
  lexeme !== undefined && pattern.test(lexeme.text);
const isName = (lexeme: Lexeme | undefined): boolean =>
  lexeme !== undefined &&
  /^[`A-Za-z_]/.test(lexeme.text) &&
  !/^(?:and|or|not|is|in|like|between|null|the|a)$/i.test(lexeme.text);
