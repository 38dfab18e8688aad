import { isMap, isScalar, isSeq, parseDocument, stringify, visit } from 'yaml';
import type { Document, Pair, YAMLMap, YAMLSeq } from 'yaml';
import { sameJson } from '../spaces/index.ts';

/**
 * Edits of a metric view's YAML that change nothing but what they are about.
 *
 * The text is spliced at the ranges of the parsed nodes, then parsed again and compared with what the
 * edit should give: writing the document anew would keep the comments but rewrite the layout.
 * Anchors, aliases, merge keys and `$$` are refused.
 * @see spec/sql-and-duckdb.md §5, spec/databricks-apis.md §5.4
 */
export type YamlEdit =
  | { readonly status: 'text'; readonly text: string }
  | { readonly status: 'invalid'; readonly message: string };

export type MemberList = 'dimensions' | 'measures';
export type YamlMap = Readonly<Record<string, unknown>>;

/** What a metric view says, read leniently. */
export interface MetricView {
  readonly dimensions: readonly YamlMap[];
  readonly measures: readonly YamlMap[];
  readonly root: YamlMap;
}

interface Parsed {
  readonly text: string;
  readonly document: Document.Parsed;
  readonly root: YAMLMap.Parsed;
  readonly value: Record<string, unknown>;
}

const invalid = (message: string): YamlEdit => ({ status: 'invalid', message });

/** Reads a metric view, or says why it cannot be one. */
export function readMetricView(text: string): MetricView | { readonly problem: string } {
  const parsed = parse(text);
  if ('problem' in parsed) return parsed;
  const members = (list: MemberList): YamlMap[] => {
    const value = parsed.value[list] ?? (list === 'dimensions' ? parsed.value['fields'] : undefined);
    return Array.isArray(value)
      ? value.filter((item): item is YamlMap => typeof item === 'object' && item !== null)
      : [];
  };
  return { dimensions: members('dimensions'), measures: members('measures'), root: parsed.value };
}

/** The problem with a whole new definition: syntax, version, source, members without name or expression; `null` when it is sound. */
export function metricViewProblem(text: string): string | null {
  const view = readMetricView(text);
  if ('problem' in view) return view.problem;
  const { version, source } = view.root;
  if (!['0.1', '1.1'].includes(String(version)))
    return `version must be "0.1" or "1.1", found ${JSON.stringify(version)}`;
  if (typeof source !== 'string' || source.trim() === '') return 'source is missing';
  const names = new Set<string>();
  for (const member of [...view.dimensions, ...view.measures]) {
    const { name, expr } = member;
    if (typeof name !== 'string' || name === '') return 'a dimension or measure has no name';
    if (typeof expr !== 'string' || expr.trim() === '') return `'${name}' has no expr`;
    if (names.has(name.toLowerCase())) return `the name '${name}' is used twice`;
    names.add(name.toLowerCase());
  }
  return null;
}

/** Adds a member at the end of its list; the list is made at the end of the text when missing. */
export function addMember(text: string, list: MemberList, member: YamlMap): YamlEdit {
  const parsed = parse(text);
  if ('problem' in parsed) return invalid(parsed.problem);
  const expected = { ...parsed.value, [list]: [...asList(parsed.value[list]), member] };
  const found = pairOf(parsed.root, list)?.value;
  if (isSeq(found) && found.items.length > 0 && found.flow !== true) {
    const last = found.items.at(-1);
    const indent = dashColumn(text, found as YAMLSeq.Parsed, found.items.length - 1);
    if (indent === null || !hasRange(last))
      return invalid(`the list '${list}' is written in a form that cannot be edited safely`);
    return splice(text, lineEnd(text, last.range[1]), 0, itemText(member, indent), expected);
  }
  if (
    found === undefined ||
    found === null ||
    (isScalar(found) && found.value === null) ||
    (isSeq(found) && found.items.length === 0)
  ) {
    const pair = pairOf(parsed.root, list);
    if (pair === undefined)
      return splice(
        text,
        text.length,
        0,
        `${text === '' || text.endsWith('\n') ? '' : '\n'}${list}:\n${itemText(member, 2)}`,
        expected,
      );
    const keyEnd = endOf(pair.key);
    const valueEnd = hasRange(found) ? Math.max(found.range[1], keyEnd) : keyEnd;
    const colon = text.indexOf(':', keyEnd) + 1;
    const end = Math.max(colon, valueEnd);
    return splice(text, colon, end - colon, `\n${itemText(member, 2).trimEnd()}`, expected);
  }
  return invalid(`the list '${list}' is written in a form that cannot be edited safely`);
}

