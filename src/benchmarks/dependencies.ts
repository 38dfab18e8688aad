import type { Benchmark } from './benchmark.ts';

/** Objects that a statement reads: tables, views and functions by name, columns bare or as `table.column`. */
export interface ReferencedObjects {
  readonly tables: readonly string[];
  readonly columns: readonly string[];
}

/** Reads the dependencies of a statement; callers hand in one that is based on a SQL lexer or parser. */
export type DependenciesOf = (sql: string) => ReferencedObjects;

/**
 * Objects a question depends on: what its author wrote, completed from its SQL where the author wrote nothing.
 *
 * Without `dependenciesOf`, fields left empty in the file stay empty.
 *
 * @see spec/benchmarks.md §8.1
 */
export function referencedObjects(question: Benchmark, dependenciesOf?: DependenciesOf): ReferencedObjects {
  const written = { tables: question.required_tables, columns: question.required_columns };
  if (dependenciesOf === undefined || (written.tables.length > 0 && written.columns.length > 0))
    return written;
  const parsed = dependenciesOf(question.expected_sql);
  return {
    tables: written.tables.length > 0 ? written.tables : parsed.tables,
    columns: written.columns.length > 0 ? written.columns : parsed.columns,
  };
}
