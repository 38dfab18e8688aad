import type { EvaluationResult } from '../../evaluation/index.ts';
import type { DecisionFacts } from '../../session/index.ts';
import { freshEvidence, type QuestionEvidence } from './evidence.ts';
import { intervalOverQuestions } from './interval.ts';
import { judgeChange, judgesOf, pairRows, verdictFlips, winsAndLosses } from './paired-rows.ts';

/** The evaluations a decision rests on. */
export interface Compared {
  /** The last accepted evaluation. */
  readonly accepted: EvaluationResult;
  /** The evaluation of the state the candidate was built on; equals `accepted` unless a change awaits its proof. */
  readonly tip: EvaluationResult;
  readonly candidate: EvaluationResult;
}

/** The questions whose verdict turned, with nothing asked again yet. Excluded rows never turn. */
export function turnedQuestions({ accepted, candidate }: Compared): QuestionEvidence[] {
  const pairs = pairRows(accepted.rows, candidate.rows);
  const { wins, losses } = winsAndLosses(pairs);
  const p0 = new Set(
    pairs.filter(({ after }) => after.priority === 'P0').map(({ after }) => after.question_id),
  );
  return [
    ...wins.map((id) => freshEvidence(id, 'win', p0.has(id))),
    ...losses.map((id) => freshEvidence(id, 'loss', p0.has(id))),
  ];
}

/** Everything any rule looks at, taken from the evaluations and the fresh asks. */
export function decisionFacts(
  compared: Compared,
  evidence: readonly QuestionEvidence[],
  design: DecisionFacts['design'],
): DecisionFacts {
  const { accepted, tip, candidate } = compared;
  const pairs = pairRows(accepted.rows, candidate.rows);
  const { wins, losses } = winsAndLosses(pairs);
  const counted = pairs.filter(({ before, after }) => before.correct !== null && after.correct !== null);
  const tipPairs = pairRows(tip.rows, candidate.rows);
  const differences = counted.map(({ after }) => differenceOf(after.question_id, wins, losses, evidence));
  return {
    comparable: accepted.benchmark_fingerprint === candidate.benchmark_fingerprint,
    design,
    questions_compared: counted.length,
    wins,
    losses,
    lost_p0: pairs
      .filter(({ after }) => after.priority === 'P0' && losses.includes(after.question_id))
      .map(({ after }) => after.question_id),
    delta_pp: counted.length === 0 ? null : (100 * (wins.length - losses.length)) / counted.length,
    judge_changes: judgesOf(pairs).flatMap((metric) => {
      const change = judgeChange(pairs, metric);
      return change === null || change.current === change.previous
        ? []
        : [{ metric, ...change, delta: change.current - change.previous }];
    }),
    missing_judges: Object.keys(accepted.scores).filter((judge) => !Object.hasOwn(candidate.scores, judge)),
    verdicts_improved: judgesOf(tipPairs).reduce((sum, judge) => sum + verdictFlips(tipPairs, judge), 0),
    discordant: evidence.map(({ pairs: counts, incumbent, candidate: arm, ...question }) => ({
      ...question,
      incumbent: { ...incumbent },
      candidate: { ...arm },
      pairs: { ...counts },
    })),
    ...intervalOverQuestions(differences),
  };
}

/** Change of one question's chance of a right answer: from fresh asks of both arms where there are any. */
function differenceOf(
  id: string,
  wins: readonly string[],
  losses: readonly string[],
  evidence: readonly QuestionEvidence[],
): number {
  const asked = evidence.find((question) => question.question_id === id);
  if (asked && asked.incumbent.n > 0 && asked.candidate.n > 0) {
    return asked.candidate.correct / asked.candidate.n - asked.incumbent.correct / asked.incumbent.n;
  }
  return Number(wins.includes(id)) - Number(losses.includes(id));
}
