import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadBenchmarks } from '../../src/benchmarks/index.ts';
import { connect, systemClock } from '../../src/clients/index.ts';
import { recordWorkspace, replayWorkspace, startLocalWorkspace } from '../../src/local/index.ts';
import { ACCEPTANCE_DEFAULTS, optimize, replayDecision } from '../../src/pipeline/index.ts';
import type { OptimizeResult } from '../../src/pipeline/index.ts';
import { memoryFileStore } from '../../src/testing/index.ts';

/** Enough for a change to be tried and judged. */
const QUESTIONS = 14;

let folder: string;
let recorded: OptimizeResult;
let replayed: OptimizeResult;
let misses: readonly unknown[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replayed-run-'));
  const local = await startLocalWorkspace({ sample: 'tpch' });
  const suite = await loadBenchmarks(local.sample.benchmarksPath, { domain: local.sample.domain });
  const run = async ({ host, token }: { readonly host: string; readonly token: string }) => {
    const workspace = await connect({
      host,
      token,
      warehouseId: local.warehouseId,
      startsPerMinute: null,
      sources: { env: {} },
    });
    return optimize(
      {
        workspace,
        spaceId: local.spaceId,
        benchmarks: { ...suite, questions: suite.questions.slice(0, QUESTIONS) },
        variables: local.sample.variables,
        maxIterations: 1,
        propagationMs: 0,
        outputDir: 'out',
      },
      { clock: systemClock(), files: memoryFileStore() },
    );
  };
  const recorder = await recordWorkspace(local, folder);
  recorded = await run(recorder);
  await recorder.close();
  await local.close();
  // From here on there is no workspace any more.
  const replay = await replayWorkspace(folder);
  replayed = await run(replay);
  misses = replay.misses;
  await replay.close();
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

const decisionsOf = ({ session }: OptimizeResult) =>
  session.iterations.flatMap(({ decision }) => (decision === null ? [] : [decision]));

it('reproduces every decision, accuracy and change of a recorded run', () => {
  expect(misses).toEqual([]);
  expect(decisionsOf(recorded)).not.toEqual([]);
  expect(decisionsOf(replayed)).toEqual(decisionsOf(recorded));
  expect(replayed.space).toEqual(recorded.space);
  expect([replayed.status, replayed.baselineAccuracyPct, replayed.finalAccuracyPct]).toEqual([
    recorded.status,
    recorded.baselineAccuracyPct,
    recorded.finalAccuracyPct,
  ]);
});

it('tells what another rule would have done with the same answers', () => {
  const [decision] = decisionsOf(replayed);
  expect(decision).toMatchObject({ rule: 'paired', decision: 'accepted' });
  const record = decision as NonNullable<typeof decision>;
  const { k, alphaRegression } = ACCEPTANCE_DEFAULTS;
  const withLevel = (alpha: number) =>
    replayDecision(record, { rule: 'paired', alpha, alpha_regression: alphaRegression, k });
  expect(replayDecision(record)).toMatchObject({ decision: 'accepted', agrees: true });
  expect(withLevel(0.05)).toMatchObject({ decision: 'accepted', agrees: true });
  expect(withLevel(1e-30)).toMatchObject({ recorded: 'accepted', agrees: false });
});
