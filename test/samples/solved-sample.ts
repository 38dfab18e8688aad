import { readFile } from 'node:fs/promises';
import { runStatements, undoStatements, readSpace, writeSpace } from '../../src/apply/index.ts';
import { loadBenchmarks, type BenchmarkSuite } from '../../src/benchmarks/index.ts';
import { connect } from '../../src/clients/index.ts';
import { nativeEvaluator, type EvaluationRow, type NativeEvaluator } from '../../src/evaluation/index.ts';
import { startLocalWorkspace, type LocalWorkspace } from '../../src/local/index.ts';
import {
  applyPlan,
  leverOf,
  parsePatchSet,
  planPatchSet,
  type Patch,
  type PatchLever,
  type Snapshot,
} from '../../src/patch-dsl/index.ts';
import type { Workspace } from '../../src/ports/index.ts';
import { resolveSql } from '../../src/sql/index.ts';
import { referencedObjects, serializeSpace, spaceHash } from '../../src/spaces/index.ts';

/** A sample with its hand-written metadata: what an owner who knows the data would add, and no answer key. */
export interface SolvedSample {
  readonly local: LocalWorkspace;
  readonly suite: BenchmarkSuite;
  /** The whole good set, each patch with the lever it belongs to. */
  readonly patches: readonly { readonly patch: Patch; readonly lever: PatchLever }[];
  /** Asks the questions (default: all) with these patches applied to space and catalog as shipped; then takes them back. */
  evaluateWith(patches: readonly Patch[], questionIds?: readonly string[]): Promise<readonly EvaluationRow[]>;
  /** Runs a statement with the variables of the sample, as the answer keys are written. */
  rowsOf(sql: string): Promise<readonly (readonly (string | null)[])[]>;
}

/** Starts a sample; close it with `solved.local.close()`. */
export async function solvedSample(
  name: string,
  options: { readonly variance?: number; readonly seed?: number } = {},
): Promise<SolvedSample> {
  const local = await startLocalWorkspace({ sample: name, ...options });
  const { host, token, warehouseId, spaceId, sample } = local;
  const workspace = await connect({ host, token, warehouseId, startsPerMinute: null });
  const suite = await loadBenchmarks(sample.benchmarksPath, { domain: sample.domain });
  const evaluator = nativeEvaluator({ workspace, variables: sample.variables });
  const text = await readFile(new URL(`./solutions/${name}.yaml`, import.meta.url), 'utf8');
  const snapshot = await snapshotOf(workspace, spaceId);
  return {
    local,
    suite,
    patches: parsePatchSet(text).map((patch) => ({ patch, lever: leverOf(patch, snapshot) })),
    evaluateWith: (patches, questionIds) =>
      evaluateWith({ workspace, spaceId, suite, evaluator, snapshot, patches, questionIds }),
    rowsOf: async (sql) => (await workspace.sql.execute(resolveSql(sql, sample.variables))).rows,
  };
}

async function evaluateWith(trial: {
  readonly workspace: Workspace;
  readonly spaceId: string;
  readonly suite: BenchmarkSuite;
  readonly evaluator: NativeEvaluator;
  readonly snapshot: Snapshot;
  readonly patches: readonly Patch[];
  readonly questionIds: readonly string[] | undefined;
}): Promise<readonly EvaluationRow[]> {
  const { workspace, spaceId, suite, evaluator, snapshot, patches, questionIds } = trial;
  const planned = planPatchSet(snapshot, patches, { maxPatches: 200, maxObjects: 200 });
  if (!planned.ok) throw new TypeError(planned.errors.map(({ message }) => message).join('\n'));
  const { plan } = planned;
  const before = serializeSpace(snapshot.space);
  await runStatements(workspace, [plan]);
  const after = applyPlan(snapshot.space, plan);
  const written = await writeSpace(workspace.genie, spaceId, {
    text: serializeSpace(after),
    expectedHash: spaceHash(snapshot.space),
  });
  const { catalog, space } = await snapshotOf(workspace, spaceId);
  const { rows } = await evaluator.evaluate({
    spaceId,
    questions: suite.questions.filter(({ id }) => questionIds?.includes(id) ?? true),
    scope: 'full',
    iteration: 0,
    space,
    catalog,
  });
  await writeSpace(workspace.genie, spaceId, { text: before, expectedHash: written.hash });
  await undoStatements(workspace, [plan]);
  return rows;
}

async function snapshotOf(workspace: Workspace, spaceId: string): Promise<Snapshot> {
  const { space } = await readSpace(workspace.genie, spaceId);
  const catalog = await workspace.catalog.snapshot(referencedObjects(space));
  return { space, catalog };
}
