import type { AsiRecord } from '../asi/index.ts';
import type { Assessment, NewTrace, TraceTables } from '../ports/index.ts';

/** A judge's word on one question, as an evaluation keeps it. */
export interface TrackedVerdict {
  /** `yes`, `no`, `excluded`, `skipped`, `unknown` (the judge failed) or an arbiter's verdict. */
  readonly value: string;
  readonly rationale: string;
  readonly source?: 'CODE' | 'LLM_JUDGE' | undefined;
}

/** One question of an evaluation, as far as a trace tells of it. */
export interface TrackedRow {
  readonly question_id: string;
  readonly question: string;
  readonly split: string;
  readonly expected_sql: string;
  readonly expected_asset: string;
  readonly actual_asset: string;
  readonly generated_sql: string | null;
  readonly answer_text: string | null;
  readonly status: string;
  readonly conversation_id: string | null;
  readonly correct: boolean | null;
  readonly verdicts: Readonly<Record<string, TrackedVerdict>>;
  readonly asi: readonly AsiRecord[];
  readonly timing_ms: { readonly genie: number; readonly sql: number };
}

/** Longest text of a metadata value that the service keeps. */
const METADATA_LIMIT = 8000;

/**
 * The trace of one question: what was asked, what Genie answered, how long both sides took.
 *
 * @param startedMs - when the evaluation began; rows keep durations only, so all traces of one evaluation begin there
 */
export function traceOf(
  row: TrackedRow,
  at: {
    readonly experimentId: string;
    readonly runId: string;
    readonly spaceId: string;
    readonly iteration: number;
    readonly scope: string;
    readonly modelId: string | null;
    readonly traceTables: TraceTables | null;
    readonly startedMs: number;
  },
): NewTrace {
  const { startedMs } = at;
  const answeredMs = startedMs + row.timing_ms.genie;
  const endedMs = answeredMs + row.timing_ms.sql;
  return {
    experimentId: at.experimentId,
    runId: at.runId,
    ...(at.modelId === null ? {} : { modelId: at.modelId }),
    ...(at.traceTables === null ? {} : { tables: at.traceTables }),
    tags: {
      'mlflow.traceName': 'genie_benchmark_question',
      'mlflow.eval.requestId': `${at.runId}:${row.question_id}`,
      question_id: row.question_id,
      space_id: at.spaceId,
      iteration: String(at.iteration),
      eval_scope: at.scope,
    },
    root: {
      name: 'genie_benchmark_question',
      type: 'CHAIN',
      startedMs,
      endedMs,
      inputs: { question_id: row.question_id, question: row.question },
      outputs: {
        response: row.generated_sql ?? row.answer_text ?? '',
        status: row.status,
        correct: row.correct,
      },
      children: [
        {
          name: 'ask_genie',
          type: 'AGENT',
          startedMs,
          endedMs: answeredMs,
          inputs: { question: row.question },
          outputs: { sql: row.generated_sql, text: row.answer_text, asset: row.actual_asset },
          attributes: { conversation_id: row.conversation_id ?? '' },
        },
        {
          name: 'run_statements',
          type: 'TOOL',
          startedMs: answeredMs,
          endedMs,
          inputs: { expected_sql: row.expected_sql, generated_sql: row.generated_sql },
        },
      ],
    },
  };
}

/** Reasons of a verdict as metadata of its assessment; none when there are none, or they are too long to be kept. */
export function asiMetadata(asi: object | null): Pick<Assessment, 'metadata'> {
  const text = asi === null ? '' : JSON.stringify(asi);
  return text === '' || text.length > METADATA_LIMIT ? {} : { metadata: { 'genie_opt.asi': text } };
}

/** One assessment per judge, and the expected answer: what shows on the trace of a question. */
export function assessmentsOf(
  row: TrackedRow,
  at: { readonly runId: string; readonly rootSpanId: string },
): Assessment[] {
  const place = { runId: at.runId, spanId: at.rootSpanId };
  return [
    ...Object.entries(row.verdicts).map(([judge, verdict]): Assessment => {
      const asi = row.asi.find((record) => record.judge === judge)?.asi;
      return {
        ...place,
        name: judge.replaceAll('.', '_'),
        source: { type: verdict.source ?? 'CODE', id: `genie-optimizer/${judge}` },
        value:
          verdict.value === 'unknown'
            ? {
                kind: 'failed',
                errorCode: 'SCORER_ERROR',
                errorMessage: verdict.rationale || 'The judge failed.',
              }
            : { kind: 'feedback', value: verdict.value },
        ...(verdict.rationale === '' ? {} : { rationale: verdict.rationale }),
        ...asiMetadata(asi ?? null),
      };
    }),
    {
      ...place,
      name: 'expected_response',
      source: { type: 'CODE', id: 'genie-optimizer/benchmarks' },
      value: { kind: 'expectation', value: row.expected_sql },
    },
    {
      ...place,
      name: 'expected_asset',
      source: { type: 'CODE', id: 'genie-optimizer/benchmarks' },
      value: { kind: 'expectation', value: row.expected_asset },
    },
  ];
}