/** Sets some keys of a member; a new name is set last, so that the old one finds the member meanwhile. */
export function updateMember(text: string, list: MemberList, name: string, set: YamlMap): YamlEdit {
  return editMember(text, list, name, (_member, current, expected) => {
    const entries = Object.entries(set).sort(([a], [b]) => Number(a === 'name') - Number(b === 'name'));
    let next: YamlEdit = { status: 'text', text };
    for (const [key, value] of entries) {
      if (next.status === 'text' && !sameJson(current[key], value))
        next = setInMember(next.text, list, name, key, value);
    }
    return verified(next, expected({ ...current, ...set }));
  });
}

function setInMember(text: string, list: MemberList, name: string, key: string, value: unknown): YamlEdit {
  return editMember(text, list, name, (member, current, expected) =>
    setInMap(text, member, key, value, expected({ ...current, [key]: value })),
  );
}

/** Removes a member with its lines; comment lines above it stay. */
export function removeMember(text: string, list: MemberList, name: string): YamlEdit {
  const parsed = parse(text);
  if ('problem' in parsed) return invalid(parsed.problem);
  const pair = pairOf(parsed.root, list);
  const found = pair?.value;
  const index = asList(parsed.value[list]).findIndex((item) => memberName(item) === name.toLowerCase());
  if (!isSeq(found) || found.flow === true || index < 0)
    return invalid(`'${name}' is no member of ${list} that can be edited`);
  const node = found.items[index];
  if (!hasRange(node)) return invalid(`'${name}' cannot be located`);
  const expected = { ...parsed.value, [list]: asList(parsed.value[list]).toSpliced(index, 1) };
  const column = dashColumn(text, found as YAMLSeq.Parsed, index);
  if (column === null) return invalid(`'${name}' is written in a form that cannot be edited safely`);
  const start = lineStart(text, node.range[0]);
  const end = lineEnd(text, node.range[1]);
  if (found.items.length > 1) return splice(text, start, end - start, '', expected);
  const keyEnd = endOf(pair?.key);
  const colon = text.indexOf(':', keyEnd) + 1;
  const tail = text.slice(end - 1, end) === '\n' ? '\n' : '';
  return splice(text, colon, end - colon, ` []${tail}`, expected);
}

/** Sets the comment of the view itself. */
export function setViewComment(text: string, comment: string): YamlEdit {
  const parsed = parse(text);
  if ('problem' in parsed) return invalid(parsed.problem);
  return setInMap(text, parsed.root, 'comment', comment, { ...parsed.value, comment });
}

type MemberEdit = (
  member: YAMLMap.Parsed,
  current: YamlMap,
  expected: (next: YamlMap) => Record<string, unknown>,
) => YamlEdit;

function editMember(text: string, list: MemberList, name: string, edit: MemberEdit): YamlEdit {
  const parsed = parse(text);
  if ('problem' in parsed) return invalid(parsed.problem);
  const items = asList(parsed.value[list]);
  const index = items.findIndex((item) => memberName(item) === name.toLowerCase());
  const found = pairOf(parsed.root, list)?.value;
  const member = isSeq(found) ? found.items[index] : undefined;
  if (!isMap(member)) return invalid(`'${name}' is no member of ${list} that can be edited`);
  const current = items[index] as YamlMap;
  return edit(member as YAMLMap.Parsed, current, (next) => ({
    ...parsed.value,
    [list]: items.with(index, next),
  }));
}

