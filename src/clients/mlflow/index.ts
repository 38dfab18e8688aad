export { type ArtifactEntry, type ArtifactOwner, ArtifactsUnreachableError } from './artifacts.ts';
export type { DatasetRecord } from './datasets.ts';
export type { Experiment } from './experiments.ts';
export {
  type Batch,
  BATCH_LIMITS,
  type BatchRequest,
  type Metric,
  type MlflowFlavor,
  safeKey,
  splitBatch,
} from './limits.ts';
export type { LoggedModel, NewLoggedModel } from './logged-models.ts';
export { connectMlflow, MlflowClient, type MlflowOptions } from './mlflow-client.ts';
export type { PromptVersion } from './prompts.ts';
export type { DatasetInput, Run, RunStatus } from './runs.ts';
export { type EncodedSpans, encodeSpans, type RandomHex, type Span } from './spans.ts';
export type { Assessment, LoggedTrace, NewTrace, Trace } from './traces.ts';
