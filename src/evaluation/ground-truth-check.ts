import type { Benchmark } from '../benchmarks/index.ts';
import { OptimizerError } from '../core/index.ts';
import { classifyGenieError, compareResults } from '../judges/index.ts';
import type { Clock, SqlPort, StatementResult } from '../ports/index.ts';
import type { TemplateVariables } from '../sql/index.ts';
import type { StatementFailure } from './classify-error.ts';
import type { GroundTruthCache } from './ground-truth-cache.ts';
import { runAnswerKey, type AnswerKey } from './statements.ts';

/** Why an answer key cannot be used. @see spec/benchmarks.md §8 */
export const GROUND_TRUTH_REASONS = [
  'missing_ground_truth',
  'unresolved_template',
  'parameterized_sql',
  'not_read_only',
  'multiple_statements',
  'syntax_error',
  'unknown_column',
  'missing_object',
  'tvf_arguments',
  'metric_view_join',
  'permission_blocked',
  'sql_compile_error',
  'runtime_error',
  'too_many_rows',
] as const;
export type GroundTruthReason = (typeof GROUND_TRUTH_REASONS)[number];

export const GROUND_TRUTH_ERROR_CLASSES = ['SYNTAX', 'RESOLUTION', 'PERMISSION', 'RUNTIME'] as const;
export type GroundTruthErrorClass = (typeof GROUND_TRUTH_ERROR_CLASSES)[number];

/** Defaults of running answer keys. `attempts` counts the first try; the pause doubles each time. */
export const GROUND_TRUTH_DEFAULTS = {
  maxRows: 5000,
  concurrency: 4,
  attempts: 3,
  backoffMs: 1000,
  sampleRows: 5,
} as const;

/** The warehouse cannot be reached: nothing can be said about any answer key. */
export class GroundTruthUnavailableError extends OptimizerError {
  constructor(questionId: string, attempts: number, problem: string) {
    super(
      `The answer key of '${questionId}' could not be run in ${attempts} attempts: ${problem}. Check the warehouse and run the validation again; no question was judged by this.`,
      { code: 'GROUND_TRUTH_UNAVAILABLE', retryable: true, details: { questionId, attempts } },
    );
  }
}

/** How answer keys are run. */
export interface RunKeyContext {
  readonly sql: SqlPort;
  readonly variables: TemplateVariables;
  readonly maxRows: number;
  readonly clock: Clock;
  readonly cache: GroundTruthCache;
  readonly signal: AbortSignal | undefined;
}

/** What running one answer key showed. */
export type KeyRun =
  | {
      readonly ok: true;
      readonly sql: string;
      readonly result: StatementResult;
      readonly hash: string | null;
    }
  | {
      readonly ok: false;
      readonly sql: string;
      readonly reason: GroundTruthReason;
      readonly errorClass: GroundTruthErrorClass | null;
      readonly error: string;
      /** The statement was run and refused; `null`: it was never run. */
      readonly failure: StatementFailure | null;
      readonly result: StatementResult | null;
    };

/**
 * Runs one answer key, once; a call that failed for reasons outside the statement is repeated.
 *
 * Writing and multiple statements are never run. A result cut at `maxRows` cannot be compared and fails.
 *
 * @throws {GroundTruthUnavailableError} when the warehouse stays away
 */
export async function runKey(
  question: Pick<Benchmark, 'id'>,
  expectedSql: string,
  context: RunKeyContext,
): Promise<KeyRun> {
  const key = await runPatiently(question.id, expectedSql, context);
  if (key.exclusion === null) {
    const { result, sql } = key;
    if (result.truncated)
      return {
        ok: false,
        sql,
        reason: 'too_many_rows',
        errorClass: null,
        error: `The answer has more than ${context.maxRows} rows, so no answer can be compared with it. Aggregate, filter or limit it, or raise maxRows.`,
        failure: null,
        result,
      };
    return { ok: true, sql, result, hash: compareResults(result, result).expectedHash };
  }
  const { reason, detail } = key.exclusion;
  const failed = reasonOf(reason, detail, key.failure);
  return { ok: false, sql: key.sql, ...failed, error: detail, failure: key.failure, result: null };
}

async function runPatiently(id: string, expectedSql: string, context: RunKeyContext): Promise<AnswerKey> {
  const { attempts, backoffMs } = GROUND_TRUTH_DEFAULTS;
  const day = context.clock.now().toISOString().slice(0, 10);
  for (let attempt = 1; ; attempt += 1) {
    const key = await runAnswerKey(expectedSql, context.variables, { ...context, day });
    if (key.exclusion?.reason !== 'infrastructure') return key;
    if (attempt >= attempts) throw new GroundTruthUnavailableError(id, attempts, key.exclusion.detail);
    await context.clock.sleep(backoffMs * 2 ** (attempt - 1), { signal: context.signal });
  }
}

const BY_LABEL: Readonly<Record<string, GroundTruthReason>> = {
  wrong_column: 'unknown_column',
  wrong_table: 'missing_object',
  tvf_parameter_error: 'tvf_arguments',
  syntax_error: 'syntax_error',
  wrong_aggregation: 'sql_compile_error',
};

function reasonOf(
  exclusion: string,
  detail: string,
  failure: StatementFailure | null,
): { readonly reason: GroundTruthReason; readonly errorClass: GroundTruthErrorClass | null } {
  if (exclusion === 'permission_blocked') return { reason: 'permission_blocked', errorClass: 'PERMISSION' };
  if (exclusion === 'parameterized_sql') return { reason: 'parameterized_sql', errorClass: 'RESOLUTION' };
  if (exclusion === 'unresolved_template') return { reason: 'unresolved_template', errorClass: 'RESOLUTION' };
  if (exclusion === 'missing_expected_sql') return { reason: 'missing_ground_truth', errorClass: null };
  if (failure === null)
    return { reason: /statements/.test(detail) ? 'multiple_statements' : 'not_read_only', errorClass: null };
  if (/METRIC_VIEW_JOIN_NOT_SUPPORTED/.test(`${failure.errorClass ?? ''} ${failure.message}`))
    return { reason: 'metric_view_join', errorClass: 'RESOLUTION' };
  if (/UNRESOLVABLE_TABLE_VALUED_FUNCTION|UNRESOLVED_ROUTINE/.test(failure.errorClass ?? ''))
    return { reason: 'missing_object', errorClass: 'RESOLUTION' };
  const reason = /UNRESOLVED_COLUMN/.test(failure.errorClass ?? '')
    ? 'unknown_column'
    : (BY_LABEL[classifyGenieError(failure.errorClass, failure.message).label] ?? 'runtime_error');
  return {
    reason,
    errorClass: reason === 'syntax_error' ? 'SYNTAX' : reason === 'runtime_error' ? 'RUNTIME' : 'RESOLUTION',
  };
}

/** Whether a result says nothing: no rows, or nothing but nulls. */
export const isEmptyResult = ({ rows }: StatementResult): boolean =>
  rows.every((row) => row.every((cell) => cell === null));

/** JSON of the first rows, by column name; a repeated name gets `#2`, `#3`. */
export function sampleOf(result: StatementResult, rows: number = GROUND_TRUTH_DEFAULTS.sampleRows): string {
  const names = distinctNames(result);
  return JSON.stringify(
    result.rows
      .slice(0, rows)
      .map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? null]))),
  );
}

export function distinctNames({ columns }: StatementResult): string[] {
  const seen = new Map<string, number>();
  return columns.map(({ name }) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name}#${times}`;
  });
}
