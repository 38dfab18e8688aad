import { FAILURE_TAXONOMY, type BlameRef, type FailureType } from '../asi/index.ts';
import { JOIN_LEVER_ORDER, leverOfAsset, type Snapshot } from '../patch-dsl/index.ts';
import type { Lever } from './proposal.ts';

/** A lever, or 0: a person decides. */
export type LeverOrReview = Lever | 0;

type LeverRule = (blame: readonly BlameRef[]) => LeverOrReview;

const DATE_TYPE = /^(?:DATE|TIMESTAMP)/;
const isDate = (ref: BlameRef): boolean => ref.dataType !== null && DATE_TYPE.test(ref.dataType);

/**
 * Failure types whose lever depends on what is blamed; every other type takes the lever of the
 * taxonomy.
 *
 * @see spec/asi-clustering-levers.md §5
 */
export const LEVER_RULES: Readonly<Partial<Record<FailureType, LeverRule>>> = {
  missing_filter: (blame) => {
    if (blame.some((ref) => ref.kind === 'function' || ref.kind === 'parameter')) return 3;
    if (blame.some((ref) => ref.kind === 'mv_member')) return 2;
    return blame.some((ref) => ref.kind === 'column' && isDate(ref)) ? 1 : 3;
  },
  missing_temporal_filter: (blame) => {
    if (blame.some((ref) => ref.kind === 'function' || ref.kind === 'parameter')) return 3;
    if (blame.some((ref) => ref.kind === 'mv_member' || ref.kind === 'metric_view')) return 2;
    return blame.some((ref) => ref.kind === 'column' || ref.kind === 'table') ? 1 : 2;
  },
  repeatability_issue: (blame) =>
    blame.some((ref) => ref.kind === 'function' || (ref.kind === 'asset_routing' && ref.object === 'tvf'))
      ? 6
      : 1,
};

/**
 * The lever to try first for a failure: by its type, then by the kind of the blamed target.
 *
 * `other` goes to the review queue (0), never to an instruction. A lever-1 failure at a metric view
 * belongs to lever 2, at a monitoring table to lever 4, at an ML table to lever 5.
 */
export function leverFor(type: FailureType, blame: readonly BlameRef[], snapshot: Snapshot): LeverOrReview {
  const first = LEVER_RULES[type]?.(blame) ?? FAILURE_TAXONOMY[type].lever;
  if (first !== 1) return first;
  const targets = blame.filter(
    (ref) => ref.kind !== 'asset_routing' && ref.kind !== 'function' && ref.kind !== 'parameter',
  );
  const levers = targets.map((target) => leverOfAsset(target.object, snapshot));
  // A join touches two tables: it belongs to the more particular one, as its patch does.
  if (type === 'wrong_join') return JOIN_LEVER_ORDER.find((lever) => levers.includes(lever)) ?? 1;
  return levers[0] ?? 1;
}
