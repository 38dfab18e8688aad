import { OptimizerError } from '../core/index.ts';
import type { Objective } from './dominance.ts';
import { paretoFrontier } from './frontier.ts';

/** A measured state of the space, with its wire names. Percentages are 0–100. @see spec/session-state.md §6.3 */
export interface StatePoint {
  readonly iteration: number;
  readonly correctness: number;
  /** `null`: not measured. */
  readonly repeatability: number | null;
  readonly repeatability_source?: string | undefined;
  readonly regressions: number;
  /** Cost of all patch sets that lead to this state, not only of the last one. */
  readonly patch_cost: number;
  readonly patch_cost_delta?: number | undefined;
  /** `false`: the state was rolled back. It stays on the frontier, flagged, but is never promoted by default. */
  readonly accepted: boolean;
  /** Conditions of the measurement as one text; points of different conditions never meet. Absent: unknown. */
  readonly label?: string | undefined;
  /** Whether the state meets every target. */
  readonly meets_targets?: boolean | undefined;
  readonly lever?: number | null | undefined;
  readonly model_id?: string | null | undefined;
}

export const STATE_OBJECTIVES: readonly Objective<StatePoint>[] = [
  { name: 'correctness', direction: 'maximise', value: (state) => state.correctness },
  { name: 'repeatability', direction: 'maximise', value: (state) => state.repeatability },
  { name: 'regressions', direction: 'minimise', value: (state) => state.regressions },
  { name: 'patch_cost', direction: 'minimise', value: (state) => state.patch_cost },
];

/** Points measured under different conditions were put together; their order would mean nothing. */
export class MixedEvidenceError extends OptimizerError {
  constructor(iterations: readonly [number, number], labels: readonly [string, string]) {
    super(
      `The states of iterations ${iterations[0]} and ${iterations[1]} were measured under different conditions and cannot share a frontier. Keep the points of one label, or re-score the older ones.`,
      { code: 'MIXED_EVIDENCE', details: { iterations, labels } },
    );
  }
}

/**
 * States worth keeping, by iteration. Of equal states the earliest stays, whatever the input order.
 *
 * @throws {MixedEvidenceError} two points carry different labels
 */
export function stateFrontier<Point extends StatePoint>(points: readonly Point[]): Point[] {
  const [first] = points;
  for (const point of points) {
    if (first !== undefined && point.label !== first.label) {
      throw new MixedEvidenceError(
        [first.iteration, point.iteration],
        [first.label ?? 'none', point.label ?? 'none'],
      );
    }
  }
  return paretoFrontier(
    [...points].sort((a, b) => a.iteration - b.iteration),
    STATE_OBJECTIVES,
  );
}

/** How to choose the state to promote. @see spec/session-state.md §6.5 */
export type SelectionStrategy = 'best-accuracy' | 'threshold-first';

/**
 * The state to promote, of the accepted ones on the frontier.
 *
 * `best-accuracy`: ties go to higher repeatability (unknown last), fewer regressions, lower cost, earlier
 * iteration. `threshold-first`: the cheapest that meets all targets; when none does, as before.
 *
 * @returns `null` when no state was accepted
 * @see spec/session-state.md §6.5
 */
export function selectState<Point extends StatePoint>(
  frontier: readonly Point[],
  strategy: SelectionStrategy = 'best-accuracy',
): Point | null {
  const accepted = frontier.filter((state) => state.accepted);
  const meeting = strategy === 'threshold-first' ? accepted.filter((state) => state.meets_targets) : [];
  const [cheapest] = meeting.sort((a, b) => a.patch_cost - b.patch_cost || byPreference(a, b));
  return cheapest ?? accepted.sort(byPreference)[0] ?? null;
}

function byPreference(a: StatePoint, b: StatePoint): number {
  return (
    b.correctness - a.correctness ||
    (b.repeatability ?? -1) - (a.repeatability ?? -1) ||
    a.regressions - b.regressions ||
    a.patch_cost - b.patch_cost ||
    a.iteration - b.iteration
  );
}
