import type { PairCount, QuestionEvidence } from './evidence.ts';

/** Chances of a right answer under candidate and incumbent that a bet is made on. */
interface Bet {
  readonly candidate: number;
  readonly incumbent: number;
  /** Share of the stake put on it. */
  readonly share: number;
}

/**
 * How the stake on one question is spread: half stays in the pocket, since most questions that turned
 * are unsteady and not improved; the rest bets on repairs of different quality.
 */
const BETS: readonly Bet[] = [
  { candidate: 0.95, incumbent: 0.05, share: 0.35 },
  { candidate: 0.85, incumbent: 0.25, share: 0.15 },
];
const KEPT = 1 - BETS.reduce((sum, { share }) => sum + share, 0);

/**
 * Evidence that the candidate answers one question better, as an e-value: what a stake of 1 has become
 * after betting on the pairs at odds that are fair or worse if both configurations answer alike.
 *
 * Each pair multiplies a bet by `a(y)·b(z) / m(y)·m(z)`, with `m` the mean of the two chances: its
 * expectation is at most 1 whatever the common chance is, so that chance may differ from round to round
 * (a service that drifts) as long as both arms are asked in the same round.
 *
 * @see Turner, Ly, Grünwald: Generic E-variables for exact sequential k-sample tests that allow for
 * optional stopping. J. Stat. Plan. Inference 230 (2024), doi:10.1016/j.jspi.2023.106116
 */
export const winEvidence = (pairs: PairCount): number =>
  KEPT + BETS.reduce((sum, bet) => sum + bet.share * payout(bet, pairs), 0);

/** The same for "the candidate answers it worse". */
export const lossEvidence = ({ won, lost, both, neither }: PairCount): number =>
  winEvidence({ won: lost, lost: won, both, neither });

/**
 * Evidence over all questions: the product, since what was won on one is staked on the next.
 *
 * Under a change that changes nothing it exceeds `1/alpha` at any time with probability at most `alpha`
 * (Ville), so one may look after every round.
 */
export const totalEvidence = (evidence: readonly QuestionEvidence[]): number =>
  evidence.reduce((product, { pairs }) => product * winEvidence(pairs), 1);

/** The same total if every question in `ids` won its next `rounds` rounds. */
export const bestCase = (
  evidence: readonly QuestionEvidence[],
  ids: ReadonlySet<string>,
  rounds: number,
): number =>
  evidence.reduce(
    (product, { question_id: id, pairs }) =>
      product * winEvidence(ids.has(id) ? { ...pairs, won: pairs.won + rounds } : pairs),
    1,
  );

function payout({ candidate: a, incumbent: b }: Bet, { won, lost, both, neither }: PairCount): number {
  const m = (a + b) / 2;
  const [right, wrong] = [m * m, (1 - m) * (1 - m)];
  const mixed = m * (1 - m);
  return (
    ((a * (1 - b)) / mixed) ** won *
    (((1 - a) * b) / mixed) ** lost *
    ((a * b) / right) ** both *
    (((1 - a) * (1 - b)) / wrong) ** neither
  );
}
