import type { SpaceState } from '../../src/apply/index.ts';
import type { BenchmarkSuite } from '../../src/benchmarks/index.ts';
import { nativeEvaluator } from '../../src/evaluation/index.ts';
import { resultCorrectnessJudge } from '../../src/judges/index.ts';
import type { LocalWorkspace } from '../../src/local/index.ts';
import { makeCopy } from '../../src/pipeline/copies.ts';
import type { CatalogSnapshot, Workspace } from '../../src/ports/index.ts';

/** Asks of every question for the truth, and of those that waver. */
const FIRST_ASKS = 5;
const MORE_ASKS = 25;

/** The space and what Unity Catalog says beside it. */
export interface Stand {
  readonly state: SpaceState;
  readonly catalog: CatalogSnapshot;
}

/** Measures how a state is answered in the long run, percent of the questions, on a copy of its own. */
export function truthMeter(
  workspace: Workspace,
  local: LocalWorkspace,
  suite: BenchmarkSuite,
  variance: number,
): (stand: Stand) => Promise<number> {
  const evaluator = nativeEvaluator({
    workspace,
    judges: [resultCorrectnessJudge()],
    variables: local.sample.variables,
    concurrency: 16,
  });
  return async ({ state, catalog }) => {
    const spaceId = await makeCopy(
      { workspace, signal: undefined },
      { title: `truth ${state.hash}`, warehouseId: local.warehouseId, text: state.text },
    );
    const tally = new Map<string, { n: number; correct: number }>();
    const ask = async (ids: ReadonlySet<string> | null) => {
      const { rows } = await evaluator.evaluate({
        spaceId,
        questions: suite.questions.filter(({ id }) => ids === null || ids.has(id)),
        scope: 'full',
        iteration: 0,
        space: state.space,
        catalog,
      });
      for (const { question_id: id, correct } of rows) {
        const count = tally.get(id) ?? { n: 0, correct: 0 };
        if (correct !== null) tally.set(id, { n: count.n + 1, correct: count.correct + Number(correct) });
      }
    };
    for (let round = 0; round < (variance === 0 ? 1 : FIRST_ASKS); round++) await ask(null);
    const wavering = new Set(
      [...tally].filter(([, { n, correct }]) => correct > 0 && correct < n).map(([id]) => id),
    );
    for (let round = 0; round < MORE_ASKS && wavering.size > 0; round++) await ask(wavering);
    await workspace.genie.trashSpace(spaceId);
    const shares = [...tally.values()].map(({ n, correct }) => correct / n);
    return (100 * shares.reduce((sum, share) => sum + share, 0)) / shares.length;
  };
}
