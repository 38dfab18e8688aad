import { isExactNumber } from '../../spaces/index.ts';
import {
  indentAt,
  nodeAt,
  splice,
  TextFormatProblem,
  type Address,
  type TextFormat,
  type TextMember,
  type TextNode,
} from './text-tree.ts';

const STRING = /"(?:[^"\\]|\\.)*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\r\n]*/y;

class JsonParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): TextNode {
    if (this.#text.startsWith('\uFEFF')) this.#at = 1;
    const root = this.#node();
    this.#take(SPACE);
    if (this.#at < this.#text.length) throw this.#unexpected();
    return root;
  }

  #node(): TextNode {
    this.#take(SPACE);
    const start = this.#at;
    if (this.#isNext('{')) return this.#map(start);
    if (this.#isNext('[')) return this.#list(start);
    const literal = this.#take(STRING) ?? this.#take(WORD);
    if (literal !== null) return { kind: 'value', start, end: this.#at, value: this.#parsed(literal) };
    const number = this.#take(NUMBER);
    if (number === null) throw this.#unexpected();
    const value = String(Number(number)) === number ? Number(number) : { $number: number };
    return { kind: 'value', start, end: this.#at, value };
  }

  #map(start: number): TextNode {
    const members: TextMember[] = [];
    this.#at += 1;
    this.#take(SPACE);
    while (!this.#isNext('}')) {
      if (members.length > 0) this.#expect(',');
      this.#take(SPACE);
      const keyStart = this.#at;
      const key = this.#take(STRING);
      if (key === null) throw this.#unexpected();
      const keyEnd = this.#at;
      this.#take(SPACE);
      this.#expect(':');
      members.push({ key: String(this.#parsed(key)), keyStart, keyEnd, node: this.#node() });
      this.#take(SPACE);
    }
    this.#at += 1;
    const names = new Set(members.map(({ key }) => key));
    if (names.size < members.length) throw new TextFormatProblem('an object has two members of one name');
    return { kind: 'map', start, end: this.#at, members };
  }

  #list(start: number): TextNode {
    const items: TextNode[] = [];
    this.#at += 1;
    this.#take(SPACE);
    while (!this.#isNext(']')) {
      if (items.length > 0) this.#expect(',');
      items.push(this.#node());
      this.#take(SPACE);
    }
    this.#at += 1;
    return { kind: 'list', start, end: this.#at, items };
  }

  #parsed(literal: string): unknown {
    try {
      return JSON.parse(literal);
    } catch {
      throw this.#unexpected();
    }
  }

  #isNext(char: string): boolean {
    return this.#text[this.#at] === char;
  }

  #expect(char: string): void {
    if (!this.#isNext(char)) throw this.#unexpected();
    this.#at += 1;
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }

  #unexpected(): TextFormatProblem {
    const line = this.#text.slice(0, this.#at).split('\n').length;
    const found = this.#text[this.#at];
    return new TextFormatProblem(
      `it is no JSON: ${found === undefined ? 'the text ends too early' : `unexpected '${found}' in line ${line}`}`,
    );
  }
}

/** How a JSON text is laid out, found in the text itself. */
interface JsonStyle {
  /** One step of indentation; `null` when all stands on one line. */
  readonly indent: string | null;
  readonly newline: string;
  readonly colon: string;
  readonly comma: string;
  /** Whether letters beyond ASCII are escaped. */
  readonly ascii: boolean;
}

function styleOf(text: string): JsonStyle {
  const indent = /[{[]\s*?\n([ \t]+)\S/.exec(text)?.[1] ?? (/\n/.test(text.trim()) ? '  ' : null);
  return {
    indent,
    newline: text.includes('\r\n') ? '\r\n' : '\n',
    colon: /[{,]\s*"(?:[^"\\]|\\.)*"\s*:(?=\S)/.test(text)
      ? ':'
      : indent === null && !text.includes('": ')
        ? ':'
        : ': ',
    comma: indent === null && /,(?=\S)/.test(text) ? ',' : indent === null && !/, /.test(text) ? ',' : ', ',
    ascii: /\\u[0-9a-f]{4}/i.test(text) && !/[\u0080-\uffff]/.test(text),
  };
}

/** A JSON string in which letters beyond ASCII are escaped, or not. */
export function jsonString(text: string, ascii: boolean): string {
  const literal = JSON.stringify(text);
  return ascii
    ? literal.replaceAll(
        /[\u007f-\uffff]/g,
        (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
    : literal;
}

/** The literal with the escapes that another literal uses. */
export const jsonStringLike = (text: string, literal: string): string =>
  jsonString(text, styleOf(literal).ascii);

/** @param indent - of the line that the value starts in; `null` to write it on one line */
function write(value: unknown, style: JsonStyle, indent: string | null): string {
  if (typeof value === 'string') return jsonString(value, style.ascii);
  if (isExactNumber(value)) return value.$number;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const inner = indent === null || style.indent === null ? null : indent + style.indent;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((item) => write(item, style, inner))
    : Object.entries(value).flatMap(([key, item]) =>
        item === undefined
          ? []
          : [`${jsonString(key, style.ascii)}${style.colon}${write(item, style, inner)}`],
      );
  const [open, close] = isList ? '[]' : '{}';
  if (parts.length === 0) return `${open}${close}`;
  if (inner === null) return `${open}${parts.join(style.comma)}${close}`;
  const { newline } = style;
  return `${open}${newline}${inner}${parts.join(`,${newline}${inner}`)}${newline}${indent}${close}`;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function insertChild(
  text: string,
  container: Range,
  children: readonly Range[],
  index: number,
  render: (style: JsonStyle, indent: string | null) => string,
): string {
  const style = styleOf(text);
  const [first] = children;
  if (first === undefined) {
    const outer = indentAt(text, container.start);
    const inner = style.indent === null ? null : outer + style.indent;
    const { newline } = style;
    const body =
      inner === null ? render(style, null) : `${newline}${inner}${render(style, inner)}${newline}${outer}`;
    return splice(text, container.start + 1, container.end - 1, body);
  }
  const isSpread = text.slice(container.start, first.start).includes('\n');
  const indent = isSpread ? indentAt(text, first.start) : null;
  const gap = `,${indent === null ? style.comma.slice(1) : style.newline + indent}`;
  const child = render(style, indent);
  const previous = children[index - 1];
  return previous === undefined
    ? splice(text, first.start, first.start, child + gap)
    : splice(text, previous.end, previous.end, gap + child);
}

function removeChild(text: string, container: Range, children: readonly Range[], index: number): string {
  const [previous, child, next] = [children[index - 1], children[index], children[index + 1]];
  if (child === undefined) return text;
  if (previous !== undefined) return splice(text, previous.end, child.end, '');
  if (next !== undefined) return splice(text, child.start, next.start, '');
  return splice(text, container.start + 1, container.end - 1, '');
}

const parse = (text: string): TextNode => new JsonParser(text).document();

function find(text: string, address: Address): TextNode {
  const node = nodeAt(parse(text), address);
  if (node === undefined) throw new TextFormatProblem(`nothing stands at ${address.join('.')}`);
  return node;
}

const memberRanges = (node: TextNode): Range[] =>
  node.kind === 'map' ? node.members.map(({ keyStart, node: { end } }) => ({ start: keyStart, end })) : [];
const itemRanges = (node: TextNode): readonly Range[] => (node.kind === 'list' ? node.items : []);

/** Edits of JSON that keep indentation, key order, escapes and everything that they are not about. */
export const JSON_TEXT: TextFormat = {
  parse,
  replace(text, address, value) {
    const { start, end } = find(text, address);
    const style = styleOf(text);
    return splice(
      text,
      start,
      end,
      write(value, style, style.indent === null ? null : indentAt(text, start)),
    );
  },
  insertMember(text, map, index, key, value) {
    const node = find(text, map);
    return insertChild(
      text,
      node,
      memberRanges(node),
      index,
      (style, indent) => `${jsonString(key, style.ascii)}${style.colon}${write(value, style, indent)}`,
    );
  },
  removeMember(text, map, index) {
    const node = find(text, map);
    return removeChild(text, node, memberRanges(node), index);
  },
  insertItem(text, list, index, value) {
    const node = find(text, list);
    return insertChild(text, node, itemRanges(node), index, (style, indent) => write(value, style, indent));
  },
  removeItem(text, list, index) {
    const node = find(text, list);
    return removeChild(text, node, itemRanges(node), index);
  },
};