function setInMap(
  text: string,
  map: YAMLMap.Parsed,
  key: string,
  value: unknown,
  expected: Record<string, unknown>,
): YamlEdit {
  if (map.flow === true) return invalid('a map in braces cannot be edited safely');
  const pair = pairOf(map, key);
  if (pair === undefined) {
    const [first] = map.items;
    const last = map.items.at(-1)?.value;
    const end = hasRange(last) ? last.range[1] : map.range[1];
    const column = hasRange(first?.key) ? first.key.range[0] - lineStart(text, first.key.range[0]) : 0;
    const at = lineEnd(text, end);
    const before = at > 0 && text[at - 1] !== '\n' ? '\n' : '';
    return splice(text, at, 0, `${before}${' '.repeat(column)}${key}: ${inline(value)}\n`, expected);
  }
  const node = pair.value;
  if (!hasRange(node)) return invalid(`'${key}' cannot be located`);
  const source = text.slice(node.range[0], node.range[1]);
  const lead = source === '' && text[node.range[0] - 1] === ':' ? ' ' : '';
  return splice(
    text,
    node.range[0],
    source.length,
    `${lead}${inline(value)}${source.endsWith('\n') ? '\n' : ''}`,
    expected,
  );
}

/** A value on one line: plain or quoted scalars as YAML likes them, lists and maps in brackets. */
function inline(value: unknown): string {
  if (typeof value === 'string') {
    const plain = stringify(value, { lineWidth: 0 }).trimEnd();
    return plain.includes('\n') ? JSON.stringify(value) : plain;
  }
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : stringify(value).trimEnd();
}

function itemText(member: YamlMap, indent: number): string {
  const lines = Object.entries(member).map(([key, value]) => `${key}: ${inline(value)}`);
  const pad = ' '.repeat(indent);
  return `${lines.map((line, index) => `${pad}${index === 0 ? '- ' : '  '}${line}`).join('\n')}\n`;
}

function parse(text: string): Parsed | { readonly problem: string } {
  if (text.includes('$$'))
    return { problem: "the text contains '$$', which ends the statement it must be put into" };
  const document = parseDocument(text, { keepSourceTokens: true });
  const [error] = document.errors;
  if (error !== undefined) return { problem: `it is no YAML: ${error.message.split('\n')[0] ?? ''}` };
  if (!isMap(document.contents))
    return { problem: 'it must be a map with version, source, dimensions and measures' };
  let clever = false;
  visit(document, {
    Alias: () => void (clever = true),
    Node: (_key, node) => void (clever ||= 'anchor' in node && node.anchor !== undefined),
    Pair: (_key, pair) => void (clever ||= isScalar(pair.key) && pair.key.value === '<<'),
  });
  if (clever) return { problem: 'it uses anchors, aliases or merge keys, which cannot be edited safely' };
  return {
    text,
    document,
    root: document.contents,
    value: document.toJS() as Record<string, unknown>,
  };
}

function splice(
  text: string,
  at: number,
  removed: number,
  inserted: string,
  expected: Record<string, unknown>,
): YamlEdit {
  const lead =
    removed === 0 && at === text.length && at > 0 && text[at - 1] !== '\n' && !inserted.startsWith('\n')
      ? '\n'
      : '';
  return verified(
    { status: 'text', text: text.slice(0, at) + lead + inserted + text.slice(at + removed) },
    expected,
  );
}

function verified(edit: YamlEdit, expected: Record<string, unknown>): YamlEdit {
  if (edit.status === 'invalid') return edit;
  const again = parse(edit.text);
  if ('problem' in again) return invalid(again.problem);
  return sameJson(again.value, expected)
    ? edit
    : invalid('it is written in a form that cannot be edited safely');
}

const pairOf = (map: YAMLMap.Parsed, key: string): Pair | undefined =>
  map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const memberName = (item: unknown): string => {
  const name = (item as YamlMap | null)?.['name'];
  return typeof name === 'string' ? name.toLowerCase() : '';
};
const hasRange = (node: unknown): node is { range: [number, number, number] } =>
  typeof node === 'object' && node !== null && Array.isArray((node as { range?: unknown }).range);

/** Where a node's own text ends; 0 for a node without place, which parsed nodes never are. */
const endOf = (node: unknown): number => (hasRange(node) ? node.range[1] : 0);

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;
/** Behind the line feed of the line that `at` closes; `at` itself when it is at a line's start already. */
function lineEnd(text: string, at: number): number {
  if (at > 0 && text[at - 1] === '\n') return at;
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

/** Column of the dash of a list item; `null` when something else stands before the item. */
function dashColumn(text: string, list: YAMLSeq.Parsed, index: number): number | null {
  const node = list.items[index];
  if (!hasRange(node)) return null;
  const start = lineStart(text, node.range[0]);
  const match = /^( *)- +$/.exec(text.slice(start, node.range[0]));
  return match === null ? null : (match[1]?.length ?? 0);
}
