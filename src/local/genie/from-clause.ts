import type { JoinStep } from './join-graph.ts';
import type { Knowledge } from './knowledge.ts';
import type { Scope } from './scope.ts';
import { identifier, qualifiedName } from './sql-fragment.ts';

export interface FromClause {
  /** Text after FROM; one table stands without an alias. */
  readonly sql: string;
  /** Node aliases that stand in it. */
  readonly inQuery: ReadonlySet<string>;
  readonly single: boolean;
  readonly fansOut: boolean;
  /** Rewrites a node that only appears under another role. */
  readonly renames: ReadonlyMap<string, string>;
}

/** Joins the base with every node that is needed and reachable; a node that nothing leads to is left out. */
export function fromClause(nodes: readonly string[], scope: Scope, knowledge: Knowledge): FromClause {
  const { base } = scope;
  const steps = new Map<string, JoinStep>();
  const renames = new Map<string, string>();
  for (const node of new Set(nodes)) {
    const asset = knowledge.schema.nodes.get(node);
    if (node === base.alias || asset === undefined) continue;
    const direct = scope.pathToNode(node);
    const path = direct ?? scope.path(asset);
    if (path === null) continue;
    const last = path.at(-1);
    if (direct === null && last !== undefined) renames.set(node, last.node);
    for (const step of path) if (!steps.has(step.node)) steps.set(step.node, step);
  }
  const joins = [...steps.values()].map((step) => {
    const asset = knowledge.schema.nodes.get(step.node);
    return `\nJOIN ${qualifiedName(asset?.name ?? step.node)} AS ${identifier(step.node)}\n  ON ${step.edge.on}`;
  });
  const single = joins.length === 0;
  return {
    sql: single
      ? qualifiedName(base.name)
      : `${qualifiedName(base.name)} AS ${identifier(base.alias)}${joins.join('')}`,
    inQuery: new Set([base.alias, ...steps.keys(), ...renames.keys()]),
    single,
    fansOut: [...steps.values()].some((step) => step.fansOut),
    renames,
  };
}

/** Takes qualifiers away where one table stands alone, and follows renamed roles; texts stay as they are. */
export function requalified(sql: string, from: FromClause, baseAlias: string): string {
  return sql.replaceAll(
    /'(?:[^'\\]|\\.|'')*'|(?<![\w.`])(`[^`]+`|[A-Za-z_]\w*)\s*\.\s*(?=[`A-Za-z_])/g,
    (text, qualifier: string | undefined) => {
      if (qualifier === undefined) return text;
      const name = qualifier.replaceAll('`', '').toLowerCase();
      if (from.single && name === baseAlias) return '';
      const renamed = from.renames.get(name);
      return renamed === undefined ? text : `${identifier(renamed)}.`;
    },
  );
}
