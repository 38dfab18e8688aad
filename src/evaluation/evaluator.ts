import type { Benchmark, EvalScope } from '../benchmarks/index.ts';
import type { CatalogSnapshot } from '../ports/index.ts';
import type { Space } from '../spaces/index.ts';
import type { EvaluationResult, EvaluationRow } from './evaluation-result.ts';

/** What an evaluator can tell; `optimize()` refuses one that lacks what a phase needs. @see decisions 8 */
export interface EvaluatorCapabilities {
  /** Names of the judges whose scores the results carry. */
  readonly judges: readonly string[];
  /** Failing verdicts come with reasons, so that proposals can be made from them. */
  readonly emitsAsi: boolean;
  /** The questions passed in are asked, and no others. */
  readonly honoursScope: boolean;
  /** The same questions can be asked again at once, for paired tests and repeatability. */
  readonly rerun: boolean;
}

/** Progress of one evaluation; questions count in the order they finish. */
export interface EvaluationProgress {
  readonly done: number;
  readonly total: number;
  readonly questionId: string;
  /** Of the question just finished; `null`: it does not count. */
  readonly correct: boolean | null;
  readonly correctSoFar: number;
  readonly evaluatedSoFar: number;
  readonly excludedSoFar: number;
  /** Since the evaluation began. */
  readonly elapsedMs: number;
}

/** Rows that an evaluation cut short has left behind. */
export interface AnsweredRows {
  /** Hash of the space that gave the answers; rows of another one are not used. */
  readonly config_hash: string;
  readonly rows: readonly EvaluationRow[];
}

export interface EvaluationRequest {
  readonly spaceId: string;
  /** Exactly the questions to ask. */
  readonly questions: readonly Benchmark[];
  readonly scope: EvalScope;
  readonly iteration: number;
  /** The space that answers, and the catalog objects it refers to. */
  readonly space: Space;
  readonly catalog: CatalogSnapshot;
  /** Hash of the space that answers; computed from `space` when absent. */
  readonly configHash?: string | undefined;
  /** What an interrupted evaluation has answered already: it is not asked again. */
  readonly answered?: AnsweredRows | undefined;
  /** Each new row as soon as it is there, so that an interruption loses nothing; rows in `answered` are not repeated. */
  readonly onRow?: ((row: EvaluationRow) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: EvaluationProgress) => void) | undefined;
}

/** Asks questions and judges the answers. */
export interface Evaluator {
  readonly name: string;
  readonly capabilities: EvaluatorCapabilities;
  /** @throws {EvaluationError} when nothing at all could be measured for a reason outside the questions */
  evaluate(request: EvaluationRequest): Promise<EvaluationResult>;
}
