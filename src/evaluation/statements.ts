import { sha256 } from '../core/index.ts';
import type { CompareOptions, ExclusionReason, ExplainOutcome, ResultComparison } from '../judges/index.ts';
import { compareResults } from '../judges/index.ts';
import type { GenieAnswer, SqlPort, StatementResult } from '../ports/index.ts';
import {
  canonicalText,
  checkReadOnly,
  resolveSql,
  sanitizeSql,
  UnresolvedTemplateError,
  type TemplateVariables,
} from '../sql/index.ts';
import {
  genieExclusion,
  groundTruthExclusion,
  isFatal,
  statementFailure,
  type StatementFailure,
} from './classify-error.ts';
import type { GroundTruthCache } from './ground-truth-cache.ts';

/** What running statements needs. */
export interface StatementContext {
  readonly sql: SqlPort;
  readonly cache: GroundTruthCache;
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly maxRows: number;
  readonly signal: AbortSignal | undefined;
}

/** Why a row does not count. */
export interface Exclusion {
  readonly reason: ExclusionReason;
  readonly detail: string;
}

export type AnswerKey =
  | { readonly sql: string; readonly result: StatementResult; readonly exclusion: null }
  | {
      readonly sql: string;
      readonly result: null;
      readonly exclusion: Exclusion;
      readonly failure: StatementFailure | null;
    };

/**
 * Resolves and runs an answer key, at most once per day.
 *
 * Whatever goes wrong here excludes the row: Genie has not even been asked.
 */
export async function runAnswerKey(
  template: string,
  variables: TemplateVariables,
  context: StatementContext,
): Promise<AnswerKey> {
  const prepared = prepareAnswerKey(template, variables);
  if (typeof prepared !== 'string') return prepared;
  const { sql, cache, day, maxRows, signal } = context;
  try {
    const result = await cache.get(prepared, day, maxRows, () =>
      sql.execute(prepared, { rowLimit: maxRows, signal }),
    );
    return { sql: prepared, result, exclusion: null };
  } catch (error) {
    if (signal?.aborted === true || isFatal(error)) throw error;
    const failure = statementFailure(error);
    return {
      sql: prepared,
      result: null,
      failure,
      exclusion: { reason: groundTruthExclusion(failure), detail: failure.message },
    };
  }
}

function prepareAnswerKey(template: string, variables: TemplateVariables): string | AnswerKey {
  const refuse = (sql: string, reason: ExclusionReason, detail: string): AnswerKey => ({
    sql,
    result: null,
    failure: null,
    exclusion: { reason, detail },
  });
  let resolved: string;
  try {
    resolved = resolveSql(template, variables);
  } catch (error) {
    if (error instanceof UnresolvedTemplateError)
      return refuse(template, 'unresolved_template', error.message);
    throw error;
  }
  const { sql, statementCount } = sanitizeSql(resolved);
  if (sql === '') return refuse('', 'missing_expected_sql', 'The answer key holds no statement.');
  const check = checkReadOnly(sql);
  if (!check.readOnly)
    return refuse(sql, 'ground_truth_failed', `The answer key is not executed: ${check.reason}`);
  if (statementCount > 1)
    return refuse(
      sql,
      'ground_truth_failed',
      `The answer key holds ${statementCount} statements; one is compared. Split the question.`,
    );
  return sql;
}

/** The answer key as rows show it: resolved and sanitised where that is possible. */
export function answerKeyText(template: string, variables: TemplateVariables): string {
  const prepared = prepareAnswerKey(template, variables);
  return typeof prepared === 'string' ? prepared : prepared.sql;
}

export interface ComparedAnswer {
  readonly explain: ExplainOutcome | null;
  readonly comparison: ResultComparison;
  /** Rows of Genie's statement; absent when they were not fetched. */
  readonly result?: StatementResult;
}

/** A comparison that has not taken place. */
export const NOTHING_COMPARED: ResultComparison = {
  match: null,
  matchType: 'not_evaluated',
  expectedRows: null,
  actualRows: null,
  expectedHash: null,
  actualHash: null,
  diff: null,
  truncated: false,
  exclusion: null,
  error: null,
  orderMatch: null,
};

/** A row that does not count. */
export const excludedComparison = (
  { reason, detail }: Exclusion,
  side: 'expected' | 'actual',
): ResultComparison => ({
  ...NOTHING_COMPARED,
  exclusion: reason,
  error: { side, errorClass: null, message: detail },
});

/** Genie's own failure: the row counts and is wrong. */
export const failedComparison = (
  failure: Pick<StatementFailure, 'errorClass' | 'message'> | null,
  expected: StatementResult,
): ResultComparison => ({
  ...NOTHING_COMPARED,
  match: false,
  expectedRows: expected.rows.length,
  error:
    failure === null ? null : { side: 'actual', errorClass: failure.errorClass, message: failure.message },
});

