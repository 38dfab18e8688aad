/** Tracks a measurement in MLflow and brings the space back to the version that it recorded. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBenchmarks, optimize, rollbackToModel } from 'genie-optimizer';
import { connect } from 'genie-optimizer/clients';
import { startLocalWorkspace } from 'genie-optimizer/local';

const outputDir = await mkdtemp(join(tmpdir(), 'genie-optimizer-'));
const local = await startLocalWorkspace({ sample: 'tpch' });
const { sample, spaceId } = local;
const benchmarks = await loadBenchmarks(sample.benchmarksPath, { domain: sample.domain });
const { host, token, warehouseId } = local;

// #region track
const workspace = await connect({ host, token, warehouseId, startsPerMinute: null });
const { session } = await optimize({
  workspace,
  spaceId,
  benchmarks,
  variables: sample.variables,
  evaluateOnly: true, // measures once; leave it out to improve the space
  tracking: 'summary', // or 'full': a trace with its verdicts per question, prompts and a dataset
  outputDir,
  sessionFile: join(outputDir, 'optimization-progress.json'),
});
console.log(`Tracked in ${session.tracking?.experiment_name}`);
// #endregion track

// #region versions
const { mlflow } = workspace.tracking;
const versions = await mlflow.models.search({
  experimentIds: [session.tracking?.experiment_id ?? ''],
  filter: `tags.\`genie_opt.session_id\` = '${session.session_id}'`,
});
for (const { params, metrics, tags } of versions) {
  const accuracy = metrics.find(({ key }) => key === 'overall_accuracy')?.value;
  console.log(`Iteration ${params['iteration']}: ${accuracy?.toFixed(1)} % ${tags['outcome']}`);
}
// #endregion versions

// #region rollback
const { genie, catalog, catalogEditor: editor } = workspace;
const modelId = session.tracking?.accepted_model_id ?? '';
const { status } = await rollbackToModel({ modelId, spaceId }, { mlflow, genie, catalog, editor });
console.log(`Back to ${modelId}: ${status}`);
// #endregion rollback

await local.close();
