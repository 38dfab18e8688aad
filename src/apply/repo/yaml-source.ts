import { Document, isAlias, isMap, isScalar, isSeq, parseDocument, type Pair, type ParsedNode } from 'yaml';
import {
  indentAt,
  lineStart,
  splice,
  TextFormatProblem,
  type Address,
  type TextMember,
  type TextNode,
} from './text-tree.ts';

/** What was parsed of a YAML text. */
export class YamlSource {
  readonly text: string;
  readonly document: Document.Parsed;
  readonly newline: string;

  constructor(text: string) {
    this.text = text;
    this.newline = text.includes('\r\n') ? '\r\n' : '\n';
    this.document = parseDocument(text, { keepSourceTokens: true });
    const [error] = this.document.errors;
    if (error !== undefined)
      throw new TextFormatProblem(`it is no YAML: ${error.message.split('\n')[0] ?? ''}`);
  }

  nodeAt(address: Address): ParsedNode {
    let node: unknown = this.document.contents;
    for (const step of address) {
      if (isMap(node) && typeof step === 'string')
        node = pairs(node).find((pair) => keyOf(pair) === step)?.value;
      else if (isSeq(node) && typeof step === 'number') node = node.items[step];
      else node = undefined;
    }
    if (!hasRange(node))
      throw new TextFormatProblem(`nothing that can be edited stands at ${address.join('.')}`);
    return node;
  }

  /** Whether the lists of the text stand deeper than their key. */
  get indentsLists(): boolean {
    const { contents } = this.document;
    const list = isMap(contents) ? pairs(contents).find(({ value }) => isBlockSeq(value)) : undefined;
    const value = list?.value;
    return !isBlockSeq(value) || indentAt(this.text, value.range[0]) !== '';
  }

  /** Behind the line that a place stands in; the place itself when a line starts there. */
  lineEnd(at: number): number {
    if (at > 0 && this.text[at - 1] === '\n') return at;
    const end = this.text.indexOf('\n', at);
    return end < 0 ? this.text.length : end + 1;
  }

  column(at: number): number {
    return at - lineStart(this.text, at);
  }

  /** Lines put behind other lines: a text that does not end with a line break gets one before, not after. */
  insertLines(at: number, lines: string): string {
    const isOpen = at > 0 && this.text[at - 1] !== '\n';
    return splice(this.text, at, at, isOpen ? this.newline + lines.replace(/\r?\n$/, '') : lines);
  }

  /** Without some whole lines; the text ends with a line break after that exactly when it did before. */
  cutLines(start: number, end: number): string {
    const isOpen = end === this.text.length && !this.text.endsWith('\n');
    const cut = splice(this.text, start, end, '');
    return isOpen ? cut.replace(/\r?\n$/, '') : cut;
  }

  /** `key: value` in block style, each line behind `column` spaces, with a line break at the end. */
  member(key: string, value: unknown, column: number): string {
    return this.#indented(render({ [key]: value }, this.indentsLists), column);
  }

  item(value: unknown, column: number): string {
    return this.#indented(render([value], this.indentsLists), column);
  }

  #indented(lines: string, column: number): string {
    const pad = ' '.repeat(column);
    return lines
      .split('\n')
      .map((line) => (line === '' ? '' : pad + line))
      .join(this.newline);
  }

  tree(node: unknown = this.document.contents): TextNode {
    const [start, end] = hasRange(node) ? node.range : [0, 0];
    if (isMap(node)) {
      const members = pairs(node).map((pair): TextMember => {
        const [keyStart, keyEnd] = hasRange(pair.key) ? pair.key.range : [start, start];
        return { key: keyOf(pair), keyStart, keyEnd, node: this.tree(pair.value) };
      });
      return { kind: 'map', start, end, members };
    }
    if (isSeq(node)) return { kind: 'list', start, end, items: node.items.map((item) => this.tree(item)) };
    if (isAlias(node)) return { kind: 'value', start, end, value: node.toJS(this.document) };
    return { kind: 'value', start, end, value: isScalar(node) ? node.value : null };
  }
}

type Ranged = ParsedNode;
type Block = Extract<ParsedNode, { items: unknown[] }>;

export const hasRange = (node: unknown): node is Ranged =>
  typeof node === 'object' && node !== null && Array.isArray((node as { range?: unknown }).range);
export const pairs = (map: { readonly items: readonly unknown[] }): readonly Pair[] =>
  map.items as readonly Pair[];
export const keyOf = ({ key }: Pair): string => String(isScalar(key) ? key.value : key);
export const isFlow = (node: unknown): boolean => (isMap(node) || isSeq(node)) && node.flow === true;
const isBlockSeq = (node: unknown): node is Block => isSeq(node) && node.flow !== true && hasRange(node);

export const render = (value: unknown, indentSeq: boolean): string =>
  new Document(value).toString({ lineWidth: 0, indentSeq });

/** Where the last character of a value stands; comments behind it do not count. */
export function contentEnd(node: unknown): number {
  if (isMap(node) && node.flow !== true) {
    const last = pairs(node).at(-1);
    return hasRange(last?.value) ? contentEnd(last.value) : hasRange(last?.key) ? last.key.range[1] : 0;
  }
  if (isSeq(node) && node.flow !== true) return contentEnd(node.items.at(-1));
  return hasRange(node) ? node.range[1] : 0;
}
