import { ROUTING_PASSES, WAVERING_ADVICE, type KnownLimit } from '../levers/index.ts';
import { routingSensitivity } from '../repeatability/index.ts';
import { askArm, isOf } from './ask-again.ts';
import { configHashOf, type Run, type Standing } from './run.ts';
import type { Trying } from './trying.ts';

/**
 * Asks the questions of a routing change several times while it is in place, and says whose routing wavers all the
 * same: 2 of 5 answers from another asset are a property of the platform, which no further text mends.
 *
 * Three passes settle a question that never deviates, or always does; the others get five. Passes that were made
 * before a restart are not made again.
 *
 * @returns at most one limit; none where the evaluator cannot ask again
 * @see spec/pipeline.md §11 row 22, spec/repeatability.md §6
 */
export async function routingLimits(
  run: Run,
  { selection }: Pick<Trying, 'selection'>,
  candidate: Standing,
): Promise<readonly KnownLimit[]> {
  const { ctx, suite } = run;
  const train = new Map(
    suite.questions.filter(({ split }) => split === 'train').map((question) => [question.id, question]),
  );
  const ids = [
    ...new Set(
      selection.proposals
        .filter(({ failure_type: type }) => type === 'asset_routing_error')
        .flatMap(({ question_ids }) => question_ids.filter((id) => train.has(id))),
    ),
  ];
  if (ids.length === 0 || !ctx.evaluator.capabilities.rerun) return [];
  const { iteration } = candidate.evaluation;
  const comparison = `routing ${iteration} ${configHashOf(candidate)}`;
  const assetsOf = (id: string): string[] =>
    ctx.asks
      .all()
      .filter((ask) => isOf(ask, comparison, id) && ask.verdict !== 'excluded')
      .map(({ asset }) => asset ?? 'NONE');
  for (let round = 0; round < ROUTING_PASSES.most; round++) {
    const open = ids.filter((id) => round < ROUTING_PASSES.least || new Set(assetsOf(id)).size > 1);
    const questionIds = open.filter(
      (id) => !ctx.asks.all().some((ask) => isOf(ask, comparison, id) && ask.round === round),
    );
    if (questionIds.length > 0) {
      await askArm(run, candidate, { arm: 'candidate', round, iteration, comparison, questionIds });
    }
  }
  const results = ids.map((id) => ({ question_id: id, assets: assetsOf(id) }));
  const expected = new Map(ids.map((id) => [id, train.get(id)?.expected_asset ?? 'TABLE']));
  const sensitive = routingSensitivity({ results }, expected).filter((item) => item.sensitive);
  if (sensitive.length === 0) return [];
  const question_ids = sensitive.map(({ question_id: id }) => id).sort();
  ctx.emit({
    type: 'warning',
    code: 'ROUTING_SENSITIVE',
    message: `Routing of ${question_ids.join(', ')} wavers although both sides are told apart; nothing more is proposed for it.`,
  });
  return [{ id: 'KGL-2', question_ids, recommendation: WAVERING_ADVICE }];
}
