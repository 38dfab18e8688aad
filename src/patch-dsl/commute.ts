import { findConflicts, type ConflictOptions } from './conflicts.ts';
import type { AnyPatch } from './define-patch.ts';
import { renderPatch } from './fold-patches.ts';
import { haveTwoAppends } from './disagreements.ts';
import { FiledPatches } from './filed-patches.ts';
import { nameResolver } from './name-resolver.ts';
import { DEFAULT_REGISTRY } from './registry.ts';
import type { SpaceEdit } from './step.ts';

/**
 * Whether two patches may run in either order with one result, as far as their definitions tell.
 *
 * `false` for patches in conflict, and for two that add to one list whose order is content: lines of the
 * general instruction, parameters of a function, members of a metric view. Those are no conflict, because a
 * set runs them in the order of their ids. With a snapshot also `false` when one of them takes away a thing
 * with an id that the other works in, such as the whole general instruction: made anew, it has another id.
 */
export function commute(first: AnyPatch, second: AnyPatch, options: ConflictOptions = {}): boolean {
  if (findConflicts([first, second], options).some(({ severity }) => severity === 'error')) return false;
  const registry = options.registry ?? DEFAULT_REGISTRY;
  const names = nameResolver(options.snapshot);
  const filed = new FiledPatches([first, second], registry, names);
  if ([...filed.places()].some((place) => haveTwoAppends(place, filed, names))) return false;
  const [one, other] = [editsOf(first, options), editsOf(second, options)];
  return !takesAway(one, other) && !takesAway(other, one);
}

/** What a patch does to the space by itself; nothing without a snapshot. */
function editsOf(patch: AnyPatch, { snapshot, registry }: ConflictOptions): readonly SpaceEdit[] {
  if (snapshot === undefined) return [];
  const rendering = renderPatch(patch, snapshot, registry === undefined ? {} : { registry });
  return rendering.status === 'changes' ? rendering.steps.filter((step) => step.kind === 'space') : [];
}

/** Whether edits remove a thing with an id in or under which the others leave something. */
const takesAway = (edits: readonly SpaceEdit[], others: readonly SpaceEdit[]): boolean =>
  edits.some(
    ({ path, to }) =>
      to === undefined &&
      hasId(path) &&
      others.some((other) => other.to !== undefined && keyOf(other.path).startsWith(keyOf(path))),
  );

const hasId = (path: SpaceEdit['path']): boolean => {
  const last = path.at(-1);
  return typeof last === 'object' && last.by === 'id';
};

const keyOf = (path: SpaceEdit['path']): string =>
  path.map((segment) => `${JSON.stringify(segment)}/`).join('');
