import { checkPatches } from './check-patches.ts';
import { dropDuplicates } from './drop-duplicates.ts';
import type { AnyPatch } from './define-patch.ts';
import type { PatchLever, RiskLevel } from './envelope.ts';
import type { PatchFinding } from './finding.ts';
import { finding } from './finding.ts';
import { foldPatches } from './fold-patches.ts';
import type { Folded } from './fold-patches.ts';
import { orderPatches } from './order-patches.ts';
import { outcomeFindings } from './outcome-findings.ts';
import { definitionFor, payloadOf } from './patch-payload.ts';
import type { PatchRegistry } from './registry.ts';
import { DEFAULT_REGISTRY } from './registry.ts';
import { containersOf, setFindings } from './set-findings.ts';
import type { Snapshot } from './snapshot.ts';
import type { ValidateOptions } from './validate-options.ts';

export interface PatchSetValidation {
  /** Whether there is no error; warnings are fine. */
  readonly ok: boolean;
  readonly errors: readonly PatchFinding[];
  readonly warnings: readonly PatchFinding[];
  readonly stats: PatchSetStats;
}

export interface PatchSetStats {
  readonly patches: number;
  /** Distinct containers that the set touches. */
  readonly objects: readonly string[];
  readonly byRisk: Readonly<Record<RiskLevel, number>>;
  readonly byLever: Readonly<Partial<Record<PatchLever, number>>>;
}

/**
 * Everything that speaks against a patch set in a given state; never throws for what patches say.
 *
 * The empty set is valid. Identical patches are dropped with a warning.
 */
export function validatePatchSet(
  patches: readonly unknown[],
  snapshot: Snapshot,
  options: ValidateOptions = {},
): PatchSetValidation {
  return examine(patches, snapshot, options).validation;
}

/** A validation with what it computed on the way, for the planner. */
export interface Examination {
  readonly validation: PatchSetValidation;
  readonly folded: Folded;
}

export function examine(
  patches: readonly unknown[],
  snapshot: Snapshot,
  options: ValidateOptions,
): Examination {
  const registry = options.registry ?? DEFAULT_REGISTRY;
  const { checked, findings } = checkPatches(patches, registry);
  const { kept, dropped } = dropDuplicates(orderPatches(checked, registry));
  const folded = foldPatches(snapshot, kept, options);
  const all: PatchFinding[] = [
    ...findings,
    ...dropped.map(({ id, type }) =>
      finding(
        'DUPLICATE_PATCH',
        'warning',
        [id],
        `Patch ${id} (${type}) repeats another patch and is dropped.`,
      ),
    ),
    ...setFindings(kept, snapshot, registry, options),
    ...outcomeFindings(kept, folded, snapshot, options),
  ];
  const errors = all.filter(({ severity }) => severity === 'error');
  const warnings = all.filter(({ severity }) => severity === 'warning');
  return {
    validation: { ok: errors.length === 0, errors, warnings, stats: statsOf(kept, snapshot, registry) },
    folded,
  };
}

function statsOf(patches: readonly AnyPatch[], snapshot: Snapshot, registry: PatchRegistry): PatchSetStats {
  const byRisk: Record<RiskLevel, number> = { low: 0, medium: 0, high: 0 };
  const byLever: Partial<Record<PatchLever, number>> = {};
  for (const patch of patches) {
    byRisk[definitionFor(patch, registry).riskOf(payloadOf(patch), snapshot)] += 1;
    byLever[patch.lever] = (byLever[patch.lever] ?? 0) + 1;
  }
  return { patches: patches.length, objects: containersOf(patches, snapshot, registry), byRisk, byLever };
}
