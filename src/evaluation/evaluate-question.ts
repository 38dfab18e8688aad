import type { Asi, AsiRecord } from '../asi/index.ts';
import type { Benchmark } from '../benchmarks/index.ts';
import type { Judge, JudgeInput, JudgeOutcome, ResultComparison, ResultSample } from '../judges/index.ts';
import { detectAsset, expectedOrder, runJudges } from '../judges/index.ts';
import type { CatalogSnapshot, Clock, GenieAnswer, GeniePort, StatementResult } from '../ports/index.ts';
import type { Space } from '../spaces/index.ts';
import {
  analyzeSql,
  lexicalFacts,
  sanitizeSql,
  type KnownTable,
  type SqlFactsCache,
  type TemplateVariables,
} from '../sql/index.ts';
import { askExclusion, isFatal } from './classify-error.ts';
import type { EvaluationRow, StoredVerdict } from './evaluation-result.ts';
import {
  compareAnswer,
  excludedComparison,
  failedComparison,
  runAnswerKey,
  type Exclusion,
  type StatementContext,
} from './statements.ts';

/** What one question needs. */
export interface QuestionContext extends StatementContext {
  readonly genie: Pick<GeniePort, 'ask'>;
  readonly spaceId: string;
  readonly space: Space;
  readonly catalog: CatalogSnapshot;
  readonly tables: readonly KnownTable[];
  readonly variables: TemplateVariables;
  readonly judges: readonly Judge[];
  readonly facts: SqlFactsCache;
  readonly genieTimeoutMs: number;
  readonly requireOrder: boolean;
  readonly clock: Pick<Clock, 'now'>;
}

/** A row, and whether Genie was asked for it. */
export interface EvaluatedQuestion {
  readonly row: EvaluationRow;
  readonly asked: boolean;
}

/**
 * Runs the answer key, asks Genie, runs and compares Genie's statement, and judges the answer.
 *
 * @throws only what would meet every further question too (see `isFatal`), and the signal's reason
 */
export async function evaluateQuestion(
  benchmark: Benchmark,
  context: QuestionContext,
): Promise<EvaluatedQuestion> {
  const started = context.clock.now().getTime();
  const key = await runAnswerKey(benchmark.expected_sql, context.variables, context);
  const keyMs = context.clock.now().getTime() - started;
  const expectedFacts =
    key.exclusion === null
      ? await analyzeSql(key.sql, { tables: context.tables, cache: context.facts })
      : lexicalFacts(key.sql, 'the answer key was not run');
  const base = { benchmark, expectedSql: key.sql, expectedFacts, context };
  if (key.exclusion !== null) {
    const comparison = excludedComparison(key.exclusion, 'expected');
    return {
      asked: false,
      row: await judgedRow({ ...base, answer: null, comparison, timing: { genie: 0, sql: keyMs } }),
    };
  }

  const asked = await ask(benchmark, context);
  const genieMs = context.clock.now().getTime() - started - keyMs;
  if (asked.exclusion !== null) {
    const comparison = excludedComparison(asked.exclusion, 'actual');
    return {
      asked: true,
      row: await judgedRow({
        ...base,
        answer: asked.answer,
        comparison,
        timing: { genie: genieMs, sql: keyMs },
      }),
    };
  }
  const { answer } = asked;
  const generated = answer.sql === null ? '' : sanitizeSql(answer.sql).sql;
  const sqlStarted = context.clock.now().getTime();
  const compared =
    generated === ''
      ? { explain: null, comparison: failedComparison(null, key.result) }
      : await compareAnswer(
          answer,
          generated,
          key,
          {
            order: expectedOrder(expectedFacts, benchmark.question),
            optionalColumns: benchmark.optional_columns,
            requireOrder: context.requireOrder,
          },
          context,
        );
  const sqlMs = keyMs + context.clock.now().getTime() - sqlStarted;
  const row = await judgedRow({
    ...base,
    answer,
    generated,
    explain: compared.explain,
    comparison: compared.comparison,
    results: { expected: key.result, actual: 'result' in compared ? (compared.result ?? null) : null },
    timing: { genie: genieMs, sql: sqlMs },
  });
  return { asked: true, row };
}

type Asked =
  | { readonly answer: GenieAnswer; readonly exclusion: null }
  | { readonly answer: GenieAnswer | null; readonly exclusion: Exclusion };

/** Asks, and once more in a new conversation when the answer was cut short. */
async function ask(benchmark: Benchmark, context: QuestionContext): Promise<Asked> {
  const { genie, spaceId, genieTimeoutMs, signal } = context;
  let last: GenieAnswer | null = null;
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      last = await genie.ask(spaceId, benchmark.question, { timeoutMs: genieTimeoutMs, signal });
    } catch (error) {
      if (signal?.aborted === true || isFatal(error)) throw error;
      const detail = error instanceof Error ? error.message : String(error);
      return { answer: null, exclusion: { reason: askExclusion(error), detail } };
    }
    if (last.outcome !== 'timeout' && last.outcome !== 'cancelled') return { answer: last, exclusion: null };
  }
  return {
    answer: last,
    exclusion: {
      reason: 'infrastructure',
      detail: `Genie's answer ended as ${last?.status ?? 'unknown'} twice.`,
    },
  };
}

