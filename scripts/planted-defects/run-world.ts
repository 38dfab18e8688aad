import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSpace, runStatements, writeSpace } from '../../src/apply/index.ts';
import { loadBenchmarks, type BenchmarkSuite } from '../../src/benchmarks/index.ts';
import { connect } from '../../src/clients/index.ts';
import { nativeEvaluator, type EvaluationRow } from '../../src/evaluation/index.ts';
import {
  proposeAll,
  type Proposal,
  type ProposalResult,
  type ProposalRow,
  type ReviewItem,
} from '../../src/levers/index.ts';
import { startLocalWorkspace, type LocalWorkspace } from '../../src/local/index.ts';
import { applyPlan, planPatchSet, type Snapshot } from '../../src/patch-dsl/index.ts';
import type { CatalogSnapshot } from '../../src/ports/index.ts';
import { referencedObjects, serializeSpace, type Space } from '../../src/spaces/index.ts';
import { waveringTrial, type WaveringTrial } from './wavering.ts';
import type { PlantedQuestion } from './defects.ts';
import type { PlantedWorld } from './world.ts';

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
export const runWorld = (world: PlantedWorld): Promise<Trial> =>
  inSample(world, {}, async (bench) => {
    const before = await bench.ask(0);
    const { proposals, review } = bench.propose(before);
    const [first] = proposals;
    const after = first === undefined ? before : await bench.askWith(first);
    return { failing: failuresOf(before), failingAfter: failuresOf(after), proposals, review, before, after };
  });

/**
 * Asks all questions twice and makes proposals, which are not applied.
 *
 * @param variance - 0–1, how often the embedded Genie departs from its best answer
 */
export const runWavering = (world: PlantedWorld, variance: number, seed: number): Promise<WaveringTrial> =>
  inSample(world, { variance, seed }, async (bench) => {
    const [first, second] = [await bench.ask(0), await bench.ask(1)];
    return waveringTrial(first, second, (rows) => bench.propose(rows).proposals.length);
  });

/** A running sample that can be asked, and asked again after a proposal. */
interface Bench {
  ask(iteration: number): Promise<readonly EvaluationRow[]>;
  askWith(proposal: Proposal): Promise<readonly EvaluationRow[]>;
  propose(rows: readonly ProposalRow[]): ProposalResult;
}

async function inSample<T>(
  world: PlantedWorld,
  options: { readonly variance?: number; readonly seed?: number },
  use: (bench: Bench) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'planted-defects-'));
  try {
    await writeSample(folder, world);
    const local = await startLocalWorkspace({ sample: folder, ...options });
    try {
      return await use(await benchOf(local));
    } finally {
      await local.close();
    }
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

async function benchOf(local: LocalWorkspace): Promise<Bench> {
  const { host, token, warehouseId, spaceId } = local;
  const workspace = await connect({ host, token, warehouseId, startsPerMinute: null });
  const suite = await loadBenchmarks(local.sample.benchmarksPath, { domain: local.sample.domain });
  const evaluator = nativeEvaluator({ workspace, variables: local.sample.variables });
  const catalogOf = (space: Space): Promise<CatalogSnapshot> =>
    workspace.catalog.snapshot(referencedObjects(space));
  const state = await readSpace(workspace.genie, spaceId);
  const catalog = await catalogOf(state.space);
  const evaluate = async (
    iteration: number,
    { space, catalog }: Snapshot,
  ): Promise<readonly EvaluationRow[]> => {
    const request = {
      spaceId,
      questions: suite.questions,
      scope: 'full',
      iteration,
      space,
      catalog,
    } as const;
    return (await evaluator.evaluate(request)).rows;
  };
  return {
    ask: (iteration) => evaluate(iteration, { space: state.space, catalog }),
    async askWith(proposal) {
      const planned = planPatchSet({ space: state.space, catalog }, proposal.patches);
      if (!planned.ok) throw new TypeError(planned.errors.map(({ message }) => message).join('\n'));
      await runStatements(workspace, [planned.plan]);
      const text = serializeSpace(applyPlan(state.space, planned.plan));
      const { space } = await writeSpace(workspace.genie, spaceId, { text, expectedHash: state.hash });
      return evaluate(1, { space, catalog: await catalogOf(space) });
    },
    propose: (rows) =>
      proposeAll({ rows, space: state.space, catalog, protectedTexts: protectedTexts(suite) }),
  };
}

const protectedTexts = ({ questions }: BenchmarkSuite) =>
  questions.map(({ id, question, expected_sql, split }) => ({ id, question, expected_sql, split }));

const failuresOf = (rows: readonly EvaluationRow[]): string[] =>
  rows.filter(({ correct }) => correct !== true).map(({ question_id }) => question_id);
