import { isScalar, type Pair, type YAMLMap } from 'yaml';
import { BenchmarkEditError } from './errors.ts';

/** New values by field; `null` removes the field. */
export type BenchmarkChanges = Readonly<
  Record<string, string | number | boolean | readonly (string | number)[] | null>
>;

/** Replacement of `from`–`to` of a text. */
export interface Splice {
  /** A new field, to be put behind the last one. */
  readonly added?: true;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Key of a mapping entry; keys that are no scalars stay nodes. */
export const keyOf = (pair: Pair): unknown => (isScalar(pair.key) ? pair.key.value : pair.key);

/** The edit that gives a field of a mapping its new value, or `null` when there is nothing to do. */
export function spliceFor(
  text: string,
  entry: YAMLMap,
  field: string,
  value: BenchmarkChanges[string],
): Splice | null {
  const flow = entry.flow === true;
  const pair = entry.items.find((item) => keyOf(item) === field);
  const indent = flow ? '' : ' '.repeat(columnOf(text, startOf(entry.items[0])));
  if (pair === undefined) {
    if (value === null) return null;
    return insertion(text, entry, field, value, flow, indent);
  }
  if (value === null) return removal(text, entry, pair, flow);
  const node = pair.value as { range?: [number, number, number] | null } | null;
  const [from, end] = node?.range ?? [endOfKey(text, pair), endOfKey(text, pair)];
  // Block values end behind their final line break; that break belongs to the next line.
  const to = from + text.slice(from, end).replace(/\s+$/, '').length;
  const commented = text.slice(to, lineEnd(text, to)).trim() !== '';
  const put = valueText(value, flow || commented, indent, eolOf(text));
  return { from, to, text: from === to ? ` ${put}` : put };
}

function insertion(
  text: string,
  entry: YAMLMap,
  field: string,
  value: NonNullable<BenchmarkChanges[string]>,
  flow: boolean,
  indent: string,
): Splice {
  const last = entry.items.at(-1);
  const end = flow ? endOf(text, last) : lineEnd(text, endOf(text, last));
  const eol = eolOf(text);
  const quotedKeys = flow && text[startOf(entry.items[0])] === '"';
  const key = quotedKeys ? JSON.stringify(field) : field;
  const put = `${key}: ${valueText(value, flow, indent, eol)}`;
  return { added: true, from: end, to: end, text: flow ? `, ${put}` : `${eol}${indent}${put}` };
}

function removal(text: string, entry: YAMLMap, pair: Pair, flow: boolean): Splice {
  const at = entry.items.indexOf(pair);
  const previous = entry.items[at - 1];
  const next = entry.items[at + 1];
  if (previous === undefined && next === undefined)
    throw new BenchmarkEditError(
      'The last field of a question cannot be removed. Remove the question instead.',
      {},
    );
  if (previous === undefined) return { from: startOf(pair), to: startOf(next), text: '' };
  const to = flow ? endOf(text, pair) : lineEnd(text, endOf(text, pair));
  return { from: flow ? endOf(text, previous) : lineStart(text, startOf(pair)) - 1, to, text: '' };
}

function valueText(
  value: NonNullable<BenchmarkChanges[string]>,
  inline: boolean,
  indent: string,
  eol: string,
): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const lines = value.split('\n');
  // A block needs printable text without leading blanks or a missing final break; quotes can say all else.
  const asBlock =
    !inline &&
    lines.length > 1 &&
    value.endsWith('\n') &&
    !/^\s|\n\n$|[^\n\x20-\x7e\u00a0-\ud7ff]/.test(value);
  if (!asBlock) return JSON.stringify(value);
  const body = lines.slice(0, -1).map((line) => (line === '' ? '' : `${indent}  ${line}`));
  return `|${eol}${body.join(eol)}`;
}

const rangeOf = (node: unknown): readonly [number, number, number] | null =>
  (node as { range?: [number, number, number] | null } | null)?.range ?? null;
const startOf = (pair: Pair | undefined): number => rangeOf(pair?.key)?.[0] ?? 0;

function endOfKey(text: string, pair: Pair): number {
  return text.indexOf(':', rangeOf(pair.key)?.[1] ?? 0) + 1;
}

/** End of the last visible character of a field. */
function endOf(text: string, pair: Pair | undefined): number {
  if (pair === undefined) return 0;
  const start = startOf(pair);
  const end = rangeOf(pair.value)?.[1] ?? endOfKey(text, pair);
  return start + text.slice(start, end).replace(/\s+$/, '').length;
}

const eolOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end === -1) return text.length;
  return text[end - 1] === '\r' && end > offset ? end - 1 : end;
}

const columnOf = (text: string, offset: number): number => offset - lineStart(text, offset);
