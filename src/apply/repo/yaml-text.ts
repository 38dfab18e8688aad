import { Document, isAlias, isMap, isScalar, isSeq, Scalar, type Node } from 'yaml';
import { lineStart, splice, TextFormatProblem, type Address, type TextFormat } from './text-tree.ts';
import { contentEnd, hasRange, isFlow, keyOf, pairs, render, YamlSource } from './yaml-source.ts';

const problem = (): TextFormatProblem =>
  new TextFormatProblem('it is written in a form that cannot be edited safely at this place');

/** The outermost collection in brackets around an address; `null` in block style. */
function flowAround(source: YamlSource, address: Address): Address | null {
  for (let length = 0; length <= address.length; length += 1) {
    const outer = address.slice(0, length);
    if (isFlow(source.nodeAt(outer))) return outer;
  }
  return null;
}

/** Writes a collection in brackets anew, with one change in it. */
function rewriteFlow(
  source: YamlSource,
  flow: Address,
  address: Address,
  change: (value: unknown) => unknown,
): string {
  const node = source.nodeAt(flow);
  const [start, end] = node.range;
  const value = changed(node.toJS(source.document), address.slice(flow.length), change);
  const isFilledList = Array.isArray(value) && value.some((item) => typeof item === 'object');
  const wasEmpty = (isSeq(node) || isMap(node)) && node.items.length === 0;
  if (wasEmpty && isFilledList) return replaceWhole(source, flow, value);
  const document = new Document(value);
  if (isMap(document.contents) || isSeq(document.contents)) document.contents.flow = true;
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: source.text[start + 1] === ' ' });
  return splice(source.text, start, end, text.trimEnd());
}

function changed(value: unknown, address: Address, change: (value: unknown) => unknown): unknown {
  const [first, ...rest] = address;
  if (first === undefined) return change(value);
  if (Array.isArray(value)) return value.with(Number(first), changed(value[Number(first)], rest, change));
  const record = value as Readonly<Record<string, unknown>>;
  return { ...record, [first]: changed(record[String(first)], rest, change) };
}

/** Writes the value of a member or item anew, in block style. */
function replaceWhole(source: YamlSource, address: Address, value: unknown): string {
  const parent = source.nodeAt(address.slice(0, -1));
  const node = source.nodeAt(address);
  const end = contentEnd(node);
  if (isMap(parent)) {
    const pair = pairs(parent).find((each) => keyOf(each) === address.at(-1));
    if (!hasRange(pair?.key)) throw problem();
    const colon = source.text.indexOf(':', pair.key.range[1]);
    const column = source.column(pair.key.range[0]);
    const key = keyOf(pair);
    const lines = source.member(key, value, column);
    const written = lines.slice(lines.indexOf(':', column + pair.key.range[1] - pair.key.range[0]) + 1);
    return splice(source.text, colon + 1, Math.max(end, colon + 1), fitEnd(source, end, written));
  }
  const column = dashColumn(source, node.range[0]);
  if (column === null) throw problem();
  const start = lineStart(source.text, node.range[0]);
  return splice(source.text, start, end, fitEnd(source, end, source.item(value, column)));
}

/** A rendered text ends with a line break exactly when what it replaces did. */
const fitEnd = ({ text }: YamlSource, end: number, rendered: string): string =>
  text[end - 1] === '\n' ? rendered : rendered.replace(/\r?\n$/, '');

/** Column of the dash in front of a place; `null` when something else stands before it. */
function dashColumn({ text }: YamlSource, at: number): number | null {
  const match = /^( *)- +$/.exec(text.slice(lineStart(text, at), at));
  return match === null ? null : (match[1]?.length ?? 0);
}

function replaceScalar(source: YamlSource, node: Scalar.Parsed, value: unknown, address: Address): string {
  const [start, end] = node.range;
  const isBlock = node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED;
  if (isBlock && typeof value === 'string') {
    const literal = blockLiteral(source, node, value);
    if (literal !== null) return splice(source.text, start, end, literal);
  }
  const written = inline(value, node.type, flowAround(source, address) !== null);
  if (start < end) return splice(source.text, start, end, written + (isBlock ? source.newline : ''));
  // Nothing stands there, and its place may be said to be behind a comment.
  const parent = source.nodeAt(address.slice(0, -1));
  const pair = isMap(parent) ? pairs(parent).find((each) => keyOf(each) === address.at(-1)) : undefined;
  if (!hasRange(pair?.key)) throw problem();
  const colon = source.text.indexOf(':', pair.key.range[1]);
  return splice(source.text, colon + 1, colon + 1, ` ${written}`);
}

/** The text as a literal block, indented as the one it replaces; `null` when a block cannot say it plainly. */
function blockLiteral(source: YamlSource, { range }: Scalar.Parsed, value: string): string | null {
  const [, first = ''] = source.text.slice(range[0], range[1]).split(/\r?\n/);
  const indent = /^ +/.exec(first)?.[0];
  const isPlain = value.trim() !== '' && !/^[ \n]|[ \t]\n|[ \t]$|\n\n$|\r/.test(value);
  if (indent === undefined || !isPlain) return null;
  const lines = value
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => (line === '' ? '' : indent + line));
  return [value.endsWith('\n') ? '|' : '|-', ...lines, ''].join(source.newline);
}

