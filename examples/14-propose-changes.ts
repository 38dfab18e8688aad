/** From verdicts to proposals: asks a sample, clusters what failed, and prints what would mend it and why. */
import {
  connect,
  loadBenchmarks,
  nativeEvaluator,
  proposeAll,
  readSpace,
  referencedObjects,
} from 'genie-optimizer';
import { clusterFailures } from 'genie-optimizer/asi';
import { startLocalWorkspace } from 'genie-optimizer/local';

const local = await startLocalWorkspace({ sample: 'tpch' });
const workspace = await connect(local); // or: await connect({ profile: 'dev' })
const { benchmarksPath, domain, variables } = local.sample;
const { questions } = await loadBenchmarks(benchmarksPath, { domain });

// #region propose
const { space } = await readSpace(workspace.genie, local.spaceId);
const catalog = await workspace.catalog.snapshot(referencedObjects(space));
const { rows } = await nativeEvaluator({ workspace, variables }).evaluate({
  spaceId: local.spaceId,
  questions: questions.filter(({ split }) => split === 'train'),
  scope: 'full',
  iteration: 0,
  space,
  catalog,
});

const { clusters, longTail } = clusterFailures(rows, { space, catalog });
for (const { cluster_id, root_cause, question_ids } of clusters.slice(0, 2))
  console.log(`${cluster_id} ${root_cause}: ${question_ids.length} questions`);
console.log(`${longTail.length} failures stand alone`);

// No question may be quoted, also those that were not asked.
const { proposals, review } = proposeAll({ rows, space, catalog, protectedTexts: questions });
for (const { lever, net_impact, rationale } of proposals.slice(0, 3))
  console.log(`lever ${lever}, worth ${net_impact.toFixed(1)}: ${rationale}`);
console.log(`${proposals.length} proposals, ${review.length} items for a person`);
// #endregion propose

await local.close();
