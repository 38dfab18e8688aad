import type { EvaluationRow } from '../../evaluation/index.ts';

/** One question, seen by two evaluations. */
export interface RowPair {
  readonly before: EvaluationRow;
  readonly after: EvaluationRow;
}

/** The questions that both sides asked; a question asked by one side only says nothing about a change. */
export function pairRows(before: readonly EvaluationRow[], after: readonly EvaluationRow[]): RowPair[] {
  const earlier = new Map(before.map((row) => [row.question_id, row]));
  return after.flatMap((row) => {
    const match = earlier.get(row.question_id);
    return match ? [{ before: match, after: row }] : [];
  });
}

/** Ids of questions that turned right (`wins`) or wrong (`losses`); excluded rows are neither. */
export function winsAndLosses(pairs: readonly RowPair[]): {
  readonly wins: string[];
  readonly losses: string[];
} {
  const turned = (from: boolean, to: boolean) =>
    pairs
      .filter(({ before, after }) => before.correct === from && after.correct === to)
      .map(({ after }) => after.question_id);
  return { wins: turned(false, true), losses: turned(true, false) };
}

const passed = (row: EvaluationRow, judge: string): boolean | null => {
  const value = row.verdicts[judge]?.value;
  return value === 'yes' ? true : value === 'no' ? false : null;
};

/**
 * Change of one judge's pass rate in percentage points, over the questions it scored on both sides.
 *
 * Comparing whole-suite rates would let a judge that scores more rows after a change look worse.
 * `null` when it scored no question on both sides.
 */
export function judgeChange(
  pairs: readonly RowPair[],
  judge: string,
): { readonly previous: number; readonly current: number } | null {
  const both = pairs.flatMap(({ before, after }) => {
    const [was, is] = [passed(before, judge), passed(after, judge)];
    return was === null || is === null ? [] : [{ was, is }];
  });
  if (both.length === 0) return null;
  const rate = (side: 'was' | 'is') => (100 * both.filter((pair) => pair[side]).length) / both.length;
  return { previous: rate('was'), current: rate('is') };
}

/** Questions on which a judge's no became a yes, minus those on which its yes became a no. */
export const verdictFlips = (pairs: readonly RowPair[], judge: string): number =>
  pairs.reduce((sum, { before, after }) => {
    const [was, is] = [passed(before, judge), passed(after, judge)];
    return was === null || is === null ? sum : sum + Number(is) - Number(was);
  }, 0);

/** Judges heard on either side, in order of appearance. */
export const judgesOf = (pairs: readonly RowPair[]): string[] => [
  ...new Set(
    pairs.flatMap(({ before, after }) => [...Object.keys(before.verdicts), ...Object.keys(after.verdicts)]),
  ),
];