/** Explains Genie's statement, fetches its rows and compares them with the answer key's. */
export async function compareAnswer(
  answer: Pick<GenieAnswer, 'statementId'>,
  generatedSql: string,
  key: { readonly sql: string; readonly result: StatementResult },
  options: CompareOptions,
  context: StatementContext,
): Promise<ComparedAnswer> {
  const failure = refusal(generatedSql);
  if (failure !== null) {
    return {
      explain: { ok: false, errorClass: failure.errorClass, message: failure.message },
      comparison: failedComparison(failure, key.result),
    };
  }
  const explained = await explain(generatedSql, context);
  if (explained.exclusion !== null)
    return { explain: explained.outcome, comparison: excludedComparison(explained.exclusion, 'actual') };
  if (explained.outcome?.ok === false) {
    const { errorClass, message } = explained.outcome;
    return {
      explain: explained.outcome,
      comparison: failedComparison({ errorClass, message: message ?? '' }, key.result),
    };
  }
  if (sameText(generatedSql, key.sql)) {
    return {
      explain: explained.outcome,
      comparison: compareResults(key.result, key.result, { ...options, identicalSql: true }),
      result: key.result,
    };
  }
  const fetched = await fetchRows(answer.statementId, generatedSql, context);
  if ('columns' in fetched)
    return {
      explain: explained.outcome,
      comparison: compareResults(key.result, fetched, options),
      result: fetched,
    };
  const reason = genieExclusion(fetched);
  const comparison =
    reason === null
      ? failedComparison(fetched, key.result)
      : excludedComparison(
          {
            reason: reason === 'infrastructure' ? 'genie_result_unavailable' : reason,
            detail: fetched.message,
          },
          'actual',
        );
  return { explain: explained.outcome, comparison };
}

/** Why a statement is never executed; `null` when it only reads. */
function refusal(sql: string): StatementFailure | null {
  const check = checkReadOnly(sql);
  return check.readOnly
    ? null
    : {
        kind: 'statement',
        errorClass: 'NOT_READ_ONLY',
        message: `Genie's statement is not executed: ${check.reason}`,
      };
}

const sameText = (a: string, b: string): boolean => sha256(canonicalText(a)) === sha256(canonicalText(b));

/** Words by which EXPLAIN reports a bad query in a statement that succeeds. */
const PLANNING_ERROR = /^\s*Error occurred during query planning:?\s*/i;

interface Explained {
  readonly outcome: ExplainOutcome | null;
  readonly exclusion: Exclusion | null;
}

async function explain(sql: string, context: StatementContext): Promise<Explained> {
  try {
    const plan = await context.sql.execute(`EXPLAIN ${sql}`, { rowLimit: 100, signal: context.signal });
    const text = plan.rows.map((row) => row[0] ?? '').join('\n');
    if (!PLANNING_ERROR.test(text))
      return { outcome: { ok: true, errorClass: null, message: null }, exclusion: null };
    const message = text.replace(PLANNING_ERROR, '').trim();
    return failedPlan({
      kind: 'statement',
      errorClass: /\[([A-Z_.]+)\]/.exec(message)?.[1] ?? null,
      message,
    });
  } catch (error) {
    if (context.signal?.aborted === true || isFatal(error)) throw error;
    return failedPlan(statementFailure(error));
  }
}

function failedPlan(failure: StatementFailure): Explained {
  const reason = genieExclusion(failure);
  const outcome =
    failure.kind === 'transport'
      ? null
      : { ok: false, errorClass: failure.errorClass, message: failure.message };
  return { outcome, exclusion: reason === null ? null : { reason, detail: failure.message } };
}

/** The rows Genie itself saw; when they are gone, those of a second run. */
export async function fetchRows(
  statementId: string | null,
  sql: string,
  context: Pick<StatementContext, 'sql' | 'maxRows' | 'signal'>,
): Promise<StatementResult | StatementFailure> {
  const { signal } = context;
  const refused = refusal(sql);
  if (refused !== null) return refused;
  if (statementId !== null) {
    try {
      return cutTo(await context.sql.resultOf(statementId, { signal }), context.maxRows);
    } catch (error) {
      if (signal?.aborted === true || isFatal(error)) throw error;
      // Results are kept for a short time only: the statement is run again below.
    }
  }
  try {
    return await context.sql.execute(sql, { rowLimit: context.maxRows, signal });
  } catch (error) {
    if (signal?.aborted === true || isFatal(error)) throw error;
    return statementFailure(error);
  }
}

const cutTo = (result: StatementResult, maxRows: number): StatementResult =>
  result.rows.length <= maxRows
    ? result
    : { ...result, rows: result.rows.slice(0, maxRows), truncated: true };
