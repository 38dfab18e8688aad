import { hasCode } from '../core/index.ts';
import { applyPlan, invertPlan, type PatchPlan } from '../patch-dsl/index.ts';
import { Draft, formatPath, parseSpace, sameJson, serializeSpace, type Space } from '../spaces/index.ts';

/**
 * A space that somebody else edited, with a plan made before that.
 *
 * @throws {PlanMismatchError} a place of the plan says something else
 * @throws {SpaceFormatError} what the plan changes is part of something that is gone
 */
export function applyToOther(space: Space, plan: PatchPlan): Space {
  return parseSpace(serializeSpace(applyPlan(space, plan)));
}

/** Whether an error says that two edits do not go together. */
export const isNoMerge = (error: unknown): boolean =>
  hasCode(error, 'PLAN_MISMATCH') || hasCode(error, 'SPACE_FORMAT');

/** The place that an error of {@link isNoMerge} names; empty when it names none. */
export function placesOf(error: unknown): readonly string[] {
  const path = hasCode(error, 'PLAN_MISMATCH') ? error.details['path'] : undefined;
  return typeof path === 'string' ? [path] : [];
}

/**
 * Places where a space no longer says what some plans made it say, for people: taken back, or edited once more.
 *
 * @param plans - in the order they were made
 */
export function placesLost(space: Space, plans: readonly PatchPlan[]): readonly string[] {
  const draft = new Draft(space);
  const lost = new Set<string>();
  for (const plan of plans.toReversed())
    for (const { steps } of invertPlan(plan).patches)
      for (const step of steps) {
        if (step.kind !== 'space') continue;
        const { path, from, to } = step;
        const current = draft.read(path);
        if (sameJson(blankToNothing(current), blankToNothing(from))) draft.write(path, to, current);
        else lost.add(formatPath(path));
      }
  return [...lost];
}

/** An empty list and a missing one are the same content. */
const blankToNothing = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 0 ? undefined : value;
