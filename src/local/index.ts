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
  RequestFaultRule,
  StatementFault,
  StatementFaultRule,
} from './server/faults.ts';
export type { AskLogEntry } from './server/genie-answers.ts';
export {
  LOCAL_WORKSPACE_DEFAULTS,
  startLocalWorkspace,
  type LocalWorkspace,
  type LocalWorkspaceOptions,
} from './start-local-workspace.ts';
