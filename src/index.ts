/**
 * The curated public names. Single parts are imported from the subpaths: `genie-optimizer/patch-dsl`,
 * `/asi`, `/judges`, `/pareto`, `/clients`, `/local`, `/testing`.
 */
export {
  answerKeySignal,
  BenchmarkFormatError,
  checkTemporalFreshness,
  loadBenchmarks,
  NoBenchmarksError,
  parseBenchmarks,
  type AssetKind,
  type Benchmark,
  type BenchmarkSuite,
  type EvalScope,
  type Priority,
  type Split,
} from './benchmarks/index.ts';
export { connect, type ConnectOptions } from './clients/index.ts';
export {
  AbortedError,
  InvalidOptionError,
  isOptimizerError,
  MissingPeerError,
  OptimizerError,
  type Problem,
} from './core/index.ts';
export {
  nativeEvaluator,
  type EvaluationResult,
  type EvaluationRow,
  type Evaluator,
} from './evaluation/index.ts';
export type { Proposal } from './levers/index.ts';
export { optimize, type OptimizeInput, type WorkspaceAddress } from './optimize-entry.ts';
export {
  decideByThreshold,
  EXIT_CODES,
  exitCodeOf,
  OPTIMIZE_DEFAULTS,
  type EventListener,
  type OptimizeEvent,
  type OptimizeOptions,
  type OptimizeResult,
  type PhaseHandler,
  type PhaseHandlers,
  type PhaseId,
  type PhaseInput,
  type PhaseOutput,
  type RunContext,
} from './pipeline/index.ts';
export type {
  CatalogSnapshot,
  Clock,
  FileStore,
  GeniePort,
  Logger,
  SqlPort,
  StatementResult,
  Workspace,
} from './ports/index.ts';
export { loadSession, type Session } from './session/index.ts';
export { diffSpaces, parseSpace, serializeSpace, validateSpace, type Space } from './spaces/index.ts';
export type { SqlFacts } from './sql/index.ts';
