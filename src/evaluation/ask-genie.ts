import type { Benchmark } from '../benchmarks/index.ts';
import type { JudgeInput, ResultComparison, ResultSample } from '../judges/index.ts';
import { detectAsset, expectedOrder } from '../judges/index.ts';
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
import type { AnswerCache } from './answer-cache.ts';
import { askOnce, type Asked } from './ask-once.ts';
import type { Prediction } from './prediction.ts';
import {
  compareAnswer,
  excludedComparison,
  failedComparison,
  runAnswerKey,
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
  readonly facts: SqlFactsCache;
  /** Stands for `tables` in the keys of `facts`. */
  readonly tablesKey: string;
  readonly genieTimeoutMs: number;
  readonly requireOrder: boolean;
  /** Of the space that answers. */
  readonly configHash: string;
  readonly answers: AnswerCache | undefined;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Runs the answer key, asks Genie, runs Genie's statement and compares both results.
 *
 * @throws only what would meet every further question too (see `isFatal`), and the signal's reason
 */
export async function askGenie(benchmark: Benchmark, context: QuestionContext): Promise<Prediction> {
  const started = context.clock.now().getTime();
  const key = await runAnswerKey(benchmark.expected_sql, context.variables, context);
  const keyMs = context.clock.now().getTime() - started;
  const expectedFacts =
    key.exclusion === null
      ? await analyzeSql(key.sql, analysis(context))
      : lexicalFacts(key.sql, 'the answer key was not run');
  const base = { benchmark, expectedSql: key.sql, expectedFacts, context };
  if (key.exclusion !== null) {
    const comparison = excludedComparison(key.exclusion, 'expected');
    return prediction({ ...base, asked: false, answer: null, comparison, timing: { genie: 0, sql: keyMs } });
  }

  const known = context.answers?.get(context.configHash, benchmark.question);
  const isNew = known === undefined;
  const asked: Asked = isNew
    ? await askOnce(benchmark.question, context)
    : { answer: known, exclusion: null };
  const genieMs = context.clock.now().getTime() - started - keyMs;
  if (asked.exclusion !== null) {
    const comparison = excludedComparison(asked.exclusion, 'actual');
    return prediction({
      ...base,
      asked: true,
      answer: asked.answer,
      comparison,
      timing: { genie: genieMs, sql: keyMs },
    });
  }
  const { answer } = asked;
  if (isNew) context.answers?.set(context.configHash, benchmark.question, answer);
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
  return prediction({
    ...base,
    asked: isNew,
    answer,
    generated,
    explain: compared.explain,
    comparison: compared.comparison,
    results: { expected: key.result, actual: 'result' in compared ? (compared.result ?? null) : null },
    timing: { genie: genieMs, sql: sqlMs },
  });
}

const analysis = ({ tables, tablesKey, facts }: QuestionContext) => ({ tables, tablesKey, cache: facts });

interface PredictionParts {
  readonly asked: boolean;
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

async function prediction(parts: PredictionParts): Promise<Prediction> {
  const { benchmark, context, answer, comparison, expectedFacts } = parts;
  const { space, catalog } = context;
  const generatedSql = parts.generated === undefined || parts.generated === '' ? null : parts.generated;
  const generatedFacts = generatedSql === null ? null : await analyzeSql(generatedSql, analysis(context));
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
  return {
    input,
    status: answer?.status ?? (isExcluded(comparison) ? 'NOT_ANSWERED' : 'UNKNOWN'),
    conversationId: answer?.conversationId ?? null,
    statementId: answer?.statementId ?? null,
    timing: parts.timing,
    asked: parts.asked,
  };
}

const isExcluded = ({ exclusion, match }: ResultComparison): boolean => exclusion !== null || match === null;

const SAMPLE_ROWS = 5;

const sampleOf = (result: StatementResult | null): ResultSample | null =>
  result === null
    ? null
    : { columns: result.columns.map(({ name }) => name), rows: result.rows.slice(0, SAMPLE_ROWS) };
