import { sameJson, type PathSegment, type SpacePath } from '../../spaces/index.ts';
import type { FileTemplates } from './file-templates.ts';
import {
  nodeAt,
  TextFormatProblem,
  valueOf,
  type Address,
  type TextFormat,
  type TextNode,
} from './text-tree.ts';

/** Where new parts go, and what becomes of parts that are left empty. */
export interface Layout {
  /** Position of a new member among those present. */
  memberIndex(map: Address, present: readonly string[], key: string): number;
  /** Position of a new item among those present. */
  itemIndex(list: Address, present: readonly unknown[], item: unknown): number;
  /** Whether a list or map that lost its last part is removed itself. */
  dropsEmpty(address: Address): boolean;
  /** Whether the key of an item is the one that is looked for. */
  sameKey(found: unknown, wanted: string): boolean;
}

/** An item on the way to a place is not in the file, so the place cannot be written. */
export class MissingItem extends TextFormatProblem {}

/**
 * A document in a text, edited in place: what an edit is not about keeps its characters.
 *
 * Values are given and read as on the live side; the file's placeholders are put in and resolved here.
 */
export class DocumentEditor {
  readonly #format: TextFormat;
  readonly #templates: FileTemplates;
  readonly #layout: Layout;
  #text: string;
  #root: TextNode;

  /** @throws {TextFormatProblem} */
  constructor(format: TextFormat, text: string, templates: FileTemplates, layout: Layout) {
    this.#format = format;
    this.#templates = templates;
    this.#layout = layout;
    this.#text = text;
    this.#root = format.parse(text);
  }

  get text(): string {
    return this.#text;
  }

  /** The value at a path, placeholders resolved; `undefined` when any part of it is absent. */
  read(path: SpacePath): unknown {
    const { address, rest } = this.#locate(path);
    return rest.length > 0 ? undefined : this.#valueAt(address);
  }

  /**
   * Sets the value at a path, or removes it when `next` is `undefined`; of a value that was there only what differs
   * is written.
   *
   * @throws {MissingItem} @throws {TextFormatProblem}
   */
  set(path: SpacePath, next: unknown): void {
    const { address, rest } = this.#locate(path);
    const [first, ...inner] = rest;
    if (first === undefined) {
      if (next === undefined) this.#remove(address);
      else this.#merge(address, next);
      return;
    }
    if (next === undefined) return;
    const parent = nodeAt(this.#root, address);
    if (typeof first === 'string') {
      const value = nested(inner, next);
      if (parent?.kind === 'map') this.#addMember(address, first, value);
      else this.#replace(address, { [first]: value });
      return;
    }
    if (inner.length > 0) throw missing(first);
    if (parent?.kind === 'list') this.#addItem(address, next);
    else this.#replace(address, [next]);
  }

  /** As far as the path leads, and what is left of it. */
  #locate(path: SpacePath): { address: Address; rest: SpacePath } {
    const address: (string | number)[] = [];
    let node = this.#root;
    for (const [at, segment] of path.entries()) {
      const step = this.#stepInto(node, segment);
      const next = step === null ? undefined : nodeAt(node, [step]);
      if (step === null || next === undefined) return { address, rest: path.slice(at) };
      address.push(step);
      node = next;
    }
    return { address, rest: [] };
  }

