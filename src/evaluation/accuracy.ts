import type { EvaluationRow } from './evaluation-result.ts';

/** Numbers over the rows of one evaluation. Percentages are 0–100; `null` when no row counts. */
export interface Accuracy {
  readonly overall_accuracy: number | null;
  readonly adjusted_accuracy: number | null;
  readonly total_questions: number;
  readonly evaluated_count: number;
  readonly correct_count: number;
  readonly excluded_count: number;
  /** Ids of wrong rows, in row order. */
  readonly failures: readonly string[];
}

/** What of a row the accuracy depends on. */
export type ScoredRow = Pick<EvaluationRow, 'question_id' | 'correct' | 'verdicts'>;

const percent = (part: number, whole: number): number | null => (whole === 0 ? null : (100 * part) / whole);

/** Right by result, or right in the arbiter's eyes (`genie_correct`, `both_correct`). */
export function isAdjustedCorrect({ correct, verdicts }: ScoredRow): boolean {
  if (correct !== false) return correct === true;
  const verdict = verdicts['arbiter']?.value;
  return verdict === 'genie_correct' || verdict === 'both_correct';
}

/**
 * Counts rows; excluded rows are counted as such and are in no percentage.
 *
 * @see spec/evaluation.md §7.4 of judges.md, decisions 4
 */
export function accuracyOf(rows: readonly ScoredRow[]): Accuracy {
  const evaluated = rows.filter(({ correct }) => correct !== null);
  const correct = evaluated.filter((row) => row.correct === true);
  return {
    overall_accuracy: percent(correct.length, evaluated.length),
    adjusted_accuracy: percent(evaluated.filter(isAdjustedCorrect).length, evaluated.length),
    total_questions: rows.length,
    evaluated_count: evaluated.length,
    correct_count: correct.length,
    excluded_count: rows.length - evaluated.length,
    failures: evaluated.filter((row) => row.correct === false).map(({ question_id }) => question_id),
  };
}

/** Share of `unknown` verdicts above which a judge's scores are not to be trusted. @see spec/judges.md §5 */
export const DEGRADED_SHARE = 0.2;

/** What the verdicts of an evaluation add up to, judge by judge. */
export interface JudgeTotals {
  /** See {@link judgeScores}. */
  readonly scores: Readonly<Record<string, number>>;
  /** See {@link degradedJudges}. */
  readonly degraded: readonly string[];
}

/** Both in one pass over the rows. */
export function judgeTotals(rows: readonly Pick<EvaluationRow, 'verdicts'>[]): JudgeTotals {
  const tallies = new Map<string, { yes: number; no: number; unknown: number; total: number }>();
  for (const { verdicts } of rows)
    for (const judge of Object.keys(verdicts)) {
      let tally = tallies.get(judge);
      if (tally === undefined) {
        tally = { yes: 0, no: 0, unknown: 0, total: 0 };
        tallies.set(judge, tally);
      }
      tally.total += 1;
      const value = verdicts[judge]?.value;
      if (value === 'yes' || value === 'no' || value === 'unknown') tally[value] += 1;
    }
  const judges = [...tallies];
  return {
    scores: Object.fromEntries(
      judges
        .filter(([, { yes, no }]) => yes + no > 0)
        .map(([judge, { yes, no }]) => [judge, (100 * yes) / (yes + no)]),
    ),
    degraded: judges
      .filter(([, { unknown, total }]) => unknown > total * DEGRADED_SHARE)
      .map(([judge]) => judge),
  };
}

/** Pass rate per judge, percent 0–100, over the rows it said yes or no to; judges that scored no row are absent. */
export const judgeScores = (rows: readonly Pick<EvaluationRow, 'verdicts'>[]): JudgeTotals['scores'] =>
  judgeTotals(rows).scores;

/** Judges of which more than a fifth of the verdicts are unknown because the judge itself failed. */
export const degradedJudges = (rows: readonly Pick<EvaluationRow, 'verdicts'>[]): JudgeTotals['degraded'] =>
  judgeTotals(rows).degraded;
