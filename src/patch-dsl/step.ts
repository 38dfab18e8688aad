import { sameJson } from '../spaces/index.ts';
import type { SpacePath } from '../spaces/index.ts';

/**
 * One change of the space, at a keyed path; JSON-serialisable.
 *
 * A missing `from` means that nothing was there, a missing `to` that nothing is left.
 */
export interface SpaceEdit {
  readonly kind: 'space';
  readonly path: SpacePath;
  readonly from?: unknown;
  readonly to?: unknown;
}

/**
 * One statement for Unity Catalog, with the statement that undoes it and its effect on the catalog snapshot.
 *
 * `inverse_sql` is made from the state before, so it restores that state, not a swapped text.
 */
export interface CatalogEdit {
  readonly kind: 'catalog';
  /** Full name of the object that the statement changes. */
  readonly object: string;
  readonly sql: string;
  readonly inverse_sql: string;
  readonly path: SpacePath;
  readonly from?: unknown;
  readonly to?: unknown;
}

export type Step = SpaceEdit | CatalogEdit;

export function spaceEdit(path: SpacePath, from: unknown, to: unknown): SpaceEdit {
  if (from === undefined) return to === undefined ? { kind: 'space', path } : { kind: 'space', path, to };
  return to === undefined ? { kind: 'space', path, from } : { kind: 'space', path, from, to };
}

export const catalogEdit = (
  statement: { readonly object: string; readonly sql: string; readonly inverse_sql: string },
  path: SpacePath,
  from: unknown,
  to: unknown,
): CatalogEdit => ({ ...spaceEdit(path, from, to), kind: 'catalog', ...statement });

/** The step that undoes a step. */
export function invertStep(step: Step): Step {
  if (step.kind === 'space') return spaceEdit(step.path, step.to, step.from);
  const { object, sql, inverse_sql } = step;
  return catalogEdit({ object, sql: inverse_sql, inverse_sql: sql }, step.path, step.to, step.from);
}

/** Whether a step would leave things as they are. */
export const isIdle = (step: Step): boolean => sameJson(step.from, step.to);
