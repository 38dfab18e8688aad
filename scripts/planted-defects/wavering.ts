import type { EvaluationRow } from '../../src/evaluation/index.ts';
import type { ProposalRow } from '../../src/levers/index.ts';

/** What a space without a defect got proposed when its Genie answers some questions wrongly by chance. */
export interface WaveringTrial {
  readonly asked: number;
  readonly wrong: number;
  /** Proposals after one answer to each question, and after two, questions with unlike verdicts left out. */
  readonly once: number;
  readonly twice: number;
}

/** Sums of several trials. */
export interface Wavering {
  readonly total: number;
  readonly silent: number;
  readonly silentTwice: number;
  readonly asked: number;
  readonly wrong: number;
}

/** Makes the proposals of one evaluation, and of two that agree. */
export function waveringTrial(
  first: readonly EvaluationRow[],
  second: readonly EvaluationRow[],
  countProposals: (rows: readonly ProposalRow[]) => number,
): WaveringTrial {
  const verdicts = new Map(second.map((row) => [row.question_id, row.correct]));
  const agreed = first.map((row) =>
    verdicts.get(row.question_id) === row.correct ? row : { ...row, correct: null },
  );
  return {
    asked: first.length,
    wrong: first.filter(({ correct }) => correct !== true).length,
    once: countProposals(first),
    twice: countProposals(agreed),
  };
}

export const sumWavering = (trials: readonly WaveringTrial[]): Wavering => ({
  total: trials.length,
  silent: trials.filter(({ once }) => once === 0).length,
  silentTwice: trials.filter(({ twice }) => twice === 0).length,
  asked: trials.reduce((sum, trial) => sum + trial.asked, 0),
  wrong: trials.reduce((sum, trial) => sum + trial.wrong, 0),
});
