import { HEX_ID, type NewId } from '../../core/index.ts';
import { compareByKeys } from '../../spaces/index.ts';
import type { TemplateVariables } from '../../sql/index.ts';
import { FileTemplates } from '../repo/file-templates.ts';
import { JSON_TEXT } from '../repo/json-text.ts';
import { fieldAt, spacePart, SPACE_LAYOUT } from '../repo/space-file.ts';
import { nodeAt, splice, valueOf, type Address, type TextNode } from '../repo/text-tree.ts';
import type { DeployFailure, DeployFailureCode } from './classify-failure.ts';

export interface FixContext {
  readonly failure: DeployFailure;
  readonly variables: TemplateVariables;
  readonly newId: NewId;
}

export interface Fixed {
  readonly text: string;
  /** What was changed, one line each, for people. */
  readonly changes: readonly string[];
}

/** Repairs the source file of a space after a failed deployment; `null` when it finds nothing to repair. Pure. */
export type Fixer = (fileText: string, context: FixContext) => Fixed | null;

/** Most functions, and most benchmark questions, that a deployment takes. @see spec/control-levers.md §3 */
const MAX_ITEMS = 50;

/** Repairs that are safe without asking; each keeps the formatting of the file. @see spec/control-levers.md §5 */
export const DEPLOY_FIXERS: Readonly<Partial<Record<DeployFailureCode, Fixer>>> = {
  UNSORTED_ARRAY: (text) => repair(text, sortLists),
  // New ids stand elsewhere in the order.
  INVALID_ID: (text, { newId }) =>
    repair(text, (part, note) => sortLists(replaceIds(part, newId, note), note)),
  STRING_NOT_ARRAY: (text) => repair(text, wrapTexts),
  TOO_MANY_ITEMS: (text) => repair(text, truncateLists),
  UNKNOWN_FIELD: (text, { failure }) =>
    repair(text, (part, note) => (failure.subject === null ? part : dropField(part, failure.subject, note))),
  UNRESOLVED_TEMPLATE: (text, { variables }) =>
    repair(text, (part, note) => resolveTexts(part, new FileTemplates(part, variables), note)),
};

type Note = (line: string) => void;
type Repair = (text: string, note: Note) => string;

function repair(fileText: string, work: Repair): Fixed | null {
  const { text, around } = spacePart(fileText);
  const changes: string[] = [];
  const next = around(work(text, (line) => void changes.push(line)));
  return next === fileText ? null : { text: next, changes };
}

/** Addresses of a tree, inner ones before the ones around them. */
function addresses(node: TextNode, at: Address = []): Address[] {
  const inner: readonly (readonly [string | number, TextNode])[] =
    node.kind === 'map'
      ? node.members.map(({ key, node: member }) => [key, member] as const)
      : node.kind === 'list'
        ? node.items.map((item, index) => [index, item] as const)
        : [];
  return [...inner.flatMap(([step, child]) => addresses(child, [...at, step])), at];
}

/** Visits each place of the text as the repairs so far leave it; places keep their addresses. */
function walk(text: string, visit: (text: string, address: Address, node: TextNode) => string): string {
  let next = text;
  for (const address of addresses(JSON_TEXT.parse(text))) {
    const node = nodeAt(JSON_TEXT.parse(next), address);
    if (node !== undefined) next = visit(next, address, node);
  }
  return next;
}

function sortLists(text: string, note: Note): string {
  return walk(text, (now, address, node) => {
    const field = fieldAt(address);
    if (node.kind !== 'list' || field?.kind !== 'list' || field.sortKeys.length === 0) return now;
    const compare = compareByKeys(field.sortKeys);
    const { items } = node;
    const sorted = items.toSorted((a, b) => compare(valueOf(a), valueOf(b)));
    if (sorted.every((item, index) => item === items[index])) return now;
    note(`sorted ${address.join('.')} by ${field.sortKeys.join(', ')}`);
    // The texts change places; what stands between them stays.
    return items.reduceRight((result, { start, end }, index) => {
      const item = sorted[index];
      return item === undefined ? result : splice(result, start, end, now.slice(item.start, item.end));
    }, now);
  });
}

function replaceIds(text: string, newId: NewId, note: Note): string {
  return walk(text, (now, address, node) => {
    const isItem = typeof address.at(-1) === 'number';
    const field = isItem ? fieldAt(address.slice(0, -1)) : undefined;
    if (node.kind !== 'map' || field?.kind !== 'list' || !Object.hasOwn(field.shape, 'id')) return now;
    const found = nodeAt(node, ['id']);
    const old = found === undefined ? undefined : valueOf(found);
    if (typeof old === 'string' && HEX_ID.test(old)) return now;
    const id = newId();
    note(`${address.join('.')}: id ${JSON.stringify(old) ?? 'missing'} → ${id}`);
    if (found !== undefined) return JSON_TEXT.replace(now, [...address, 'id'], id);
    const index = SPACE_LAYOUT.memberIndex(
      address,
      node.members.map(({ key }) => key),
      'id',
    );
    return JSON_TEXT.insertMember(now, address, index, 'id', id);
  });
}

function wrapTexts(text: string, note: Note): string {
  return walk(text, (now, address, node) => {
    if (fieldAt(address)?.kind !== 'text' || node.kind !== 'value' || typeof node.value !== 'string')
      return now;
    note(`${address.join('.')}: text → list of one text`);
    return JSON_TEXT.replace(now, address, [node.value]);
  });
}

/** Lists that the service takes only up to a length. */
const LIMITED: readonly Address[] = [
  ['instructions', 'sql_functions'],
  ['benchmarks', 'questions'],
];

function truncateLists(text: string, note: Note): string {
  let next = text;
  for (const address of LIMITED) {
    const list = nodeAt(JSON_TEXT.parse(next), address);
    if (list?.kind !== 'list') continue;
    for (let index = list.items.length - 1; index >= MAX_ITEMS; index -= 1) {
      const id = nodeAt(list, [index, 'id']);
      note(`${address.join('.')}: removed ${id === undefined ? `item ${index + 1}` : String(valueOf(id))}`);
      next = JSON_TEXT.removeItem(next, address, index);
    }
  }
  return next;
}

/** Removes a field wherever it is not documented. */
function dropField(text: string, name: string, note: Note): string {
  return walk(text, (now, address, node) => {
    const index = node.kind === 'map' ? node.members.findIndex(({ key }) => key === name) : -1;
    if (index < 0 || fieldAt([...address, name]) !== undefined) return now;
    note(`removed ${[...address, name].join('.')}`);
    return JSON_TEXT.removeMember(now, address, index);
  });
}

function resolveTexts(text: string, templates: FileTemplates, note: Note): string {
  return walk(text, (now, address, node) => {
    if (node.kind !== 'value' || typeof node.value !== 'string') return now;
    const resolved = templates.resolve(node.value);
    if (resolved === node.value) return now;
    note(`${address.join('.')}: placeholders resolved`);
    return JSON_TEXT.replace(now, address, resolved);
  });
}
