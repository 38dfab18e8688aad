import { compareCodeUnits } from '../core/index.ts';
import type { AnyPatch, PatchPhase } from './define-patch.ts';
import type { RiskLevel } from './envelope.ts';
import { definitionFor } from './patch-payload.ts';
import type { PatchRegistry } from './registry.ts';

const PHASE_ORDER: Readonly<Record<PatchPhase, number>> = { create: 0, change: 1, remove: 2 };
const RISK_ORDER: Readonly<Record<RiskLevel, number>> = { low: 0, medium: 1, high: 2 };

/**
 * The order of execution: what creates containers, then by lever, changes before removals, low risk before high,
 * then by id.
 *
 * It does not depend on the order of the list, so one set has one plan.
 * @see spec/patch-dsl.md §7
 */
export function orderPatches(patches: readonly AnyPatch[], registry: PatchRegistry): AnyPatch[] {
  const ranked = patches.map((patch) => {
    const { phase } = definitionFor(patch, registry);
    return {
      patch,
      rank: [phase === 'create' ? 0 : 1, patch.lever, PHASE_ORDER[phase], RISK_ORDER[patch.risk_level]],
    };
  });
  ranked.sort((a, b) => compareRanks(a.rank, b.rank) || compareCodeUnits(a.patch.id, b.patch.id));
  return ranked.map(({ patch }) => patch);
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
