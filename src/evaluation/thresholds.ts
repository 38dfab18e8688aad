import type { JudgeName } from '../judges/index.ts';

/** Pass rates to reach, percent 0–100; reaching all of them ends a run. @see spec/judges.md §7.3 */
export const THRESHOLDS = {
  syntax_validity: 98,
  schema_accuracy: 95,
  logical_accuracy: 90,
  semantic_equivalence: 90,
  completeness: 90,
  result_correctness: 85,
  asset_routing: 95,
} as const satisfies Readonly<Partial<Record<JudgeName, number>>>;

/** Pass rates below which a judge that did not move needs a person. Percent 0–100. @see spec/pipeline.md §1 */
export const STUCK_BELOW = {
  syntax_validity: 90,
  schema_accuracy: 85,
  logical_accuracy: 80,
  semantic_equivalence: 80,
  completeness: 80,
  result_correctness: 70,
  asset_routing: 85,
} as const satisfies Readonly<Record<keyof typeof THRESHOLDS, number>>;

export interface ThresholdStatus {
  readonly judge: string;
  /** Percent 0–100; `null`: the judge scored no row. */
  readonly value: number | null;
  readonly target: number;
  readonly status: 'pass' | 'fail' | 'missing';
}

export interface ThresholdReport {
  /** `false` when a judge is missing, and for an empty score map. */
  readonly passed: boolean;
  readonly perJudge: readonly ThresholdStatus[];
}

/** Compares scores with targets; a judge without a score has not reached its target. */
export function checkThresholds(
  scores: Readonly<Record<string, number>>,
  targets: Readonly<Record<string, number>> = THRESHOLDS,
): ThresholdReport {
  const perJudge = Object.entries(targets).map(([judge, target]): ThresholdStatus => {
    const value = Object.hasOwn(scores, judge) ? (scores[judge] ?? null) : null;
    return { judge, value, target, status: value === null ? 'missing' : value >= target ? 'pass' : 'fail' };
  });
  return {
    passed: Object.keys(scores).length > 0 && perJudge.every(({ status }) => status === 'pass'),
    perJudge,
  };
}

/** Whether every judge reached its target. */
export const allThresholdsMet = (
  scores: Readonly<Record<string, number>>,
  targets: Readonly<Record<string, number>> = THRESHOLDS,
): boolean => checkThresholds(scores, targets).passed;
