import type { ArbiterVerdict } from '../judges/index.ts';
import { isAdjustedCorrect } from './accuracy.ts';
import { toArtifactRow } from './artifact-row.ts';
import type { EvaluationResult, EvaluationRow } from './evaluation-result.ts';
import { checkThresholds, THRESHOLDS } from './thresholds.ts';

/** A file of an evaluation; the path is relative to the run's artifacts or to a folder. */
export interface EvaluationArtifact {
  readonly path: string;
  readonly text: string;
}

/** What becomes of a row by the arbiter's word. @see spec/judges.md §4.3 */
export const ARBITER_ACTIONS: Readonly<Record<ArbiterVerdict, string>> = {
  genie_correct: 'update_benchmark',
  both_correct: 'add_disambiguation',
  ground_truth_correct: 'optimize_metadata',
  neither_correct: 'human_review',
};

const isVerdict = (value: string): value is ArbiterVerdict => Object.hasOwn(ARBITER_ACTIONS, value);

/**
 * The files of one evaluation: rows, failures, soft signals, arbiter actions and a summary without rows.
 *
 * @param facts.confirmations - evaluations in which a question got its present arbiter verdict, this one included;
 *   default 1
 * @param facts.targets - pass rates to reach, percent
 * @param facts.traceIds - trace of each question that has one; default none
 * @see spec/evaluation.md §9, §11
 */
export function evaluationArtifacts(
  result: EvaluationResult,
  {
    confirmations = new Map(),
    targets = THRESHOLDS,
    traceIds = new Map(),
  }: {
    readonly confirmations?: ReadonlyMap<string, number>;
    readonly targets?: Readonly<Record<string, number>>;
    readonly traceIds?: ReadonlyMap<string, string>;
  } = {},
): readonly EvaluationArtifact[] {
  const file = (name: string, value: unknown): EvaluationArtifact => ({
    path: `evaluation/${name}.json`,
    text: `${JSON.stringify(value, null, 1)}\n`,
  });
  const { rows } = result;
  const written = (row: EvaluationRow) => toArtifactRow(row, traceIds.get(row.question_id) ?? null);
  return [
    file('eval_results', rows.map(written)),
    file('failures', rows.filter(({ correct }) => correct === false).map(written)),
    file('soft_signals', rows.filter(({ soft_signals }) => soft_signals.length > 0).map(written)),
    file(
      'arbiter_actions',
      rows.flatMap((row) => arbiterAction(row, confirmations)),
    ),
    file('summary', summaryOf(result, targets)),
  ];
}

function arbiterAction(row: EvaluationRow, confirmations: ReadonlyMap<string, number>): object[] {
  const verdict = row.verdicts['arbiter'];
  if (verdict === undefined || !isVerdict(verdict.value)) return [];
  return [
    {
      question_id: row.question_id,
      question: row.question,
      verdict: verdict.value,
      expected_sql: row.expected_sql,
      generated_sql: row.generated_sql ?? '',
      rationale: verdict.rationale,
      action: ARBITER_ACTIONS[verdict.value],
      confirmations: confirmations.get(row.question_id) ?? 1,
    },
  ];
}

/** Corrections of answer keys that one evaluation may ask for before somebody should look at them. @see spec/evaluation.md §11 */
const CORRECTION_THRESHOLD = 3;

function summaryOf(result: EvaluationResult, targets: Readonly<Record<string, number>>): object {
  const { rows, ...rest } = result;
  const verdictOf = ({ verdicts }: EvaluationRow): string => verdicts['arbiter']?.value ?? 'skipped';
  const counts = new Map<string, number>(
    [...Object.keys(ARBITER_ACTIONS), 'skipped', 'unknown'].map((verdict) => [verdict, 0]),
  );
  for (const row of rows) {
    const verdict = verdictOf(row);
    const key = counts.has(verdict) ? verdict : 'skipped';
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const thresholds = checkThresholds(result.scores, targets);
  return {
    ...rest,
    adjusted_correct_count: rows.filter(isAdjustedCorrect).length,
    exclusions: rows.flatMap(({ question_id, exclusion }) =>
      exclusion === null ? [] : [{ question_id, ...exclusion }],
    ),
    soft_signals: rows.flatMap(({ question_id, soft_signals }) =>
      soft_signals.length === 0 ? [] : [{ question_id, judges: soft_signals }],
    ),
    arbiter_verdicts: Object.fromEntries(counts),
    arbiter_overridden_ids: rows
      .filter((row) => row.correct === false && isAdjustedCorrect(row))
      .map(({ question_id }) => question_id),
    gt_correction_threshold_reached: (counts.get('genie_correct') ?? 0) >= CORRECTION_THRESHOLD,
    thresholds_passed: thresholds.passed,
    thresholds: thresholds.perJudge,
    missing_judges: thresholds.perJudge
      .filter(({ status }) => status === 'missing')
      .map(({ judge }) => judge),
    inconclusive: result.evaluated_count === 0 || result.degraded_judges.length > 0,
  };
}
