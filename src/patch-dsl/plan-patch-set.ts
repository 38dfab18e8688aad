import { compareCodeUnits } from '../core/index.ts';
import { diffSpaces, slotsUsed, spaceHash } from '../spaces/index.ts';
import { describePatch } from './describe-patch.ts';
import type { AnyPatch } from './define-patch.ts';
import { RISK_COST } from './envelope.ts';
import type { RiskLevel } from './envelope.ts';
import type { PatchFinding } from './finding.ts';
import type { Folded } from './fold-patches.ts';
import { nameResolver } from './name-resolver.ts';
import { definitionFor, payloadOf } from './patch-payload.ts';
import type { PatchPlan, PlannedPatch } from './plan.ts';
import { statementsOf, diffLines } from './plan.ts';
import type { PatchRegistry } from './registry.ts';
import { DEFAULT_REGISTRY } from './registry.ts';
import type { Snapshot } from './snapshot.ts';
import { examine } from './validate-patch-set.ts';
import type { ValidateOptions } from './validate-options.ts';

export type PlanResult =
  | { readonly ok: true; readonly plan: PatchPlan; readonly warnings: readonly PatchFinding[] }
  | {
      readonly ok: false;
      readonly errors: readonly PatchFinding[];
      readonly warnings: readonly PatchFinding[];
    };

/**
 * What a patch set would do, without doing it; pure.
 *
 * One set gives one plan, in whatever order its patches are listed. With one error there is no plan at all.
 */
export function planPatchSet(
  snapshot: Snapshot,
  patches: readonly unknown[],
  options: ValidateOptions = {},
): PlanResult {
  const { validation, folded } = examine(patches, snapshot, options);
  const { errors, warnings } = validation;
  if (!validation.ok) return { ok: false, errors, warnings };
  return { ok: true, plan: planOf(snapshot, folded, options), warnings };
}

function planOf(snapshot: Snapshot, folded: Folded, options: ValidateOptions): PatchPlan {
  const registry = options.registry ?? DEFAULT_REGISTRY;
  const planned = folded.applied.map(({ patch, steps }): PlannedPatch => {
    const risk = riskOf(patch, snapshot, registry, options);
    return {
      patch_id: patch.id,
      type: patch.type,
      lever: patch.lever,
      risk,
      description: describePatch(patch, { registry }),
      steps,
    };
  });
  const diff = diffSpaces(snapshot.space, folded.space);
  const statements = statementsOf(planned);
  return {
    schema_version: 1,
    patches: planned,
    noops: folded.noops.map(({ patch, reason }) => ({ patch_id: patch.id, type: patch.type, reason })),
    before_hash: spaceHash(snapshot.space),
    after_hash: spaceHash(folded.space),
    diff,
    diff_lines: diffLines(diff, statements),
    statements,
    slots: { before: slotsUsed(snapshot.space), after: slotsUsed(folded.space) },
    cost: planned.reduce((sum, { risk }) => sum + RISK_COST[risk], 0),
    touched: touchedBy(snapshot, folded, registry),
  };
}

function riskOf(
  patch: AnyPatch,
  snapshot: Snapshot,
  registry: PatchRegistry,
  { riskOverrides = {} }: ValidateOptions,
): RiskLevel {
  const override = Object.hasOwn(riskOverrides, patch.type) ? riskOverrides[patch.type] : undefined;
  return override ?? definitionFor(patch, registry).riskOf(payloadOf(patch), snapshot);
}

function touchedBy(before: Snapshot, { applied, space, catalog }: Folded, registry: PatchRegistry): string[] {
  // Names resolve in the state before a removal and after an addition: each patch is asked in both.
  const states = [nameResolver(before), nameResolver({ space, catalog })];
  const names = applied.flatMap(({ patch }) =>
    states.flatMap((state) => definitionFor(patch, registry).touched(payloadOf(patch), state)),
  );
  return [...new Set(names)].sort(compareCodeUnits);
}
