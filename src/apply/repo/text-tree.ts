import { OptimizerError } from '../../core/index.ts';

/** A value in a text, with its place in it; `end` is exclusive. */
export type TextNode =
  | {
      readonly kind: 'map';
      readonly start: number;
      readonly end: number;
      readonly members: readonly TextMember[];
    }
  | {
      readonly kind: 'list';
      readonly start: number;
      readonly end: number;
      readonly items: readonly TextNode[];
    }
  | { readonly kind: 'value'; readonly start: number; readonly end: number; readonly value: unknown };

export interface TextMember {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly node: TextNode;
}

/** The way to a value by member names and positions. */
export type Address = readonly (string | number)[];

/** How the edits of a tree are written in one format. Each returns the whole new text. */
export interface TextFormat {
  parse(text: string): TextNode;
  replace(text: string, address: Address, value: unknown): string;
  insertMember(text: string, map: Address, index: number, key: string, value: unknown): string;
  removeMember(text: string, map: Address, index: number): string;
  insertItem(text: string, list: Address, index: number, value: unknown): string;
  removeItem(text: string, list: Address, index: number): string;
}

/** A text cannot be parsed, or cannot be edited without touching more than the edit is about. */
export class TextFormatProblem extends OptimizerError {
  constructor(problem: string) {
    super(problem, { code: 'TEXT_FORMAT' });
  }
}

export function nodeAt(root: TextNode, address: Address): TextNode | undefined {
  let node: TextNode | undefined = root;
  for (const step of address) {
    if (node?.kind === 'map' && typeof step === 'string')
      node = node.members.find(({ key }) => key === step)?.node;
    else if (node?.kind === 'list' && typeof step === 'number') node = node.items[step];
    else return undefined;
  }
  return node;
}

/** The value of a node as plain data. */
export function valueOf(node: TextNode): unknown {
  switch (node.kind) {
    case 'map':
      return Object.fromEntries(node.members.map(({ key, node: member }) => [key, valueOf(member)]));
    case 'list':
      return node.items.map(valueOf);
    case 'value':
      return node.value;
    default:
      return node satisfies never;
  }
}

export const splice = (text: string, start: number, end: number, inserted: string): string =>
  text.slice(0, start) + inserted + text.slice(end);

export const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** White space at the start of the line that a place stands in. */
export const indentAt = (text: string, at: number): string =>
  /^[ \t]*/.exec(text.slice(lineStart(text, at), at))?.[0] ?? '';
