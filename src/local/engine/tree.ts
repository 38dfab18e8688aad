/**
 * Nodes of the parser's tree as plain JSON: an expression is an object with one key, its kind; the
 * value under it holds the parts.
 */
export type Node = Record<string, unknown>;

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The parts of a node when it is of that kind. */
export function partsOf(value: unknown, kind: string): Node | null {
  if (!isNode(value)) return null;
  const parts = value[kind];
  return isNode(parts) && Object.keys(value).length === 1 ? parts : null;
}

/** The kind of an expression node, or `null` when the value is no expression. */
export function kindOf(value: unknown): string | null {
  if (!isNode(value)) return null;
  const keys = Object.keys(value);
  return keys.length === 1 ? (keys[0] ?? null) : null;
}

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Name of an identifier part (`{ name, quoted }`), `''` when absent. */
export const nameOf = (value: unknown): string =>
  isNode(value) && typeof value['name'] === 'string' ? value['name'] : '';

export const identifier = (name: string): Node => ({ name, quoted: true, trailing_comments: [] });

export const column = (name: string, table: string | null = null): Node => ({
  column: {
    name: identifier(name),
    table: table === null ? null : identifier(table),
    join_mark: false,
    trailing_comments: [],
  },
});

export const call = (
  name: string,
  args: readonly unknown[],
  options: { readonly distinct?: boolean } = {},
): Node => ({
  function: {
    name,
    args,
    distinct: options.distinct ?? false,
    trailing_comments: [],
    use_bracket_syntax: false,
    no_parens: false,
    quoted: false,
  },
});

export const numberLiteral = (value: string | number): Node => ({
  literal: { literal_type: 'number', value: String(value) },
});
export const stringLiteral = (value: string): Node => ({ literal: { literal_type: 'string', value } });
export const nullLiteral = (): Node => ({ null: null });

export const aliased = (expression: unknown, name: string, columnNames: readonly string[] = []): Node => ({
  alias: {
    this: expression,
    alias: identifier(name),
    column_aliases: columnNames.map(identifier),
    pre_alias_comments: [],
    trailing_comments: [],
    alias_explicit_as: true,
  },
});

export const binary = (kind: string, left: unknown, right: unknown): Node => ({
  [kind]: { left, right, left_comments: [], operator_comments: [], trailing_comments: [] },
});

export const parenthesised = (expression: unknown): Node => ({
  paren: { this: expression, trailing_comments: [] },
});

/** The text of a string or number literal, else `null`. */
export function literalText(value: unknown, type: 'string' | 'number' = 'string'): string | null {
  const literal = partsOf(value, 'literal');
  if (literal === null || typeof literal['value'] !== 'string') return null;
  const kind = literal['literal_type'];
  return kind === type || (type === 'string' && kind === 'raw_string') ? literal['value'] : null;
}

/** Deep copy of a subtree. */
export const copyTree = <T>(tree: T): T => structuredClone(tree);

/** Rebuilds a tree bottom-up; `change` sees every object after its parts and answers what stands in its place. */
export function mapTree(value: unknown, change: (node: Node) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapTree(item, change));
  if (!isNode(value)) return value;
  const copy: Node = {};
  for (const [key, item] of Object.entries(value))
    copy[key] = typeof item === 'object' && item !== null ? mapTree(item, change) : item;
  return change(copy);
}

/** Visits every object of a tree, outer first; `false` from `visit` skips the parts. */
export function walkTree(value: unknown, visit: (node: Node) => boolean | void): void {
  if (Array.isArray(value)) {
    for (const item of value) walkTree(item, visit);
    return;
  }
  if (!isNode(value) || visit(value) === false) return;
  for (const item of Object.values(value))
    if (typeof item === 'object' && item !== null) walkTree(item, visit);
}

/** `a.b.c` as written with dots: parts from left to right, or `null` when the node is something else. */
export function dottedParts(value: unknown): string[] | null {
  const dot = partsOf(value, 'dot');
  if (dot !== null) {
    const left = dottedParts(dot['this']);
    return left === null ? null : [...left, nameOf(dot['field'])];
  }
  const parts = partsOf(value, 'column');
  if (parts === null) return null;
  return isNode(parts['table']) ? [nameOf(parts['table']), nameOf(parts['name'])] : [nameOf(parts['name'])];
}

/** Notes on a column node that it is a DATE; the generator does not read the note. */
export function markAsDate(node: Node): void {
  const parts = partsOf(node, 'column');
  if (parts !== null) parts['inferred_type'] = { data_type: 'date' };
}

/** Whether {@link markAsDate} was called on every column in a tree that has any. */
export function readsOnlyDates(tree: unknown): boolean {
  let [columns, dates] = [0, 0];
  walkTree(tree, (node) => {
    const parts = partsOf(node, 'column');
    if (parts === null) return;
    columns += 1;
    if (isNode(parts['inferred_type']) && parts['inferred_type']['data_type'] === 'date') dates += 1;
    return false;
  });
  return columns > 0 && columns === dates;
}
