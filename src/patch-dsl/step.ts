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

/** Members `from` and `to` as present or left out. */
const sides = (from: unknown, to: unknown): { from?: unknown; to?: unknown } => ({
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});

export const spaceEdit = (path: SpacePath, from: unknown, to: unknown): SpaceEdit => ({
  kind: 'space',
  path,
  ...sides(from, to),
});

export const catalogEdit = (
  statement: { readonly object: string; readonly sql: string; readonly inverse_sql: string },
  path: SpacePath,
  from: unknown,
  to: unknown,
): CatalogEdit => ({ kind: 'catalog', ...statement, path, ...sides(from, to) });

/** The step that undoes a step. */
export function invertStep(step: Step): Step {
  const swapped = sides(step.to, step.from);
  return step.kind === 'space'
    ? { kind: 'space', path: step.path, ...swapped }
    : {
        kind: 'catalog',
        object: step.object,
        sql: step.inverse_sql,
        inverse_sql: step.sql,
        path: step.path,
        ...swapped,
      };
}

/** Whether a step would leave things as they are. */
export const isIdle = (step: Step): boolean => sameJson(step.from, step.to);
