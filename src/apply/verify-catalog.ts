import { OptimizerError, nameKey } from '../core/index.ts';
import type { CatalogEdit, PatchPlan } from '../patch-dsl/index.ts';
import type { CallOptions, CatalogPort, CatalogSnapshot } from '../ports/index.ts';
import { Draft, formatPath } from '../spaces/index.ts';

/** Unity Catalog does not show what a statement that succeeded should have left. */
export class CatalogVerificationError extends OptimizerError {
  constructor(places: readonly string[]) {
    super(
      `Unity Catalog reads back differently at ${places.join(', ')}; the change is rolled back. Check the rights of the user and whether a job rewrites these objects.`,
      { code: 'CATALOG_VERIFICATION', details: { places } },
    );
  }
}

/**
 * Reads the objects of a plan's statements and compares them with what the plan leaves.
 *
 * Spaces in SQL and YAML do not count, since the service stores them in a form of its own; neither does what it adds.
 * @throws {CatalogVerificationError}
 */
export async function verifyCatalog(
  port: CatalogPort,
  plan: Pick<PatchPlan, 'patches'>,
  options?: CallOptions,
): Promise<void> {
  const edits = lastEdits(plan);
  if (edits.length === 0) return;
  const objects = [...new Set(edits.map(({ object }) => object))];
  const snapshot = await port.snapshot({ tables: objects, functions: objects }, options);
  const wrong = edits.filter(({ path, to }) => !holds(read(snapshot, path), to));
  if (wrong.length > 0)
    throw new CatalogVerificationError(wrong.map(({ object, path }) => `${object} (${formatPath(path)})`));
}

/** The last edit of every place: an earlier one is overwritten within the plan. */
function lastEdits(plan: Pick<PatchPlan, 'patches'>): CatalogEdit[] {
  const byPlace = new Map<string, CatalogEdit>();
  for (const { steps } of plan.patches)
    for (const step of steps) if (step.kind === 'catalog') byPlace.set(JSON.stringify(step.path), step);
  return [...byPlace.values()];
}

/** Names in the path are as the space spells them; the catalog may spell them differently. */
function read(snapshot: CatalogSnapshot, path: CatalogEdit['path']): unknown {
  const draft = new Draft(snapshot);
  const exact = draft.read(path);
  if (exact !== undefined) return exact;
  const [section, key, ...rest] = path;
  if ((section !== 'tables' && section !== 'functions') || typeof key !== 'object') return undefined;
  const list: readonly { readonly name: string }[] = snapshot[section];
  const found = list.find(({ name }) => nameKey(name) === nameKey(key.is));
  return found === undefined ? undefined : new Draft(found).read(rest);
}

/** Whether a value says at least what is expected. */
function holds(found: unknown, expected: unknown): boolean {
  if (expected === undefined || expected === null || expected === '')
    return found === undefined || found === null || found === '';
  if (typeof expected === 'string') return typeof found === 'string' && squeeze(found) === squeeze(expected);
  if (Array.isArray(expected))
    return (
      Array.isArray(found) &&
      found.length === expected.length &&
      expected.every((item, at) => holds(found[at], item))
    );
  if (typeof expected !== 'object') return found === expected;
  if (typeof found !== 'object' || found === null) return false;
  return Object.entries(expected).every(
    // The statement as a whole is stored in the service's own spelling; its parts are compared one by one.
    ([key, value]) => key === 'definition' || holds((found as Record<string, unknown>)[key], value),
  );
}

const squeeze = (text: string): string => text.replaceAll(/[\s`;]+/g, '').toLowerCase();