  #stepInto(node: TextNode, segment: PathSegment): string | number | null {
    if (typeof segment === 'string') return node.kind === 'map' ? segment : null;
    if (node.kind !== 'list') return null;
    const index = node.items.findIndex((item) => {
      const key = nodeAt(item, [segment.by]);
      return key !== undefined && this.#layout.sameKey(this.#resolved(key), segment.is);
    });
    return index < 0 ? null : index;
  }

  #valueAt(address: Address): unknown {
    const node = nodeAt(this.#root, address);
    return node === undefined ? undefined : this.#resolved(node);
  }

  #resolved(node: TextNode): unknown {
    return this.#templates.resolveValue(valueOf(node));
  }

  /** Brings a value to another with as few changes as it takes. */
  #merge(address: Address, next: unknown): void {
    const node = nodeAt(this.#root, address);
    if (node === undefined || sameJson(this.#resolved(node), next)) return;
    if (node.kind === 'map' && isRecord(next)) {
      for (const { key } of node.members) if (next[key] === undefined) this.#remove([...address, key]);
      for (const [key, value] of Object.entries(next)) {
        if (value === undefined) continue;
        if (nodeAt(this.#root, [...address, key]) === undefined) this.#addMember(address, key, value);
        else this.#merge([...address, key], value);
      }
    } else if (node.kind === 'list' && Array.isArray(next) && node.items.length > 0 && next.length > 0) {
      this.#mergeList(
        address,
        node.items.map((item) => this.#resolved(item)),
        next,
      );
    } else this.#replace(address, next);
  }

  #mergeList(address: Address, before: readonly unknown[], after: readonly unknown[]): void {
    const shortest = Math.min(before.length, after.length);
    let head = 0;
    while (head < shortest && sameJson(before[head], after[head])) head += 1;
    let tail = 0;
    while (tail < shortest - head && sameJson(before.at(-1 - tail), after.at(-1 - tail))) tail += 1;
    const common = shortest - tail;
    for (let at = head; at < common; at += 1) this.#merge([...address, at], after[at]);
    for (let at = before.length - tail - 1; at >= common; at -= 1)
      this.#edit(
        (text) => this.#format.removeItem(text, address, at),
        address,
        (list) => (list as unknown[]).toSpliced(at, 1),
      );
    for (let at = common; at < after.length - tail; at += 1) this.#insertItem(address, at, after[at]);
  }

  #replace(address: Address, next: unknown): void {
    const node = nodeAt(this.#root, address);
    const old = node?.kind === 'value' && typeof node.value === 'string' ? node.value : undefined;
    const value =
      typeof next === 'string' ? this.#templates.write(next, old) : this.#templates.writeValue(next);
    this.#edit(
      (text) => this.#format.replace(text, address, value),
      address,
      () => value,
    );
  }

  #addMember(map: Address, key: string, next: unknown): void {
    const node = nodeAt(this.#root, map);
    const present = node?.kind === 'map' ? node.members.map((member) => member.key) : [];
    const index = this.#layout.memberIndex(map, present, key);
    const value = this.#templates.writeValue(next);
    this.#edit(
      (text) => this.#format.insertMember(text, map, index, key, value),
      map,
      (record) => ({ ...(record as object), [key]: value }),
    );
  }

  #addItem(list: Address, next: unknown): void {
    const node = nodeAt(this.#root, list);
    const present = node?.kind === 'list' ? node.items.map((item) => this.#resolved(item)) : [];
    this.#insertItem(list, this.#layout.itemIndex(list, present, next), next);
  }

  #insertItem(list: Address, index: number, next: unknown): void {
    const value = this.#templates.writeValue(next);
    this.#edit(
      (text) => this.#format.insertItem(text, list, index, value),
      list,
      (items) => (items as unknown[]).toSpliced(index, 0, value),
    );
  }

  #remove(address: Address): void {
    const parent = address.slice(0, -1);
    const step = address.at(-1);
    const node = nodeAt(this.#root, parent);
    if (typeof step === 'number' && node?.kind === 'list') {
      this.#edit(
        (text) => this.#format.removeItem(text, parent, step),
        parent,
        (items) => (items as unknown[]).toSpliced(step, 1),
      );
    } else if (typeof step === 'string' && node?.kind === 'map') {
      const index = node.members.findIndex(({ key }) => key === step);
      this.#edit(
        (text) => this.#format.removeMember(text, parent, index),
        parent,
        (record) => Object.fromEntries(Object.entries(record as object).filter(([key]) => key !== step)),
      );
    }
    const left = nodeAt(this.#root, parent);
    const isEmpty =
      (left?.kind === 'list' && left.items.length === 0) ||
      (left?.kind === 'map' && left.members.length === 0);
    if (isEmpty && parent.length > 0 && this.#layout.dropsEmpty(parent)) this.#remove(parent);
  }

  /** Takes an edit only when the text then says exactly what the edit should give. */
  #edit(edit: (text: string) => string, address: Address, expect: (value: unknown) => unknown): void {
    const expected = changeAt(valueOf(this.#root), address, expect);
    const text = edit(this.#text);
    const root = this.#format.parse(text);
    if (!sameJson(valueOf(root), expected))
      throw new TextFormatProblem('it is written in a form that cannot be edited safely at this place');
    this.#text = text;
    this.#root = root;
  }
}

const missing = ({ by, is }: { readonly by: string; readonly is: string }): MissingItem =>
  new MissingItem(`the file has no item with ${by} '${is}'`);

/** The value with the objects and lists around it that a path asks for. */
function nested(path: SpacePath, value: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (typeof first === 'string') return { [first]: nested(rest, value) };
  if (rest.length > 0) throw missing(first);
  return [value];
}

function changeAt(value: unknown, address: Address, change: (value: unknown) => unknown): unknown {
  const [first, ...rest] = address;
  if (first === undefined) return change(value);
  if (typeof first === 'number')
    return (value as unknown[]).with(first, changeAt((value as unknown[])[first], rest, change));
  const record = value as Readonly<Record<string, unknown>>;
  return { ...record, [first]: changeAt(record[first], rest, change) };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !('$number' in value);
