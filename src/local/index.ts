export { CassetteError } from './cassettes/cassette.ts';
export {
  recordWorkspace,
  type Recorder,
  type RecordOptions,
  type RecordTarget,
} from './cassettes/record-workspace.ts';
export { replayWorkspace, type Replay, type ReplayOptions } from './cassettes/replay-workspace.ts';
export { PortInUseError, SampleError, StateFileError } from './errors.ts';
export type * from './genie-engine.ts';
export { localGenie } from './genie/index.ts';
export {
  MODEL_GENIE_DEFAULTS,
  ModelAnswerError,
  modelGenie,
  type ModelGenieOptions,
} from './model-genie/model-genie.ts';
export { DatabricksSqlError } from './engine/sql-error.ts';
export { SqlEngine, type ExecuteOptions, type SqlResult } from './engine/sql-engine.ts';
export { loadSample, type LoadedSample, type SampleSpace } from './samples/load-sample.ts';
export {
  readSampleDefinition,
  sampleDefinitionSchema,
  sampleJsonSchema,
  type SampleDefinition,
} from './samples/sample-definition.ts';
export { sampleFolder, SHIPPED_SAMPLES } from './samples/sample-folder.ts';
export {
  scriptedGenie,
  type PassRate,
  type ScriptedAnswer,
  type ScriptedGenieOptions,
} from './scripted-genie.ts';
export type {
  Fault,
  FaultRule,
  QuestionFault,
  QuestionFaultRule,
  RequestFaultRule,
  StatementFault,
  StatementFaultRule,
} from './server/faults.ts';
export type { Latency, LatencyDistribution } from './server/latency.ts';
export type { AskLogEntry } from './server/genie-answers.ts';
export type { CommandJob, FunctionJob, LocalJob, LocalJobContext } from './jobs/local-job.ts';
export {
  LOCAL_WORKSPACE_DEFAULTS,
  TYPICAL_VARIANCE,
  type LocalWorkspace,
  type LocalWorkspaceOptions,
} from './local-workspace.ts';
export type {
  ChatRequest,
  ForwardedEndpoint,
  ScriptedEndpoint,
  ServingEndpoint,
} from './serving/serving-endpoint.ts';
export { startLocalWorkspace } from './start-local-workspace.ts';
