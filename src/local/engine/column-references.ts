import type { QueryScope, ScopedRelation } from './relation-scope.ts';
import { columnNotFound } from './sql-error.ts';
import {
  column,
  copyTree,
  dottedParts,
  identifier,
  isNode,
  kindOf,
  listOf,
  markAsDate,
  nameOf,
  partsOf,
  walkTree,
} from './tree.ts';
import type { Node } from './tree.ts';

/** `schema.table.column` → `alias.column`, and parameters of the function being expanded → their values. */
export function rewriteColumns(value: unknown, scope: QueryScope): unknown {
  if (Array.isArray(value)) return value.map((item) => rewriteColumns(item, scope));
  if (!isNode(value)) return value;
  const kind = kindOf(value);
  if (kind === 'dot' || kind === 'column') {
    const parts = dottedParts(value);
    const replaced = parts === null ? null : replacement(parts, scope);
    if (replaced !== null) return replaced;
    if (kind === 'column' && parts !== null && isDate(parts, scope.outer)) markAsDate(value);
  }
  // Inner queries have been rewritten already, with their own tables in view.
  if (kind === 'star' || 'lateral_views' in value) return value;
  for (const [key, item] of Object.entries(value)) {
    if (typeof item === 'object' && item !== null) value[key] = rewriteColumns(item, scope);
  }
  return value;
}

function replacement(parts: readonly string[], scope: QueryScope): Node | null {
  const relations = scope.outer;
  const [first = '', second = ''] = parts;
  if (parts.length === 1) {
    const value = scope.parameters.get(first.toLowerCase());
    return value === undefined || relations.some((relation) => hasColumn(relation, first))
      ? null
      : copyTree(value);
  }
  if (parts.length === 2 && scope.routine !== null && first.toLowerCase() === scope.routine) {
    const value = scope.parameters.get(second.toLowerCase());
    if (value !== undefined) return copyTree(value);
  }
  for (let split = parts.length - 1; split >= 2; split -= 1) {
    const qualifier = parts.slice(0, split).join('.').toLowerCase();
    const relation = relations.find(
      (each) => each.fullName !== null && `.${each.fullName.toLowerCase()}`.endsWith(`.${qualifier}`),
    );
    if (relation === undefined) continue;
    return parts
      .slice(split + 1)
      .reduce<Node>(
        (left, field) => ({ dot: { this: left, field: identifier(field) } }),
        column(parts[split] ?? '', relation.alias),
      );
  }
  return null;
}

/** Whether a name means a DATE column; later steps cannot ask the catalog any more. */
function isDate(parts: readonly string[], relations: readonly ScopedRelation[]): boolean {
  const name = (parts.at(-1) ?? '').toLowerCase();
  const qualifier = parts.length > 1 ? (parts[0] ?? '').toLowerCase() : null;
  const owner = relations.find((each) =>
    qualifier === null ? hasColumn(each, name) : each.alias.toLowerCase() === qualifier,
  );
  return owner?.dates.has(name) ?? false;
}

/**
 * A name in WHERE must be a column: Databricks does not look at aliases of the select list there, as DuckDB does.
 *
 * @throws {DatabricksSqlError} when every table is known and none has the column
 */
export function forbidAliases(select: Node, relations: readonly ScopedRelation[], scope: QueryScope): void {
  const all = [...relations, ...scope.outer];
  if (
    all.length === 0 ||
    all.some((each) => each.columns === null) ||
    listOf(select['lateral_views']).length > 0
  )
    return;
  const aliases = new Set(
    listOf(select['expressions']).map((each) => nameOf(partsOf(each, 'alias')?.['alias']).toLowerCase()),
  );
  walkTree(select['where_clause'], (node) => {
    if ('lateral_views' in node || kindOf(node) === 'lambda') return false;
    const parts = kindOf(node) === 'column' ? dottedParts(node) : null;
    const [name = ''] = parts ?? [];
    if (
      parts?.length !== 1 ||
      !aliases.has(name.toLowerCase()) ||
      scope.parameters.has(name.toLowerCase()) ||
      all.some((each) => hasColumn(each, name))
    )
      return;
    throw columnNotFound(
      name,
      relations
        .flatMap((each) => (each.columns ?? []).map((column) => `${each.alias}.${column}`))
        .slice(0, 5),
    );
  });
}

const hasColumn = (relation: ScopedRelation, name: string): boolean =>
  relation.columns?.some((each) => each.toLowerCase() === name.toLowerCase()) ?? false;
