import type { ValueLookup } from '../genie-engine.ts';
import type { ColumnCode } from './column-codes.ts';
import { labelOf } from './label-column.ts';
import type { Link, Links } from './links.ts';
import { columnKey, type Asset, type AssetColumn } from './model.ts';
import { covers, overlaps } from './question-text.ts';
import { stemsOf, type Span, type Token } from './tokens.ts';
import { columnsFor, endOfMarked, isMarked, numberAfter, typedAfter, typedBefore } from './typed-values.ts';
import { BOUNDARIES, NEGATIONS } from './words.ts';

/** A phrase of the question that is a value of one of several columns. */
export interface ValueLink extends Span {
  /** Empty for a typed word that no column claims. */
  readonly options: readonly {
    readonly column: AssetColumn;
    readonly literal: string;
    readonly named: boolean;
  }[];
  readonly typed: string;
  readonly negated: boolean;
  readonly source: 'entity' | 'description' | 'typed';
}

const LONGEST_VALUE = 6;
/** Limits of entity matching. @see spec/databricks-apis.md §3.8 */
const VALUES_PER_COLUMN = 1024;
const LONGEST_LITERAL = 127;

/** Spellings of one column's values by their stems. */
export interface ColumnValues {
  readonly column: AssetColumn;
  readonly list: readonly string[];
  readonly byStems: ReadonlyMap<string, string>;
}

/** Values of the columns with entity matching. `known` keeps what was read before and still holds. */
export async function columnValues(
  assets: readonly Asset[],
  values: ValueLookup,
  known: Map<string, ColumnValues>,
): Promise<ColumnValues[]> {
  const found: ColumnValues[] = [];
  for (const asset of assets) {
    for (const column of asset.columns) {
      if (!column.entityMatching || column.role === 'measure') continue;
      const list = await values.distinct(asset.name, column.name, VALUES_PER_COLUMN);
      const before = known.get(columnKey(column));
      const entry =
        before !== undefined && sameList(before.list, list)
          ? before
          : { column, list, byStems: stemmedValues(list) };
      known.set(columnKey(column), entry);
      found.push(entry);
    }
  }
  return found;
}

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((value, at) => value === b[at]));

function stemmedValues(list: readonly string[]): Map<string, string> {
  const byStems = new Map<string, string>();
  for (const literal of list) {
    const key = stemsOf(literal).join(' ');
    if (key !== '' && literal.length <= LONGEST_LITERAL && !byStems.has(key)) byStems.set(key, literal);
  }
  return byStems;
}

/**
 * Links phrases to values: known values first, then values that a description spells out, then words as typed
 * where a linked column, quotation marks or a capital say that they are a value.
 */
export function linkValues(input: {
  readonly tokens: readonly Token[];
  readonly explained: readonly Link[];
  readonly links: Links;
  /** Tables and metric views. */
  readonly assets: readonly Asset[];
  readonly blocked: readonly Span[];
  readonly columnLinks: readonly Link[];
  readonly dictionary: readonly ColumnValues[];
  readonly codes: readonly ColumnCode[];
}): ValueLink[] {
  const { tokens, columnLinks, assets } = input;
  const found: ValueLink[] = [];
  const free = (index: number): boolean =>
    ![...input.explained, ...input.blocked, ...found].some((span) => covers(span, index)) &&
    (tokens[index]?.content ?? false);
  const isNamed = (span: Span, column: AssetColumn): boolean =>
    columnLinks.some(
      (link) =>
        link.target.kind === 'column' &&
        columnKey(link.target.column) === columnKey(column) &&
        link.start <= span.end + 1 &&
        link.end >= span.start - 2,
    );
  const optionsFor = (
    key: string,
  ): { column: AssetColumn; literal: string; source: 'entity' | 'description' }[] => {
    const options: { column: AssetColumn; literal: string; source: 'entity' | 'description' }[] = [];
    for (const { column, byStems } of input.dictionary) {
      const literal = byStems.get(key);
      if (literal !== undefined) options.push({ column, literal, source: 'entity' });
    }
    for (const code of input.codes) {
      if (code.words.join(' ') === key && !options.some((option) => option.column === code.column))
        options.push({ column: code.column, literal: code.literal, source: 'description' });
    }
    return options;
  };
  for (let length = LONGEST_VALUE; length > 0; length--) {
    for (let start = 0; start + length <= tokens.length; start++) {
      const span = { start, end: start + length };
      const part = tokens.slice(start, span.end);
      if (
        found.some((other) => overlaps(other, span)) ||
        input.blocked.some((other) => overlaps(other, span))
      )
        continue;
      if (!part.some((token) => free(token.index)) || part.every((token) => token.number !== null)) continue;
      const options = optionsFor(part.map((token) => token.stem).join(' '));
      if (options.length === 0) continue;
      found.push({
        ...span,
        options: options.map((option) => ({
          column: option.column,
          literal: option.literal,
          named: isNamed(span, option.column),
        })),
        typed: part.map((token) => token.text).join(' '),
        negated: isNegated(tokens, start),
        source: options[0]?.source ?? 'entity',
      });
    }
  }
  const typed = (span: Span, columns: readonly AssetColumn[], named: boolean): void => {
    const text = tokens
      .slice(span.start, span.end)
      .map((token) => token.text)
      .join(' ');
    found.push({
      ...span,
      options: columns.map((column) => ({ column, literal: text, named })),
      typed: text,
      negated: isNegated(tokens, span.start),
      source: 'typed',
    });
  };
  for (const link of columnLinks) {
    if (link.target.kind !== 'column' || link.target.column.kind !== 'text') continue;
    const { column } = link.target;
    const isLabel = labelOf(link.target.asset) === column;
    const span = typedAfter(tokens, link, isLabel, free) ?? typedBefore(tokens, link, free);
    if (span !== null && !found.some((other) => overlaps(other, span))) typed(span, [column], true);
  }
  for (const token of tokens) {
    const span = { start: token.index, end: token.index + 1 };
    const column = input.blocked.some((other) => overlaps(other, span))
      ? null
      : numberAfter(token, tokens, input.explained);
    if (column !== null) typed(span, [column], true);
    else if (free(token.index) && isMarked(token)) {
      const whole = { start: token.index, end: endOfMarked(tokens, token.index, free) };
      typed(whole, columnsFor(token, whole, input.links, assets), false);
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

function isNegated(tokens: readonly Token[], start: number): boolean {
  for (let index = start - 1; index >= Math.max(0, start - 4); index--) {
    const word = tokens[index]?.lower ?? '';
    if (NEGATIONS.has(word)) return word !== 'other' || tokens[index + 1]?.lower === 'than';
    if (!BOUNDARIES.has(word) && !/^(?:the|a|an|any|be|than|of)$/.test(word)) return false;
  }
  return false;
}

/** With format assistance Genie sees how values are written and follows their case. */
export function asWritten(typed: string, samples: readonly string[]): string {
  const texts = samples.filter((sample) => /[a-z]/i.test(sample));
  if (texts.length === 0) return typed;
  const forms = [
    (text: string) => text.toUpperCase(),
    (text: string) => text.toLowerCase(),
    (text: string) => text.toLowerCase().replaceAll(/(?<![a-z])[a-z]/g, (letter) => letter.toUpperCase()),
    (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase(),
  ];
  const form = forms.find((candidate) => texts.every((text) => candidate(text) === text));
  const separator = texts.every((text) => !text.includes(' '))
    ? (['_', '-'].find((mark) => texts.some((text) => text.includes(mark))) ?? ' ')
    : ' ';
  return (form ?? ((text: string) => text))(typed).replaceAll(' ', separator);
}
