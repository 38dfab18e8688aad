import type { CallOptions } from './call-options.ts';

/** One step of a trace. Times in milliseconds since 1970. */
export interface Span {
  readonly name: string;
  /** `CHAIN`, `LLM`, `TOOL`, `RETRIEVER`, `PARSER`, `AGENT`, … */
  readonly type: string;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly inputs?: unknown;
  readonly outputs?: unknown;
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** Text of the failure; absent when the step succeeded. */
  readonly error?: string;
  readonly children?: readonly Span[];
}

export interface NewTrace {
  readonly experimentId: string;
  /** The whole course; the root span's times and outcome are those of the trace. */
  readonly root: Span;
  /** Run that the trace belongs to. */
  readonly runId?: string;
  readonly modelId?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface Trace {
  readonly traceId: string;
  readonly state: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly assessmentNames: readonly string[];
  /** The same assessments whole, in the order of the service. */
  readonly assessments: readonly LoggedAssessment[];
}

export interface LoggedTrace {
  readonly traceId: string;
  /** For assessments, so that they show at the right place. */
  readonly rootSpanId: string;
  /** Why the spans could not be stored; `null` when they were. The trace itself exists either way. */
  readonly spansError: unknown;
}

/** A verdict on a trace, or the expected answer. */
export interface Assessment {
  /** Without a dot. */
  readonly name: string;
  readonly source: { readonly type: 'HUMAN' | 'LLM_JUDGE' | 'CODE'; readonly id: string };
  readonly value:
    | { readonly kind: 'feedback'; readonly value: number | boolean | string | readonly string[] }
    | { readonly kind: 'failed'; readonly errorCode: string; readonly errorMessage: string }
    | { readonly kind: 'expectation'; readonly value: unknown };
  readonly rationale?: string;
  readonly spanId?: string;
  /** Run whose evaluation gave the verdict; this ties it to the run. */
  readonly runId?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** An {@link Assessment} as it is kept, whoever wrote it. */
export interface LoggedAssessment {
  readonly assessmentId: string;
  readonly name: string;
  /** Kept open for values we do not know. */
  readonly source: { readonly type: string; readonly id: string };
  /** `null` for a kind that we do not know. */
  readonly value: Assessment['value'] | null;
  readonly rationale: string | null;
  readonly spanId: string | null;
  readonly runId: string | null;
  /** All of it, the id of the run included. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** @see spec/mlflow-rest.md §10–11 */
export interface TracesPort {
  /** Writes a finished trace. Spans are stored after it and on a best-effort basis; see {@link LoggedTrace}. */
  log(trace: NewTrace, options?: CallOptions): Promise<LoggedTrace>;
  /** Adds a verdict or an expected answer, and returns its id. */
  addAssessment(traceId: string, assessment: Assessment, options?: CallOptions): Promise<string>;
  /** Makes traces appear on an evaluation run. */
  linkToRun(traceIds: readonly string[], runId: string, options?: CallOptions): Promise<void>;
  setTag(traceId: string, key: string, value: string, options?: CallOptions): Promise<void>;
  /** Traces of experiments that match a filter, such as ``metadata.`mlflow.sourceRun` = '…'``. */
  search(
    query: { readonly experimentIds: readonly string[]; readonly filter?: string; readonly limit?: number },
    options?: CallOptions,
  ): Promise<readonly Trace[]>;
}
