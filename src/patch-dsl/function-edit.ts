import type { CatalogFunction } from '../ports/index.ts';
import type { Access } from './access.ts';
import { createFunctionSql, restoreFunctionSql, sameFunction } from './function-ddl.ts';
import { functionKey } from './name-resolver.ts';
import type { NameResolver } from './name-resolver.ts';
import type { RenderContext } from './render-context.ts';
import type { Failed, Rendering } from './rendering.ts';
import { changes, failed, noop } from './rendering.ts';
import { functionPath, resolveFunction } from './resolve.ts';
import { catalogEdit } from './step.ts';
import { replaceOnce } from './text-edit.ts';

/**
 * Replaces a function by its edited form.
 *
 * Replacing may reset grants, so whoever executes the statement reads them before and grants them again.
 */
export function editFunction(
  name: string,
  context: RenderContext,
  edit: (fn: CatalogFunction) => CatalogFunction | Failed,
): Rendering {
  const place = resolveFunction(name, context);
  if (place.status === 'failed') return place;
  const unreadable = unreadableFunction(place.fn);
  if (unreadable !== null) return unreadable;
  const next = edit(place.fn);
  if ('status' in next) return next;
  const sql = createFunctionSql(next);
  return replaceFunction(place.fn, next.definition === undefined ? next : { ...next, definition: sql }, sql);
}

/** The step from one form of a function to another. */
export function replaceFunction(before: CatalogFunction, after: CatalogFunction, sql: string): Rendering {
  if (isSame(before, after)) return noop('the function is this already');
  const statement = { object: before.name, sql, inverse_sql: restoreFunctionSql(before) };
  return changes([catalogEdit(statement, functionPath(before.name), before, after)]);
}

/** Why a function cannot be edited and restored exactly; `null` when it can. */
export function unreadableFunction(fn: CatalogFunction): Failed | null {
  if (fn.body === null)
    return failed(
      'UNREADABLE_DEFINITION',
      `The body of ${fn.name} is not readable, so it could not be restored. Ask for the right to read it.`,
    );
  if (fn.returns.length === 0)
    return failed(
      'UNREADABLE_DEFINITION',
      `${fn.name} is no table-valued function. Only those can be edited.`,
    );
  return null;
}

/** What the catalog shows is the same, and so is the text of the definition where both are known. */
const isSame = (a: CatalogFunction, b: CatalogFunction): boolean =>
  sameFunction(a, b) && createFunctionSql(a) === createFunctionSql({ ...b, name: a.name });

/** What an edit of a part of a function touches beside the part: nobody may replace the whole. */
export const partOfDefinition = (name: string, names: NameResolver): Access => ({
  key: functionKey(names, name),
  part: '/definition',
  mode: 'shared:part',
});

/** A replacement of one passage of a function's body. */
export interface BodyEdit {
  readonly old_text: string;
  readonly new_text: string;
}

/** The body after an edit; the body itself when there is none. */
export function editBody(fn: CatalogFunction, edit: BodyEdit | undefined): string | Failed {
  const body = fn.body ?? '';
  if (edit === undefined) return body;
  const next = replaceOnce(body, edit.old_text, edit.new_text, `The body of ${fn.name}`);
  if (next.status === 'failed') return next;
  return next.status === 'same' ? body : next.text;
}
