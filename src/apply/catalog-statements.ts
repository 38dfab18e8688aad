import type { CallOptions, SqlPort } from '../ports/index.ts';

/** One change of Unity Catalog, with the statement that restores the state before it. */
export interface CatalogStatement {
  readonly object: string;
  readonly sql: string;
  readonly inverse_sql: string;
}

/**
 * Runs the statements one by one, in order; the first failure ends it.
 *
 * To switch a change that is there off and on again. A change is made with `applyChangeSet`, which keeps a journal.
 */
export async function runStatements(
  sql: SqlPort,
  statements: readonly CatalogStatement[],
  options?: CallOptions,
): Promise<void> {
  for (const statement of statements) await sql.execute(statement.sql, options);
}

/**
 * Restores the state before the statements, last one first.
 *
 * Each inverse sets an object to what it was, so undoing a statement that never ran changes nothing:
 * after a kill nobody needs to know how far it got.
 */
export async function undoStatements(sql: SqlPort, statements: readonly CatalogStatement[]): Promise<void> {
  for (const statement of statements.toReversed()) await sql.execute(statement.inverse_sql);
}
