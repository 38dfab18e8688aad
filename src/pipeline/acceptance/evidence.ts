/** Asks of one configuration and how many of them were answered rightly. */
export interface ArmCount {
  readonly n: number;
  readonly correct: number;
}

/** Pairs of one ask of each arm in the same round, by what came of them, seen from the candidate. */
export interface PairCount {
  readonly won: number;
  readonly lost: number;
  readonly both: number;
  readonly neither: number;
}

/**
 * What fresh asks say of one question whose verdict turned, with its wire names.
 *
 * The two answers that made it turn are not in here: they chose the question and prove nothing.
 */
export interface QuestionEvidence {
  readonly question_id: string;
  readonly is_p0: boolean;
  /** How it turned in the first evaluation of the candidate. */
  readonly turned: 'win' | 'loss';
  readonly incumbent: ArmCount;
  readonly candidate: ArmCount;
  /** Rounds in which both arms were asked; empty where the incumbent cannot be asked again. */
  readonly pairs: PairCount;
}

export const NO_PAIRS: PairCount = { won: 0, lost: 0, both: 0, neither: 0 };

/** A question of which nothing has been asked yet. */
export const freshEvidence = (
  questionId: string,
  turned: 'win' | 'loss',
  isP0 = false,
): QuestionEvidence => ({
  question_id: questionId,
  is_p0: isP0,
  turned,
  incumbent: { n: 0, correct: 0 },
  candidate: { n: 0, correct: 0 },
  pairs: NO_PAIRS,
});

/** The verdicts of one round on one question; `null`: the ask says nothing, or was not made. */
export interface RoundVerdict {
  readonly incumbent: boolean | null;
  readonly candidate: boolean | null;
}

/** Evidence with one more round. A verdict of one arm alone counts for that arm, not as a pair. */
export function withRound(evidence: QuestionEvidence, round: RoundVerdict): QuestionEvidence {
  const { incumbent, candidate, pairs } = evidence;
  return {
    ...evidence,
    incumbent: counted(incumbent, round.incumbent),
    candidate: counted(candidate, round.candidate),
    pairs: round.incumbent === null || round.candidate === null ? pairs : paired(pairs, round),
  };
}

const counted = (count: ArmCount, verdict: boolean | null): ArmCount =>
  verdict === null ? count : { n: count.n + 1, correct: count.correct + Number(verdict) };

function paired(pairs: PairCount, { incumbent, candidate }: RoundVerdict): PairCount {
  if (candidate === true) {
    return incumbent === true ? { ...pairs, both: pairs.both + 1 } : { ...pairs, won: pairs.won + 1 };
  }
  return incumbent === true ? { ...pairs, lost: pairs.lost + 1 } : { ...pairs, neither: pairs.neither + 1 };
}

/** Asks made for this evidence, both arms. */
export const asksIn = (evidence: readonly QuestionEvidence[]): number =>
  evidence.reduce((sum, { incumbent, candidate }) => sum + incumbent.n + candidate.n, 0);
