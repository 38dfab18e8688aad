import {
  findConflicts,
  nameResolver,
  PATCH_DEFINITIONS,
  type AnyPatchDefinition,
  type Snapshot,
} from '../patch-dsl/index.ts';
import type { Proposal } from './proposal.ts';

export const BATCH_DEFAULTS = { maxObjects: 5, maxPatches: 12 } as const;

export interface BatchOptions {
  readonly snapshot: Snapshot;
  /** Distinct containers (tables, joins, functions, the instructions) a batch may touch. Default 5. */
  readonly maxObjects?: number | undefined;
  /** Default 12. */
  readonly maxPatches?: number | undefined;
}

/**
 * Packs proposals into batches that can be applied together, in the given order.
 *
 * Within a batch no two patches conflict, and the number of containers and patches stays in bounds.
 * A proposal that exceeds a bound by itself makes a batch of its own.
 * @see spec/asi-clustering-levers.md §8
 */
export function batchProposals(
  proposals: readonly Proposal[],
  options: BatchOptions,
): readonly (readonly Proposal[])[] {
  const names = nameResolver(options.snapshot);
  const maxObjects = options.maxObjects ?? BATCH_DEFAULTS.maxObjects;
  const maxPatches = options.maxPatches ?? BATCH_DEFAULTS.maxPatches;
  const batches: Proposal[][] = [];
  const fits = (batch: readonly Proposal[], proposal: Proposal): boolean => {
    const patches = [...batch, proposal].flatMap((item) => item.patches);
    const containers = patches.map((patch) => {
      const definition: AnyPatchDefinition = PATCH_DEFINITIONS[patch.type];
      return definition.containerKey(patch, names);
    });
    return (
      patches.length <= maxPatches &&
      new Set(containers).size <= maxObjects &&
      findConflicts(patches, { snapshot: options.snapshot }).every(
        (conflict) => conflict.severity !== 'error',
      )
    );
  };
  for (const proposal of proposals) {
    const home = batches.find((batch) => fits(batch, proposal));
    if (home === undefined) batches.push([proposal]);
    else home.push(proposal);
  }
  return batches;
}
