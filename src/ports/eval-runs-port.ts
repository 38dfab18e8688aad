import type { CallOptions } from './call-options.ts';

export interface EvalRun {
  readonly evalRunId: string;
  /** Kept open for values we do not know. */
  readonly status: string;
  readonly questions: number;
  readonly done: number;
  readonly correct: number;
  readonly needsReview: number;
}

export interface EvalResult {
  readonly resultId: string;
  readonly questionId: string;
  /** `GOOD`, `BAD`, `NEEDS_REVIEW`; `null` while there is none. */
  readonly assessment: string | null;
  /** `RESULT_MISSING_ROWS`, `LLM_JUDGE_MISSING_OR_INCORRECT_FILTER`, …; kept open. */
  readonly reasons: readonly string[];
  readonly actualSql: string | null;
  readonly expectedSql: string | null;
}

/** Genie's own evaluation of the benchmarks stored in a space (beta). @see spec/databricks-apis.md §2.4 */
export interface EvalRunsPort {
  /** Starts a run over all benchmark questions of the space, or over those named. */
  create(spaceId: string, questionIds?: readonly string[], options?: CallOptions): Promise<EvalRun>;
  get(spaceId: string, evalRunId: string, options?: CallOptions): Promise<EvalRun>;
  /** Runs of the space, in the order of the service. */
  list(spaceId: string, options?: CallOptions): Promise<readonly EvalRun[]>;
  /** Waits for the end of a run, whatever it is. @throws {EvalRunTimeoutError} */
  wait(
    spaceId: string,
    evalRunId: string,
    options?: CallOptions & { readonly timeoutMs?: number },
  ): Promise<EvalRun>;
  /** Verdicts of a run, one by one: the listing does not hold them. */
  results(spaceId: string, evalRunId: string, options?: CallOptions): Promise<readonly EvalResult[]>;
}
