import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSpace, runStatements, writeSpace } from '../../src/apply/index.ts';
import { loadBenchmarks, type BenchmarkSuite } from '../../src/benchmarks/index.ts';
import { connect } from '../../src/clients/index.ts';
import { nativeEvaluator, type EvaluationRow } from '../../src/evaluation/index.ts';
import { proposeAll, type Proposal, type ReviewItem } from '../../src/levers/index.ts';
import { startLocalWorkspace } from '../../src/local/index.ts';
import { applyPlan, planPatchSet } from '../../src/patch-dsl/index.ts';
import type { CatalogSnapshot } from '../../src/ports/index.ts';
import { dataSources, serializeSpace, type Space } from '../../src/spaces/index.ts';
import type { PlantedQuestion, PlantedWorld } from './world.ts';

/** What the embedded workspace answered before and after the top-ranked proposal. */
export interface Trial {
  /** Ids of the questions answered wrongly at first. */
  readonly failing: readonly string[];
  readonly failingAfter: readonly string[];
  readonly proposals: readonly Proposal[];
  readonly review: readonly ReviewItem[];
  readonly before: readonly EvaluationRow[];
  readonly after: readonly EvaluationRow[];
}

/** Asks all questions, makes the proposals of the train questions, applies the first, asks again. */
export async function runWorld(world: PlantedWorld): Promise<Trial> {
  const folder = await mkdtemp(join(tmpdir(), 'planted-defects-'));
  try {
    await writeSample(folder, world);
    return await runSample(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function writeSample(folder: string, world: PlantedWorld): Promise<void> {
  const files: Readonly<Record<string, string>> = {
    'sample.yaml': `name: ${world.name}\ntitle: Planted\nwarehouse: 00f0000000000001\ndomain: planted\ntoday: 2026-10-01\nvariables:\n  catalog: c\n  gold_schema: g\n`,
    'catalog.sql': world.catalogSql,
    'space.geniespace.json': JSON.stringify(world.space),
    'golden-queries.yaml': JSON.stringify({ planted: world.questions.map(benchmarkOf) }),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}

const benchmarkOf = ({ needs: _needs, ...question }: PlantedQuestion) => ({
  ...question,
  category: 'aggregation',
  source: 'user',
  priority: 'P1',
});

async function runSample(folder: string): Promise<Trial> {
  const local = await startLocalWorkspace({ sample: folder });
  try {
    const { host, token, warehouseId, spaceId } = local;
    const workspace = await connect({ host, token, warehouseId, startsPerMinute: null });
    const suite = await loadBenchmarks(local.sample.benchmarksPath, { domain: local.sample.domain });
    const evaluator = nativeEvaluator({ workspace, variables: local.sample.variables });
    const catalogOf = (space: Space): Promise<CatalogSnapshot> => {
      const functions = (space.instructions?.sql_functions ?? []).map(({ identifier }) => identifier);
      return workspace.catalog.snapshot({
        tables: dataSources(space).map(({ identifier }) => identifier),
        functions,
      });
    };
    const evaluate = async (
      iteration: number,
      space: Space,
      catalog: CatalogSnapshot,
    ): Promise<readonly EvaluationRow[]> =>
      (
        await evaluator.evaluate({
          spaceId,
          questions: suite.questions,
          scope: 'full',
          iteration,
          space,
          catalog,
        })
      ).rows;

    const state = await readSpace(workspace.genie, spaceId);
    const catalog = await catalogOf(state.space);
    const before = await evaluate(0, state.space, catalog);
    const { proposals, review } = proposeAll({
      rows: before,
      space: state.space,
      catalog,
      protectedTexts: protectedTexts(suite),
    });
    const [first] = proposals;
    let after = before;
    if (first !== undefined) {
      const planned = planPatchSet({ space: state.space, catalog }, first.patches);
      if (planned.ok) {
        await runStatements(workspace.sql, planned.plan.statements);
        const text = serializeSpace(applyPlan(state.space, planned.plan));
        const written = await writeSpace(workspace.genie, spaceId, { text, expectedHash: state.hash });
        after = await evaluate(1, written.space, await catalogOf(written.space));
      }
    }
    return { failing: failuresOf(before), failingAfter: failuresOf(after), proposals, review, before, after };
  } finally {
    await local.close();
  }
}

const protectedTexts = ({ questions }: BenchmarkSuite) =>
  questions.map(({ id, question, expected_sql, split }) => ({ id, question, expected_sql, split }));

const failuresOf = (rows: readonly EvaluationRow[]): string[] =>
  rows.filter(({ correct }) => correct !== true).map(({ question_id }) => question_id);
