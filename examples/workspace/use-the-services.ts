/** Jobs, files, models, evaluation runs, MLflow and bundles: needs a real workspace (`--profile` of your own). */
import {
  BundleClient,
  connect,
  connectMlflow,
  EvalRunsClient,
  JobsClient,
  servingChatModel,
  WorkspaceFilesClient,
} from 'genie-optimizer/clients';

const profile = process.argv[2] ?? 'DEFAULT';
const spaceId = process.argv[3] ?? '';
const { http } = await connect({ profile });

// #region jobs
const jobs = new JobsClient({ http });
const [jobId] = await jobs.findByName('evaluate-space');
if (jobId !== undefined) {
  const runId = await jobs.runNow(jobId, { parameters: { scope: 'slice' }, idempotencyToken: 'iteration-3' });
  const run = await jobs.waitForRun(runId, { timeoutMs: 1_800_000 });
  const output = await jobs.taskOutput(run.tasks[0]?.runId ?? '');
  console.log(run.resultState, output.result);
}
// #endregion jobs

// #region files
const files = new WorkspaceFilesClient({ http });
await files.makeFolder('/Workspace/Shared/genie');
await files.write('/Workspace/Shared/genie/questions.yaml', 'benchmarks: []\n');
const bytes = await files.read('/Workspace/Shared/genie/questions.yaml'); // null when there is none
// #endregion files

// #region chat
const judge = servingChatModel({ http, endpoint: 'databricks-claude-sonnet-4-5' });
const verdict = await judge.generateJson('Is 2 + 2 equal to 4?', {
  type: 'object',
  properties: { verdict: { enum: ['yes', 'no'] } },
  required: ['verdict'],
});
// #endregion chat

// #region eval-runs
const evalRuns = new EvalRunsClient({ http });
const { evalRunId } = await evalRuns.create(spaceId); // all benchmark questions of the space
const evaluation = await evalRuns.wait(spaceId, evalRunId);
const results = await evalRuns.results(spaceId, evalRunId);
// #endregion eval-runs

// #region mlflow
const mlflow = await connectMlflow({ trackingUri: `databricks://${profile}` }); // or: http://127.0.0.1:5000
const experimentId = await mlflow.experiments.ensure('/Shared/genie-optimizer');
const run = await mlflow.runs.start({ experimentId, name: 'iteration 3' });
const model = await mlflow.models.create({ experimentId, name: 'space', sourceRunId: run.runId });
await mlflow.artifacts.write(run, 'evaluation/rows.json', JSON.stringify(results));
await mlflow.runs.log(run.runId, {
  params: { iteration: '3' },
  metrics: [{ key: 'overall_accuracy', value: 82.5, modelId: model.modelId }],
});
await mlflow.runs.logOutputs(run.runId, [model]);
await mlflow.models.finalize(model.modelId, 'LOGGED_MODEL_READY'); // nobody uses a model before
await mlflow.runs.end(run.runId);
const [best] = await mlflow.models.search({
  experimentIds: [experimentId],
  filter: 'metrics.overall_accuracy >= 80',
  orderBy: [{ field: 'metrics.overall_accuracy' }],
});
// #endregion mlflow

// #region bundles
const bundle = new BundleClient({ folder: '.', profile }); // runs the databricks command line tool
await bundle.validate({ target: 'dev' });
await bundle.deploy({ target: 'dev' });
const resources = await bundle.resources({ target: 'dev' });
// #endregion bundles

console.log(bytes?.length, verdict, evaluation.status, best?.name, resources.length);
