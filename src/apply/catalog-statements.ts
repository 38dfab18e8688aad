import type { PatchPlan } from '../patch-dsl/index.ts';
import type { CallOptions, CatalogPort, SqlPort } from '../ports/index.ts';
import { requireOwnCatalog } from './verify-catalog.ts';

/** Where statements run, and where it can be seen whether somebody else edited what they are about. */
interface CatalogPorts {
  readonly sql: SqlPort;
  readonly catalog: CatalogPort;
}

type Plan = Pick<PatchPlan, 'patches' | 'statements'>;

/**
 * Runs the statements of plans one by one, in order; the first failure ends it.
 *
 * To switch a change that is there off and on again. A change is made with `applyChangeSet`, which keeps a journal.
 *
 * @throws {CatalogEditedElsewhereError} nothing was run
 */
export async function runStatements(
  { sql, catalog }: CatalogPorts,
  plans: readonly Plan[],
  options?: CallOptions,
): Promise<void> {
  await requireOwnCatalog(catalog, plans, options);
  for (const { statements } of plans)
    for (const statement of statements) await sql.execute(statement.sql, options);
}

/**
 * Restores the state before the statements of plans, last one first.
 *
 * Each inverse sets an object to what it was, so undoing a statement that never ran changes nothing:
 * after a kill nobody needs to know how far it got.
 *
 * @throws {CatalogEditedElsewhereError} nothing was run
 */
export async function undoStatements({ sql, catalog }: CatalogPorts, plans: readonly Plan[]): Promise<void> {
  await requireOwnCatalog(catalog, plans);
  for (const { statements } of plans.toReversed())
    for (const statement of statements.toReversed()) await sql.execute(statement.inverse_sql);
}