/** A value on one line, in the quotes that it had before where they can hold it. */
function inline(value: unknown, type: Scalar.Type | null | undefined, inFlow: boolean): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? 'null';
  if (type === Scalar.QUOTE_DOUBLE || /[\n\r\t]/.test(value)) return JSON.stringify(value);
  if (type === Scalar.QUOTE_SINGLE) return `'${value.replaceAll("'", "''")}'`;
  if (inFlow && /[,[\]{}]/.test(value)) return JSON.stringify(value);
  const plain = render({ k: value }, true).slice(3).trimEnd();
  return plain.includes('\n') ? JSON.stringify(value) : plain;
}

/** Edits of YAML that keep comments, order, quotes, anchors and layout: the text is spliced at parsed places. */
export const YAML_TEXT: TextFormat = {
  parse: (text) => new YamlSource(text).tree(),
  replace(text, address, value) {
    const source = new YamlSource(text);
    const node = source.nodeAt(address);
    if (isAlias(node))
      throw new TextFormatProblem('an alias stands there, so the edit would not be about this place alone');
    const isStructure = typeof value === 'object' && value !== null;
    if (isScalar(node) && !isStructure) return replaceScalar(source, node, value, address);
    const flow = flowAround(source, address.slice(0, -1));
    if (flow !== null) return rewriteFlow(source, flow, address, () => value);
    if (address.length === 0) throw problem();
    return replaceWhole(source, address, value);
  },
  insertMember(text, map, index, key, value) {
    const source = new YamlSource(text);
    const flow = flowAround(source, map);
    const add = (record: unknown): unknown =>
      Object.fromEntries(Object.entries(record as object).toSpliced(index, 0, [key, value]));
    if (flow !== null) return rewriteFlow(source, flow, map, add);
    const node = source.nodeAt(map);
    const [first] = isMap(node) ? pairs(node) : [];
    if (!isMap(node) || !hasRange(first?.key)) throw problem();
    const start = first.key.range[0];
    const column = source.column(start);
    const lines = source.member(key, value, column);
    const previous = pairs(node)[index - 1];
    if (previous === undefined) return splice(text, start, start, lines.trimStart() + ' '.repeat(column));
    const end = hasRange(previous.value) ? contentEnd(previous.value) : contentEnd(previous.key);
    return source.insertLines(source.lineEnd(end), lines);
  },
  removeMember(text, map, index) {
    const source = new YamlSource(text);
    const flow = flowAround(source, map);
    if (flow !== null)
      return rewriteFlow(source, flow, map, (record) =>
        Object.fromEntries(Object.entries(record as object).toSpliced(index, 1)),
      );
    const node = source.nodeAt(map);
    const all = isMap(node) ? pairs(node) : [];
    const [pair, next] = [all[index], all[index + 1]];
    if (!hasRange(pair?.key)) throw problem();
    const [start] = pair.key.range;
    const end = source.lineEnd(hasRange(pair.value) ? contentEnd(pair.value) : pair.key.range[1]);
    const isAfterDash = dashColumn(source, start) !== null;
    if (!isAfterDash && (all.length > 1 || map.length === 0))
      return source.cutLines(lineStart(text, start), end);
    if (!hasRange(next?.key)) throw problem();
    return splice(text, start, next.key.range[0], '');
  },
  insertItem(text, list, index, value) {
    const source = new YamlSource(text);
    const flow = flowAround(source, list);
    if (flow !== null)
      return rewriteFlow(source, flow, list, (items) => (items as unknown[]).toSpliced(index, 0, value));
    const node = source.nodeAt(list);
    const items: readonly Node[] = isSeq(node) ? node.items : [];
    const [first] = items;
    const column = hasRange(first) ? dashColumn(source, first.range[0]) : null;
    if (!hasRange(first) || column === null) throw problem();
    const previous = items[index - 1];
    const at =
      previous === undefined ? lineStart(text, first.range[0]) : source.lineEnd(contentEnd(previous));
    return source.insertLines(at, source.item(value, column));
  },
  removeItem(text, list, index) {
    const source = new YamlSource(text);
    const flow = flowAround(source, list);
    if (flow !== null)
      return rewriteFlow(source, flow, list, (items) => (items as unknown[]).toSpliced(index, 1));
    const node = source.nodeAt(list);
    const items: readonly Node[] = isSeq(node) ? node.items : [];
    const item = items[index];
    if (!hasRange(item) || dashColumn(source, item.range[0]) === null) throw problem();
    if (items.length === 1) return replaceWhole(source, list, []);
    return source.cutLines(lineStart(text, item.range[0]), source.lineEnd(contentEnd(item)));
  },
};
