import { stepOf } from './acceptance/judge-facts.ts';
import { turnedQuestions, type Compared } from './acceptance/facts.ts';
import { withRound, type QuestionEvidence } from './acceptance/evidence.ts';
import type { EvidenceRule } from './acceptance/rules.ts';
import { askArm, catalogSwitch, isOf, roundsOf, type Arm } from './ask-again.ts';
import { poolOf } from './ask-ledger.ts';
import { configHashOf, type Run, type Standing } from './run.ts';

/** Fresh evidence on a candidate, and how it was asked for. */
interface GatheredEvidence {
  readonly design: 'interleaved' | 'pooled';
  readonly evidence: readonly QuestionEvidence[];
}

/** Rounds beyond those a rule needs, for asks that were lost on the way. */
const SPARE_ROUNDS = 4;

/**
 * Asks the questions that turned again, until the rule has seen enough.
 *
 * With copies of the space both arms take turns in every round, and the arm that goes first alternates,
 * so that a service that gets better or worse meanwhile favours neither. Unity Catalog is shared by both
 * copies: changes there are switched off and on with the arm. In the live space the incumbent cannot be
 * asked while the candidate stands; its recorded asks have to do.
 *
 * Asks already in the ledger for this comparison are not made again.
 *
 * @see spec/acceptance.md §2
 */
export async function gatherEvidence(
  run: Run,
  candidate: Standing,
  compared: Compared,
  rule: EvidenceRule,
  lever: number,
): Promise<GatheredEvidence> {
  const { ctx, place } = run;
  const design = place.incumbentId === null ? 'pooled' : 'interleaved';
  const hashes = { incumbent: configHashOf(run.accepted), candidate: configHashOf(candidate) };
  // Under other answer keys it is another comparison: verdicts under the old ones are no evidence in it.
  const comparison = [
    candidate.evaluation.iteration,
    hashes.incumbent,
    hashes.candidate,
    compared.candidate.benchmark_fingerprint,
  ].join(' ');
  const turned = turnedQuestions(compared);
  const keyVersions = new Map(run.suite.questions.map(({ id, key_version: version }) => [id, version]));
  const mostRounds = (rule.rule === 'paired' ? rule.k : rule.max_rounds) + SPARE_ROUNDS;
  const switchTo = catalogSwitch(run);
  const read = () =>
    turned.map((question) => {
      const asks = ctx.asks.all();
      const known =
        design === 'pooled'
          ? {
              ...question,
              incumbent: poolOf(
                asks,
                hashes.incumbent,
                question.question_id,
                keyVersions.get(question.question_id),
              ),
            }
          : question;
      return roundsOf(asks, comparison, question.question_id).reduce(withRound, known);
    });
  for (let round = 0; round < mostRounds; round++) {
    const evidence = read();
    const step = stepOf({ design, discordant: evidence.map(copied) }, rule);
    if (step.kind === 'decided') break;
    const arms: readonly Arm[] =
      design === 'pooled'
        ? ['candidate']
        : round % 2 === 0
          ? ['candidate', 'incumbent']
          : ['incumbent', 'candidate'];
    for (const arm of arms) {
      const questionIds = step.questionIds.filter(
        (id) =>
          !ctx.asks.all().some((ask) => isOf(ask, comparison, id) && ask.round === round && ask.arm === arm),
      );
      if (questionIds.length === 0) continue;
      await switchTo(arm);
      const standing = arm === 'incumbent' ? run.accepted : candidate;
      await askArm(run, standing, {
        arm,
        round,
        iteration: standing.evaluation.iteration,
        comparison,
        questionIds,
      });
    }
    ctx.emit({
      type: 'evidence_round',
      lever,
      round: round + 1,
      questions: step.questionIds.length,
      asksUsed: ctx.asks.all().filter((ask) => ask.comparison === comparison).length,
    });
  }
  // Only when all went well: after a failure the change is taken back anyway.
  await switchTo('candidate');
  return { design, evidence: read() };
}

const copied = (question: QuestionEvidence) => ({
  ...question,
  incumbent: { ...question.incumbent },
  candidate: { ...question.candidate },
  pairs: { ...question.pairs },
});
