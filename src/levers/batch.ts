import type { Snapshot } from '../patch-dsl/index.ts';
import type { Proposal } from './proposal.ts';
import { selectPatches } from './select-patches.ts';

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
 * Each batch is what {@link selectPatches} takes of those left: no two patches conflict, and the number of
 * containers and patches stays in bounds. A proposal that fits in no set makes a batch of its own.
 * @see spec/asi-clustering-levers.md §8
 */
export function batchProposals(
  proposals: readonly Proposal[],
  options: BatchOptions,
): readonly (readonly Proposal[])[] {
  const limits = {
    maxObjects: options.maxObjects ?? BATCH_DEFAULTS.maxObjects,
    maxPatches: options.maxPatches ?? BATCH_DEFAULTS.maxPatches,
    forceApply: true,
  };
  const batches: (readonly Proposal[])[] = [];
  let left = proposals;
  while (left.length > 0) {
    const selected = selectPatches(left, options.snapshot, limits);
    const batch = selected.ok ? selected.selection.proposals : left.slice(0, 1);
    batches.push(batch);
    left = left.filter((proposal) => !batch.includes(proposal));
  }
  return batches;
}
