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

/** Pass rate per judge, percent 0–100, over the rows it said yes or no to; judges that scored no row are absent. */
export function judgeScores(
  rows: readonly Pick<EvaluationRow, 'verdicts'>[],
): Readonly<Record<string, number>> {
  const tallies = new Map<string, { yes: number; scored: number }>();
  for (const { verdicts } of rows)
    for (const judge of Object.keys(verdicts)) {
      const value = verdicts[judge]?.value;
      if (value !== 'yes' && value !== 'no') continue;
      const tally = tallyOf(tallies, judge, () => ({ yes: 0, scored: 0 }));
      tally.yes += value === 'yes' ? 1 : 0;
      tally.scored += 1;
    }
  return Object.fromEntries([...tallies].map(([judge, { yes, scored }]) => [judge, (100 * yes) / scored]));
}

/** Share of `unknown` verdicts above which a judge's scores are not to be trusted. @see spec/judges.md §5 */
export const DEGRADED_SHARE = 0.2;

/** Judges of which more than a fifth of the verdicts are unknown because the judge itself failed. */
export function degradedJudges(rows: readonly Pick<EvaluationRow, 'verdicts'>[]): readonly string[] {
  const tallies = new Map<string, { unknown: number; total: number }>();
  for (const { verdicts } of rows)
    for (const judge of Object.keys(verdicts)) {
      const tally = tallyOf(tallies, judge, () => ({ unknown: 0, total: 0 }));
      tally.unknown += verdicts[judge]?.value === 'unknown' ? 1 : 0;
      tally.total += 1;
    }
  return [...tallies]
    .filter(([, { unknown, total }]) => unknown > total * DEGRADED_SHARE)
    .map(([judge]) => judge);
}

function tallyOf<T>(tallies: Map<string, T>, judge: string, none: () => T): T {
  const known = tallies.get(judge);
  if (known !== undefined) return known;
  const tally = none();
  tallies.set(judge, tally);
  return tally;
}
