import { hasCode } from '../core/index.ts';
import { applyPlan, type PatchPlan } from '../patch-dsl/index.ts';
import { parseSpace, serializeSpace, type Space } from '../spaces/index.ts';

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
