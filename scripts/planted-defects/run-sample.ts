import { readSpace, writeSpace } from '../../src/apply/index.ts';
import { loadBenchmarks } from '../../src/benchmarks/index.ts';
import { connect } from '../../src/clients/index.ts';
import { nativeEvaluator, type EvaluationRow } from '../../src/evaluation/index.ts';
import { proposeAll } from '../../src/levers/index.ts';
import { startLocalWorkspace } from '../../src/local/index.ts';
import { applyPlan, planPatchSet } from '../../src/patch-dsl/index.ts';
import { dataSources, serializeSpace, type Space } from '../../src/spaces/index.ts';
import { piecesOf } from './pieces.ts';

/** What came of taking one piece out of the space of a sample. */
export interface SampleOutcome {
  readonly sample: string;
  readonly piece: string;
  /** Train questions that were right with the piece and wrong without it. */
  readonly broken: number;
  /** Those that the first proposal for them made right again. */
  readonly repaired: number;
  readonly rightLever: boolean;
}

/**
 * Takes each piece of metadata out of a sample's space, one after the other, and repairs what broke with the
 * top-ranked proposal that speaks of a broken question.
 *
 * Pieces without which no train question changes are left out. Such a space has other failures too, so the first
 * proposal of all would often be about those.
 */
export async function runSample(sample: string): Promise<readonly SampleOutcome[]> {
  const local = await startLocalWorkspace({ sample });
  try {
    const { host, token, warehouseId, spaceId } = local;
    const workspace = await connect({ host, token, warehouseId, startsPerMinute: null });
    const { questions } = await loadBenchmarks(local.sample.benchmarksPath, { domain: local.sample.domain });
    const evaluator = nativeEvaluator({ workspace, variables: local.sample.variables });
    const state = await readSpace(workspace.genie, spaceId);
    const catalog = await workspace.catalog.snapshot({
      tables: dataSources(state.space).map(({ identifier }) => identifier),
      functions: (state.space.instructions?.sql_functions ?? []).map(({ identifier }) => identifier),
    });
    const train = questions.filter(({ split }) => split === 'train');
    const protectedTexts = questions.map(({ id, question, expected_sql, split }) => ({
      id,
      question,
      expected_sql,
      split,
    }));
    let hash = state.hash;
    const ask = async (space: Space): Promise<readonly EvaluationRow[]> => {
      const written = await writeSpace(workspace.genie, spaceId, {
        text: serializeSpace(space),
        expectedHash: hash,
      });
      hash = written.hash;
      const request = {
        spaceId,
        questions: train,
        scope: 'full',
        iteration: 0,
        space: written.space,
        catalog,
      } as const;
      return (await evaluator.evaluate(request)).rows;
    };
    const rightIn = (rows: readonly EvaluationRow[]): ReadonlySet<string> =>
      new Set(rows.filter(({ correct }) => correct === true).map(({ question_id }) => question_id));
    const whole = rightIn(await ask(state.space));
    const outcomes: SampleOutcome[] = [];
    for (const { name, levers, without } of piecesOf(state.space)) {
      const rows = await ask(without);
      const broken = [...whole].filter((id) => !rightIn(rows).has(id));
      if (broken.length === 0) continue;
      const { proposals } = proposeAll({ rows, space: without, catalog, protectedTexts });
      const first = proposals.find(({ question_ids }) => question_ids.some((id) => broken.includes(id)));
      const planned = first === undefined ? null : planPatchSet({ space: without, catalog }, first.patches);
      const repaired =
        planned?.ok === true ? rightIn(await ask(applyPlan(without, planned.plan))) : new Set<string>();
      outcomes.push({
        sample,
        piece: name,
        broken: broken.length,
        repaired: broken.filter((id) => repaired.has(id)).length,
        rightLever: first !== undefined && levers.includes(first.lever),
      });
    }
    return outcomes;
  } finally {
    await local.close();
  }
}
