import type { CallOptions } from './call-options.ts';
import type { Experiment } from './mlflow-tracking-port.ts';

/** Tables of Unity Catalog that keep the traces of an experiment. @see spec/mlflow-rest.md §10.4 */
export interface TraceTables {
  /** `catalog.schema.prefix`, in an older form `catalog.schema`; ids of traces name it. */
  readonly location: string;
  /** Full name of the table of spans. */
  readonly spansTable: string;
}

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

/** Where traces shall be kept. */
export interface NewTraceTables {
  readonly catalog: string;
  readonly schema: string;
  /** What the names of the tables begin with. */
  readonly prefix: string;
  /** Makes the tables; `null`: the service's own choice. */
  readonly warehouseId: string | null;
}

export interface NewTrace {
  readonly experimentId: string;
  /** The whole course; the root span's times and outcome are those of the trace. */
  readonly root: Span;
  /** Where the traces of the experiment are kept; default: in its own storage. */
  readonly tables?: TraceTables;
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
  /**
   * Adds a verdict or an expected answer, and returns its id.
   *
   * @param options.warehouseId - needed for a trace that is kept in tables
   */
  addAssessment(
    traceId: string,
    assessment: Assessment,
    options?: CallOptions & { readonly warehouseId?: string | undefined },
  ): Promise<string>;
  /** Makes traces appear on an evaluation run. */
  linkToRun(traceIds: readonly string[], runId: string, options?: CallOptions): Promise<void>;
  setTag(traceId: string, key: string, value: string, options?: CallOptions): Promise<void>;
  /** Tables that keep the traces of an experiment, as its tags say; `null`: its own storage does. */
  tablesOf(experiment: Pick<Experiment, 'tags'>): TraceTables | null;
  /**
   * Lets tables of Unity Catalog keep the traces of an experiment from now on, and makes them where they are not
   * there. An experiment that holds traces, or is linked elsewhere, is refused by the service.
   *
   */
  keepInTables(experimentId: string, tables: NewTraceTables, options?: CallOptions): Promise<TraceTables>;
  /** Traces in the storage of experiments that match a filter, such as ``metadata.`mlflow.sourceRun` = '…'``. */
  search(
    query: { readonly experimentIds: readonly string[]; readonly filter?: string; readonly limit?: number },
    options?: CallOptions,
  ): Promise<readonly Trace[]>;
}
