import { InvalidOptionError } from '../core/index.ts';
import { detectAsset, resultDigest } from '../judges/index.ts';
import type { CatalogSnapshot, GeniePort, SqlPort } from '../ports/index.ts';
import {
  assessRepeatability,
  type AssessOptions,
  type RepeatabilitySample,
  type RequeryReport,
  type SampledQuestion,
} from '../repeatability/index.ts';
import type { Space } from '../spaces/index.ts';
import { analyzeSql, sanitizeSql, type AnalyzeOptions } from '../sql/index.ts';
import { hashOf } from '../core/index.ts';
import { askOnce, type AskContext } from './ask-once.ts';
import { EVALUATION_DEFAULTS } from './evaluate.ts';
import type { EvaluationRow } from './evaluation-result.ts';
import { DEFAULT_CONCURRENCY, eachWithin } from './harness.ts';
import { knownTables } from './known-tables.ts';
import { fetchRows, type StatementContext } from './statements.ts';

/** Defaults of {@link verifyRepeatability}; three or more tell more. @see spec/repeatability.md §4 */
export const REQUERY_DEFAULTS = { extraQueries: 2 } as const;

/** What of a row is asked again. */
export type RequeryRow = Pick<
  EvaluationRow,
  'question_id' | 'question' | 'generated_sql' | 'actual_asset' | 'correct' | 'comparison'
>;

export interface VerifyRepeatabilityOptions extends AssessOptions {
  /** The evaluation whose answers are the first samples; excluded rows are not measured. */
  readonly rows: readonly RequeryRow[];
  readonly genie: Pick<GeniePort, 'ask'>;
  readonly sql: Pick<SqlPort, 'execute' | 'resultOf'>;
  readonly spaceId: string;
  readonly space: Space;
  readonly catalog: CatalogSnapshot;
  /** How often each question is asked again, 1–20. */
  readonly extraQueries?: number | undefined;
  /** The rows are of today, so that results of relative periods compare. Default `true`. */
  readonly sameDay?: boolean | undefined;
  readonly concurrency?: number | undefined;
  readonly genieTimeoutMs?: number | undefined;
  readonly maxRows?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined;
}

/**
 * What asking again costs, to be announced before: the time between two starts, and as much again for waits and answers.
 *
 * @param startsPerMinute - pace of the workspace; default 5, that of the service; `null`: no limit, so that nothing
 *   is known about how long it takes
 */
export const requeryCost = (
  questions: number,
  {
    extraQueries = REQUERY_DEFAULTS.extraQueries,
    startsPerMinute = 5,
  }: { readonly extraQueries?: number; readonly startsPerMinute?: number | null | undefined } = {},
): { readonly asks: number; readonly seconds: number | null } => {
  const asks = questions * extraQueries;
  return {
    asks,
    seconds: startsPerMinute === null ? null : Math.ceil((asks * 2 * 60) / startsPerMinute),
  };
};

/**
 * Asks the same questions again, each in a new conversation, and says how far the answers agree.
 *
 * Nothing may change the space meanwhile. A sample lost to infrastructure is asked for once more and then
 * left out; a question with fewer than two samples is `UNMEASURED`. An answer without SQL is a sample.
 *
 * @throws {AbortedError} when the signal fires
 * @throws {InvalidOptionError} for `extraQueries` out of bounds
 * @see spec/repeatability.md §4
 */
export async function verifyRepeatability(options: VerifyRepeatabilityOptions): Promise<RequeryReport> {
  const { rows, extraQueries = REQUERY_DEFAULTS.extraQueries, signal } = options;
  if (!(Number.isInteger(extraQueries) && extraQueries >= 1 && extraQueries <= 20))
    throw new InvalidOptionError('extraQueries', `must be a whole number from 1 to 20, got ${extraQueries}`);
  const tables = knownTables(options.catalog, options.space);
  const sampling: Sampling = {
    ask: {
      genie: options.genie,
      spaceId: options.spaceId,
      genieTimeoutMs: options.genieTimeoutMs ?? EVALUATION_DEFAULTS.genieTimeoutMs,
      signal,
    },
    statements: { sql: options.sql, maxRows: options.maxRows ?? EVALUATION_DEFAULTS.maxRows, signal },
    analysis: { tables, tablesKey: hashOf(tables), cache: new Map() },
    space: options.space,
    catalog: options.catalog,
  };
  const measured = rows.filter(({ correct }) => correct !== null);
  const samples = measured.map((row): RepeatabilitySample[] => [
    originalSample(row, options.sameDay !== false),
  ]);
  // Round by round, so that the samples of one question lie apart in time.
  const asks = Array.from({ length: extraQueries }, () => measured.map((row, at) => ({ row, at }))).flat();
  let done = 0;
  await eachWithin(
    options.concurrency ?? DEFAULT_CONCURRENCY,
    asks,
    async ({ row, at }) => {
      const sample = (await sampleOf(row.question, sampling)) ?? (await sampleOf(row.question, sampling));
      if (sample !== null) samples[at]?.push(sample);
      done += 1;
      options.onProgress?.({ done, total: asks.length });
    },
    signal,
  );
  const sampled = measured.map(({ question_id, question }, at): SampledQuestion => ({
    question_id,
    question,
    samples: samples[at] ?? [],
  }));
  return assessRepeatability(sampled, options);
}

const originalSample = (row: RequeryRow, sameDay: boolean): RepeatabilitySample => ({
  sql: row.generated_sql,
  asset: row.actual_asset,
  result_hash: sameDay ? row.comparison.actualHash : null,
});

interface Sampling {
  readonly ask: AskContext;
  readonly statements: Pick<StatementContext, 'sql' | 'maxRows' | 'signal'>;
  readonly analysis: AnalyzeOptions;
  readonly space: Space;
  readonly catalog: CatalogSnapshot;
}

/** `null` when the answer was lost for a reason outside the question. */
async function sampleOf(
  question: string,
  { ask, statements, analysis, space, catalog }: Sampling,
): Promise<RepeatabilitySample | null> {
  const { answer, exclusion } = await askOnce(question, ask);
  if (exclusion !== null) return null;
  const sql = answer.sql === null ? '' : sanitizeSql(answer.sql).sql;
  if (sql === '') return { sql: null, asset: 'NONE', result_hash: null };
  const fetched = await fetchRows(answer.statementId, sql, statements);
  return {
    sql,
    asset: detectAsset(await analyzeSql(sql, analysis), space, catalog),
    result_hash: 'columns' in fetched && !fetched.truncated ? resultDigest(fetched) : null,
  };
}
