import pLimit from 'p-limit';
import * as z from 'zod';
import { messageOf } from '../core/index.ts';
import type { Assessment, CallOptions, MlflowPort, Run, TraceTables } from '../ports/index.ts';
import { readJson, writeJson } from './artifacts.ts';
import { assessmentsOf, traceOf, type TrackedRow } from './row-trace.ts';

/** Traces written at once. @see spec/mlflow-rest.md §14 */
const TRACE_CONCURRENCY = 8;

/** Which trace belongs to which question, so that more can be said of an answer later on. */
export const TRACES_FILE = 'evaluation/traces.json';

/** The trace of one question. */
export interface WrittenTrace {
  readonly question_id: string;
  readonly trace_id: string;
  readonly root_span_id: string;
}

const writtenTracesSchema = z.array(
  z.looseObject({ question_id: z.string(), trace_id: z.string(), root_span_id: z.string() }),
);

/** What every trace of an evaluation has in common. */
export interface TracedEvaluation {
  readonly experimentId: string;
  readonly spaceId: string;
  readonly iteration: number;
  readonly scope: string;
  readonly modelId: string | null;
  /** Tables of Unity Catalog that keep the traces; `null`: the experiment itself does. */
  readonly traceTables: TraceTables | null;
  readonly warehouseId: string | null;
  readonly startedMs: number;
}

/**
 * Writes a trace with its verdicts per row and shows them on the run.
 *
 * @returns the traces that exist, and what could not be written of any: nothing of this is worth failing for
 */
export async function writeTraces(
  run: Run,
  evaluation: TracedEvaluation,
  rows: readonly TrackedRow[],
  mlflow: Pick<MlflowPort, 'traces' | 'artifacts'>,
  options: CallOptions,
): Promise<{ readonly written: readonly WrittenTrace[]; readonly problems: readonly string[] }> {
  const { runId } = run;
  const written: WrittenTrace[] = [];
  const problems: string[] = [];
  const calls = { ...options, warehouseId: evaluation.warehouseId ?? undefined };
  await each(rows, problems, calls, async (row) => {
    const trace = await mlflow.traces.log(traceOf(row, { ...evaluation, runId }), options);
    written.push({
      question_id: row.question_id,
      trace_id: trace.traceId,
      root_span_id: trace.rootSpanId,
    });
    for (const assessment of assessmentsOf(row, { runId, rootSpanId: trace.rootSpanId }))
      await mlflow.traces.addAssessment(trace.traceId, assessment, calls);
  });
  const ids = written.map(({ trace_id }) => trace_id);
  await attempt('traces of the run', problems, options, () => mlflow.traces.linkToRun(ids, runId, options));
  await attempt(TRACES_FILE, problems, options, () => writeJson(mlflow, run, TRACES_FILE, written, options));
  return { written, problems };
}

/**
 * Adds one assessment each to traces that an evaluation wrote.
 *
 * @param assessments - by question
 * @returns what could not be written; questions without a trace are such
 */
export async function addToTraces(
  run: Run,
  assessments: ReadonlyMap<string, Assessment>,
  warehouseId: string | null,
  mlflow: Pick<MlflowPort, 'traces' | 'artifacts'>,
  options: CallOptions,
): Promise<readonly string[]> {
  const stored = writtenTracesSchema.safeParse(await readJson(mlflow, run, TRACES_FILE, options));
  const traces = new Map((stored.data ?? []).map((trace) => [trace.question_id, trace]));
  const problems: string[] = [];
  const calls = { ...options, warehouseId: warehouseId ?? undefined };
  const wanted = [...assessments].map(([question_id, assessment]) => ({ question_id, assessment }));
  await each(wanted, problems, options, async ({ question_id, assessment }) => {
    const trace = traces.get(question_id);
    if (trace === undefined) problems.push(`${question_id}: it has no trace.`);
    else
      await mlflow.traces.addAssessment(
        trace.trace_id,
        { ...assessment, spanId: trace.root_span_id, runId: run.runId },
        calls,
      );
  });
  return problems;
}

async function each<T extends { readonly question_id: string }>(
  items: readonly T[],
  problems: string[],
  options: CallOptions,
  write: (item: T) => Promise<void>,
): Promise<void> {
  const limit = pLimit(TRACE_CONCURRENCY);
  await Promise.all(
    items.map((item) => limit(() => attempt(item.question_id, problems, options, () => write(item)))),
  );
}

async function attempt(
  what: string,
  problems: string[],
  { signal }: CallOptions,
  write: () => Promise<void>,
): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (signal?.aborted === true) throw error;
    problems.push(`${what}: ${messageOf(error)}`);
  }
}
