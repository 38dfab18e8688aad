import type { PatchPlan } from '../patch-dsl/index.ts';

/** What a plan does, a sentence for each change. */
export const linesOf = (plan: PatchPlan): string[] => plan.patches.map((patch) => patch.description);
