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
  readonly accepted: boolean;
  readonly lever?: number | null | undefined;
  readonly model_id?: string | null | undefined;
}

export const STATE_OBJECTIVES: readonly Objective<StatePoint>[] = [
  { name: 'correctness', direction: 'maximise', value: (state) => state.correctness },
  { name: 'repeatability', direction: 'maximise', value: (state) => state.repeatability },
  { name: 'regressions', direction: 'minimise', value: (state) => state.regressions },
  { name: 'patch_cost', direction: 'minimise', value: (state) => state.patch_cost },
];

/** States worth keeping, by iteration. Of equal states the earliest stays, whatever the input order. */
export function stateFrontier<Point extends StatePoint>(points: readonly Point[]): Point[] {
  return paretoFrontier(
    [...points].sort((a, b) => a.iteration - b.iteration),
    STATE_OBJECTIVES,
  );
}

/**
 * The state to promote: best accuracy among accepted states of the frontier.
 *
 * Ties go to higher repeatability (unknown last), fewer regressions, lower cost, earlier iteration.
 *
 * @returns `null` when no state was accepted
 * @see spec/session-state.md §6.5
 */
export function selectState<Point extends StatePoint>(frontier: readonly Point[]): Point | null {
  const accepted = frontier.filter((state) => state.accepted);
  return accepted.sort(byPreference)[0] ?? null;
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
