import type { ColumnRef, SqlFacts } from '../../sql/index.ts';
import type { Schema } from '../schema.ts';

/** Gives bare columns the one table of the statement that has them; the reader of the statement may not know the columns. */
export function qualifyFacts(facts: SqlFacts, schema: Schema): SqlFacts {
  const used = facts.tables.flatMap((use) => (use.kind === 'table' ? (schema.table(use.name) ?? []) : []));
  const known = <T extends ColumnRef>(ref: T): T => {
    if (ref.table !== null) return ref;
    const owners = new Set(used.filter((table) => table.columns.has(ref.column)).map((table) => table.key));
    return owners.size === 1 ? { ...ref, table: [...owners][0] ?? null } : ref;
  };
  const all = <T extends { readonly columns: readonly ColumnRef[] }>(items: readonly T[]): T[] =>
    items.map((item) => ({ ...item, columns: item.columns.map(known) }));
  return {
    ...facts,
    columns: facts.columns.map(known),
    joins: facts.joins.map((join) => ({
      ...join,
      pairs: join.pairs.map(([a, b]) => [known(a), known(b)] as const),
    })),
    predicates: all(facts.predicates),
    aggregates: all(facts.aggregates),
    projections: all(facts.projections),
    groupBy: all(facts.groupBy),
  };
}
