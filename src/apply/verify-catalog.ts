import { OptimizerError, nameKey } from '../core/index.ts';
import type { CatalogEdit, PatchPlan } from '../patch-dsl/index.ts';
import type { CallOptions, CatalogPort, CatalogSnapshot } from '../ports/index.ts';
import { Draft, formatPath } from '../spaces/index.ts';

/** Unity Catalog does not show what a statement that succeeded should have left. */
export class CatalogVerificationError extends OptimizerError {
  readonly places: readonly string[];

  constructor(places: readonly string[]) {
    super(
      `Unity Catalog reads back differently at ${places.join(', ')}; the change is rolled back. Check the rights of the user and whether a job rewrites these objects.`,
      { code: 'CATALOG_VERIFICATION', details: { places } },
    );
    this.places = places;
  }
}

/** Unity Catalog says something that neither the change nor the state before it says; it was left alone. */
export class CatalogEditedElsewhereError extends OptimizerError {
  constructor(places: readonly string[]) {
    super(
      `Unity Catalog was changed by somebody else at ${places.join(', ')}, which this change is about too. Nothing was overwritten. Put these texts back as they were and try again, or plan anew from what is there now.`,
      { code: 'CATALOG_EDITED_ELSEWHERE', details: { places } },
    );
  }
}

/**
 * Makes sure that the statements of some plans, or those that undo them, overwrite nobody's edit.
 *
 * @throws {CatalogEditedElsewhereError}
 */
export async function requireOwnCatalog(
  port: CatalogPort,
  plans: readonly Pick<PatchPlan, 'patches'>[],
  options?: CallOptions,
): Promise<void> {
  const foreign = (await lookAtCatalog(port, plans, options)).filter(({ is }) => is === 'other');
  if (foreign.length > 0) throw new CatalogEditedElsewhereError(foreign.map(({ name }) => name));
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
  const wrong = (await lookAtCatalog(port, [plan], options)).filter(({ is }) => is !== 'after');
  if (wrong.length > 0) throw new CatalogVerificationError(wrong.map(({ name }) => name));
}

/** What Unity Catalog says at one place that some plans change. */
export interface CatalogPlace {
  /** For people. */
  readonly name: string;
  readonly object: string;
  /** `between`: as one of several statements for this place leaves it. `other`: somebody else edited it. */
  readonly is: 'before' | 'after' | 'between' | 'other';
}

/**
 * Reads every place that the statements of some plans change, and tells by whom it was last written.
 *
 * @param plans - in the order they were made. One of an earlier layout names no places, so nothing is told of it.
 */
export async function lookAtCatalog(
  port: CatalogPort,
  plans: readonly Pick<PatchPlan, 'patches'>[],
  options?: CallOptions,
): Promise<readonly CatalogPlace[]> {
  const byPlace = editsByPlace(plans);
  if (byPlace.length === 0) return [];
  const objects = [...new Set(byPlace.map(([{ object }]) => object))];
  const snapshot = await port.snapshot({ tables: objects, functions: objects }, options);
  return byPlace.map((edits) => {
    const [{ object, path, from }] = edits;
    const found = read(snapshot, path);
    const last = edits.findLastIndex(({ to }) => holds(found, to));
    const name = nameOf({ object, path });
    if (last === edits.length - 1) return { name, object, is: 'after' };
    if (holds(found, from)) return { name, object, is: 'before' };
    return { name, object, is: last < 0 ? 'other' : 'between' };
  });
}

/** The place of each statement of a plan, in order; one of an earlier layout names none. */
export const catalogPlacesOf = ({ patches }: Pick<PatchPlan, 'patches'>): readonly string[] =>
  patches.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === 'catalog' ? [nameOf(step)] : [])));

const nameOf = ({ object, path }: Pick<CatalogEdit, 'object' | 'path'>): string =>
  `${object} (${formatPath(path)})`;

type Edits = readonly [CatalogEdit, ...CatalogEdit[]];

/** The edits of every place, in order. */
function editsByPlace(plans: readonly Pick<PatchPlan, 'patches'>[]): readonly Edits[] {
  const byPlace = new Map<string, Edits>();
  for (const { patches } of plans)
    for (const { steps } of patches)
      for (const step of steps) {
        if (step.kind !== 'catalog') continue;
        const key = JSON.stringify(step.path);
        const earlier = byPlace.get(key);
        byPlace.set(key, earlier === undefined ? [step] : [...earlier, step]);
      }
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