interface RowParts {
  readonly benchmark: Benchmark;
  readonly expectedSql: string;
  readonly expectedFacts: JudgeInput['expectedFacts'];
  readonly context: QuestionContext;
  readonly answer: GenieAnswer | null;
  /** Sanitised; empty without a statement. */
  readonly generated?: string;
  readonly explain?: JudgeInput['explain'];
  readonly comparison: ResultComparison;
  readonly results?: { readonly expected: StatementResult; readonly actual: StatementResult | null };
  readonly timing: { readonly genie: number; readonly sql: number };
}

async function judgedRow(parts: RowParts): Promise<EvaluationRow> {
  const { benchmark, context, answer, comparison, expectedFacts } = parts;
  const { space, catalog } = context;
  const generatedSql = parts.generated === undefined || parts.generated === '' ? null : parts.generated;
  const generatedFacts =
    generatedSql === null
      ? null
      : await analyzeSql(generatedSql, { tables: context.tables, cache: context.facts });
  const input: JudgeInput = {
    benchmark,
    expectedSql: parts.expectedSql,
    generatedSql,
    answerText: answer?.text ?? null,
    expectedFacts,
    generatedFacts,
    explain: parts.explain ?? null,
    comparison,
    expectedAsset: benchmark.expected_asset,
    actualAsset: detectAsset(generatedFacts, space, catalog),
    space,
    catalog,
    today: context.day,
    ...(parts.results === undefined
      ? {}
      : {
          resultSamples: {
            expected: sampleOf(parts.results.expected),
            actual: sampleOf(parts.results.actual),
          },
        }),
  };
  const outcomes = await runJudges(context.judges, input, { signal: context.signal });
  const exclusion = exclusionOf(comparison);
  const correct = exclusion === null ? comparison.match === true : null;
  const kinds = new Map(context.judges.map(({ name, kind }) => [name, kind]));
  return {
    question_id: benchmark.id,
    question: benchmark.question,
    split: benchmark.split ?? 'train',
    priority: benchmark.priority,
    category: benchmark.category,
    expected_asset: benchmark.expected_asset,
    actual_asset: input.actualAsset,
    expected_sql: parts.expectedSql,
    generated_sql: generatedSql,
    answer_text: answer?.text ?? null,
    status: answer?.status ?? (exclusion === null ? 'UNKNOWN' : 'NOT_ANSWERED'),
    conversation_id: answer?.conversationId ?? null,
    statement_id: answer?.statementId ?? null,
    comparison,
    verdicts: Object.fromEntries(
      [...outcomes].map(([judge, outcome]) => [
        judge,
        {
          ...storedVerdict(outcome),
          source: kinds.get(judge) === 'llm' && asksModel(outcome) ? 'LLM_JUDGE' : 'CODE',
        },
      ]),
    ),
    asi: exclusion === null ? asiRecords(benchmark.id, outcomes) : [],
    correct,
    exclusion,
    soft_signals:
      correct === true
        ? [...outcomes].flatMap(([judge, outcome]) =>
            outcome.status === 'scored' && outcome.value === 'no' ? [judge] : [],
          )
        : [],
    facts: { expected: expectedFacts, generated: generatedFacts },
    timing_ms: parts.timing,
  };
}

/** A judge that may ask a model decides some rows without it. */
const asksModel = (outcome: JudgeOutcome): boolean =>
  outcome.status === 'verdict'
    ? outcome.decidedBy !== 'code'
    : outcome.status !== 'skipped' && outcome.status !== 'excluded';

const SAMPLE_ROWS = 5;

const sampleOf = (result: StatementResult | null): ResultSample | null =>
  result === null
    ? null
    : { columns: result.columns.map(({ name }) => name), rows: result.rows.slice(0, SAMPLE_ROWS) };

function exclusionOf(comparison: ResultComparison): EvaluationRow['exclusion'] {
  const reason = comparison.exclusion ?? (comparison.match === null ? 'genie_result_unavailable' : null);
  return reason === null ? null : { reason_code: reason, reason_detail: comparison.error?.message ?? reason };
}

function storedVerdict(outcome: JudgeOutcome): StoredVerdict {
  const { rationale } = outcome;
  switch (outcome.status) {
    case 'scored':
    case 'verdict':
      return { value: outcome.value, rationale, reason: null };
    case 'excluded':
    case 'skipped':
      return { value: outcome.status, rationale, reason: outcome.reason };
    case 'errored':
      return { value: 'unknown', rationale, reason: null };
    default:
      return outcome satisfies never;
  }
}

function asiRecords(questionId: string, outcomes: ReadonlyMap<string, JudgeOutcome>): AsiRecord[] {
  return [...outcomes].flatMap(([judge, outcome]): AsiRecord[] => {
    const asi = failureAsi(outcome);
    return asi === null ? [] : [{ question_id: questionId, judge, asi, rationale: outcome.rationale }];
  });
}

/** Only a no and an arbiter's word against Genie are failures. */
function failureAsi(outcome: JudgeOutcome): Asi | null {
  if (outcome.status === 'scored') return outcome.value === 'no' ? outcome.asi : null;
  if (outcome.status !== 'verdict') return null;
  return outcome.value === 'ground_truth_correct' || outcome.value === 'neither_correct' ? outcome.asi : null;
}
