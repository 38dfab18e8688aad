import { patchFingerprint } from './memory.ts';
import type { Proposal } from './proposal.ts';
import {
  LeakDetector,
  planPatchSet,
  type Patch,
  type PatchFinding,
  type PatchPlan,
  type Snapshot,
} from '../patch-dsl/index.ts';

/** The proposals of one attempt and the plan that carries them out. */
export interface Selection {
  readonly proposals: readonly Proposal[];
  readonly patches: readonly Patch[];
  readonly plan: PatchPlan;
}

export interface SelectionLimits {
  readonly maxObjects: number;
  readonly maxPatches: number;
  /** Default none. */
  readonly forbiddenTexts?: readonly string[] | undefined;
  /** High-risk patches are left out unless this is set. */
  readonly forceApply?: boolean | undefined;
}

export type SelectionOutcome =
  | { readonly ok: true; readonly selection: Selection; readonly refused: readonly PatchFinding[] }
  | {
      readonly ok: false;
      readonly reason: 'nothing_left' | 'high_risk' | 'invalid';
      readonly refused: readonly PatchFinding[];
    };

/**
 * Chooses the proposals that fit into one patch set, in the order given, and plans it.
 *
 * A proposal that would break a limit, a conflict rule or the leak rule together with those chosen
 * before it is left for a later set; its findings are returned in `refused`.
 */
export function selectPatches(
  proposals: readonly Proposal[],
  snapshot: Snapshot,
  limits: SelectionLimits,
): SelectionOutcome {
  const options = {
    maxObjects: limits.maxObjects,
    maxPatches: limits.maxPatches,
    forbiddenTexts: new LeakDetector(limits.forbiddenTexts ?? []),
  };
  const refused: PatchFinding[] = [];
  let chosen: Selection | null = null;
  let highRisk = 0;
  for (const proposal of proposals) {
    if (limits.forceApply !== true && proposal.patches.some((patch) => patch.risk_level === 'high')) {
      highRisk++;
      continue;
    }
    const candidate = extend(chosen, proposal);
    const planned = planPatchSet(snapshot, candidate.patches, options);
    if (!planned.ok) refused.push(...planned.errors);
    else if (effectsOf(planned.plan) > (chosen ? effectsOf(chosen.plan) : 0)) {
      chosen = { ...candidate, plan: planned.plan };
    }
  }
  if (chosen) return { ok: true, selection: chosen, refused };
  return {
    ok: false,
    reason: refused.length > 0 ? 'invalid' : highRisk > 0 ? 'high_risk' : 'nothing_left',
    refused,
  };
}

/** A set with one more proposal; a change that two proposals share is made once. */
function extend(chosen: Selection | null, proposal: Proposal): Omit<Selection, 'plan'> {
  const taken = new Set((chosen?.patches ?? []).map(patchFingerprint));
  const fresh = proposal.patches.filter((patch) => !taken.has(patchFingerprint(patch)));
  return {
    proposals: [...(chosen?.proposals ?? []), proposal],
    patches: [...(chosen?.patches ?? []), ...fresh],
  };
}

/** Edits of the space and statements for Unity Catalog that a plan consists of. */
const effectsOf = (plan: PatchPlan): number =>
  plan.patches.reduce((sum, patch) => sum + patch.steps.length, 0);
