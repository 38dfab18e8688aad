import { hashOf } from '../core/index.ts';
import type { Proposal } from '../levers/index.ts';
import { planPatchSet, type Patch, type PatchPlan, type PlanError, type Snapshot } from '../patch-dsl/index.ts';

/** Identity of a change, whatever proposal it came from: used to never try the same thing twice. */
export const patchFingerprint = (patch: Patch): string => {
  const { id: _id, confidence: _confidence, rationale: _rationale, grounded_in: _grounded, predicted_affected_questions: _predicted, source_proposal_id: _proposal, cluster_id: _cluster, ...content } = patch;
  return hashOf(content).slice(0, 16);
};

export interface Selection {
  readonly proposals: readonly Proposal[];
  readonly patches: readonly Patch[];
  readonly plan: PatchPlan;
}

export interface SelectionLimits {
  readonly maxObjects: number;
  readonly maxPatches: number;
  readonly forbiddenTexts: readonly string[];
  readonly rejected: ReadonlySet<string>;
  /** High-risk patches are left out unless this is set. */
  readonly forceApply: boolean;
}

export type SelectionOutcome =
  | { readonly ok: true; readonly selection: Selection; readonly refused: readonly PlanError[] }
  | { readonly ok: false; readonly reason: 'nothing_left' | 'high_risk' | 'invalid'; readonly refused: readonly PlanError[] };

/**
 * Chooses the proposals that fit into one patch set, best first, and plans it.
 *
 * A proposal that would break a limit, a conflict rule or the leak rule together with those chosen
 * before it is left for a later set; its findings are returned in `refused`.
 */
export function selectPatches(proposals: readonly Proposal[], snapshot: Snapshot, limits: SelectionLimits): SelectionOutcome {
  const ordered = [...proposals].sort((a, b) => b.net_impact - a.net_impact || (a.proposal_id < b.proposal_id ? -1 : 1));
  const options = { maxObjects: limits.maxObjects, maxPatches: limits.maxPatches, forbiddenTexts: limits.forbiddenTexts };
  const refused: PlanError[] = [];
  let chosen: Selection | null = null;
  let highRisk = 0;
  for (const proposal of ordered) {
    const fresh = proposal.patches.filter((patch) => !limits.rejected.has(patchFingerprint(patch)));
    if (fresh.length < proposal.patches.length || fresh.length === 0) continue;
    if (!limits.forceApply && fresh.some((patch) => patch.risk_level === 'high')) {
      highRisk++;
      continue;
    }
    const taken = new Set((chosen?.patches ?? []).map(patchFingerprint));
    const patches = renumber([...(chosen?.patches ?? []), ...fresh.filter((patch) => !taken.has(patchFingerprint(patch)))]);
    const planned = planPatchSet(snapshot, patches, options);
    if (!planned.ok) {
      refused.push(...planned.errors);
      continue;
    }
    if (planned.plan.after_hash === planned.plan.before_hash) continue;
    chosen = { proposals: [...(chosen?.proposals ?? []), proposal], patches, plan: planned.plan };
  }
  if (chosen) return { ok: true, selection: chosen, refused };
  return { ok: false, reason: refused.length > 0 ? 'invalid' : highRisk > 0 ? 'high_risk' : 'nothing_left', refused };
}

/** Patch ids are unique within one set: `P001`, `P002`, … */
const renumber = (patches: readonly Patch[]): Patch[] =>
  patches.map((patch, index) => ({ ...patch, id: `P${String(index + 1).padStart(3, '0')}` }));
