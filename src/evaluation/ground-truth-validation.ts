import pLimit from 'p-limit';
import {
  checkTemporalFreshness,
  relativePeriods,
  type Benchmark,
  type BenchmarkChanges,
} from '../benchmarks/index.ts';
import { InvalidOptionError, type Problem } from '../core/index.ts';
import type { CatalogSnapshot, ChatModel, Clock, SqlPort } from '../ports/index.ts';
import { analyzeSql, type SqlFactsCache, type TemplateVariables } from '../sql/index.ts';
import { GroundTruthCache } from './ground-truth-cache.ts';
import {
  distinctNames,
  GROUND_TRUTH_DEFAULTS,
  isEmptyResult,
  runKey,
  sampleOf,
  type GroundTruthErrorClass,
  type GroundTruthReason,
} from './ground-truth-check.ts';
import { orderRepair, repairsOf, type RepairContext, type RepairProposal } from './ground-truth-repairs.ts';

export interface GroundTruthOptions {
  readonly sql: SqlPort;
  readonly catalog: CatalogSnapshot;
  readonly variables?: TemplateVariables | undefined;
  readonly clock: Clock;
  /** Rewrites keys that no rule can repair, as a proposal; never sees held-out questions. */
  readonly chatModel?: ChatModel | undefined;
  /** A key with more rows is invalid, 1–1,000,000. */
  readonly maxRows?: number | undefined;
  /** Keys run at once, 1–64. */
  readonly concurrency?: number | undefined;
  readonly cache?: GroundTruthCache | undefined;
  readonly factsCache?: SqlFactsCache | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What validation found out about one answer key. */
export interface GroundTruthCheck {
  readonly id: string;
  readonly question: string;
  readonly status: 'valid' | 'invalid' | 'missing_sql';
  readonly reason_code: GroundTruthReason | null;
  readonly error_class: GroundTruthErrorClass | null;
  /** At most 500 characters. */
  readonly error: string | null;
  /** Statements that were tried, the original included. */
  readonly attempts: number;
  readonly original_sql: string;
  /** The statement that ran, with variables replaced; for invalid keys the one that failed. */
  readonly final_sql: string;
  /** The last repair that was tried without success. */
  readonly last_candidate_sql: string | null;
  readonly row_count: number | null;
  readonly columns: readonly string[];
  readonly result_hash: string | null;
  readonly sample: string | null;
  readonly empty_result: boolean;
  /** Doubts that do not make the key invalid: `EMPTY_RESULT`, `LIMIT_WITHOUT_ORDER`, `GROUND_TRUTH_CHANGED`, `TEMPORAL_STALE`. */
  readonly findings: readonly Problem[];
  /** Repairs that were run and return something; nothing is applied. */
  readonly proposals: readonly RepairProposal[];
  readonly checked_at: string;
}

export interface GroundTruthReport {
  readonly valid: number;
  readonly invalid: number;
  /** One entry per question, in their order. */
  readonly details: readonly GroundTruthCheck[];
}

/**
 * Runs every answer key once and proposes repairs for those that cannot be used. Changes nothing.
 *
 * @throws {GroundTruthUnavailableError} when the warehouse stays away: no key is called invalid for that
 * @see spec/benchmarks.md §8
 */
export async function validateGroundTruth(
  questions: readonly Benchmark[],
  options: GroundTruthOptions,
): Promise<GroundTruthReport> {
  const concurrency = options.concurrency ?? GROUND_TRUTH_DEFAULTS.concurrency;
  const maxRows = options.maxRows ?? GROUND_TRUTH_DEFAULTS.maxRows;
  for (const [name, value, high] of [
    ['concurrency', concurrency, 64],
    ['maxRows', maxRows, 1_000_000],
  ] as const)
    if (!(Number.isInteger(value) && value >= 1 && value <= high))
      throw new InvalidOptionError(name, `must be a whole number from 1 to ${high}, not ${value}`);
  const context: RepairContext = {
    sql: options.sql,
    catalog: options.catalog,
    variables: options.variables ?? {},
    chatModel: options.chatModel,
    clock: options.clock,
    cache: options.cache ?? new GroundTruthCache(),
    maxRows,
    signal: options.signal,
  };
  const factsCache = options.factsCache ?? new Map();
  const limit = pLimit(concurrency);
  try {
    const details = await Promise.all(
      questions.map((question) => limit(() => checkGroundTruth(question, context, factsCache))),
    );
    const valid = details.filter(({ status }) => status === 'valid').length;
    return { valid, invalid: details.length - valid, details };
  } finally {
    limit.clearQueue();
  }
}

/** {@link validateGroundTruth} for one question. */
export async function checkGroundTruth(
  question: Benchmark,
  context: RepairContext,
  factsCache: SqlFactsCache,
): Promise<GroundTruthCheck> {
  const run = await runKey(question, question.expected_sql, context);
  const tables = context.catalog.tables.map(({ name, columns }) => ({
    name,
    columns: columns.map((one) => one.name),
  }));
  const facts = await analyzeSql(run.sql, { tables, cache: factsCache });
  const shared = {
    id: question.id,
    question: question.question,
    original_sql: question.expected_sql,
    final_sql: run.sql,
    checked_at: context.clock.now().toISOString(),
  };
  if (!run.ok) {
    const { proposals, attempts, lastCandidate } = await repairsOf(question, run, facts, context);
    return {
      ...shared,
      status: run.reason === 'missing_ground_truth' ? 'missing_sql' : 'invalid',
      reason_code: run.reason,
      error_class: run.errorClass,
      error: run.error.slice(0, 500),
      attempts,
      last_candidate_sql: lastCandidate,
      row_count: run.result?.rows.length ?? null,
      columns: run.result === null ? [] : distinctNames(run.result),
      result_hash: null,
      sample: null,
      empty_result: false,
      findings: [],
      proposals,
    };
  }
  const { result, hash } = run;
  const empty = isEmptyResult(result);
  const unordered = facts.engine === 'ast' && facts.limit !== null && facts.orderBy.length === 0;
  const ordered = unordered && !empty ? await orderRepair(question, result, context) : null;
  return {
    ...shared,
    status: 'valid',
    reason_code: null,
    error_class: null,
    error: null,
    attempts: 1 + (ordered === null ? 0 : 1),
    last_candidate_sql: null,
    row_count: result.rows.length,
    columns: distinctNames(result),
    result_hash: hash,
    sample: sampleOf(result),
    empty_result: empty,
    findings: [...doubtsOf(question, hash, empty), ...(unordered ? [limitWithoutOrder(question)] : [])],
    proposals: ordered === null ? [] : [ordered],
  };
}

function doubtsOf(question: Benchmark, hash: string | null, empty: boolean): Problem[] {
  const { id } = question;
  const isRelative = relativePeriods(question.question).length > 0;
  const isStale = checkTemporalFreshness([question]).length > 0;
  return [
    empty &&
      warning(
        'EMPTY_RESULT',
        id,
        isRelative
          ? `${id} returns nothing for the period it asks for: the data may have ended before it. An empty answer proves nothing.`
          : `${id} returns nothing, and an empty answer proves nothing. Ask for something that is in the data.`,
      ),
    (isStale || (empty && isRelative)) &&
      warning(
        'TEMPORAL_STALE',
        id,
        `${id} asks for a relative period but its answer does not move with it. Use date expressions relative to current_date().`,
      ),
    question.expected_result_hash !== undefined &&
      hash !== question.expected_result_hash &&
      warning(
        'GROUND_TRUTH_CHANGED',
        id,
        `${id} returns another result than when it was validated${question.validated_at === undefined ? '' : ` on ${question.validated_at}`}; data move, so this is only noted.`,
      ),
  ].filter((problem) => problem !== false);
}

const limitWithoutOrder = ({ id }: Benchmark): Problem =>
  warning(
    'LIMIT_WITHOUT_ORDER',
    id,
    `${id} limits rows without an ORDER BY, so its answer changes from run to run. Order by the measure and a unique column.`,
  );

const warning = (code: string, path: string, message: string): Problem => ({
  code,
  severity: 'warning',
  path,
  message,
  details: { id: path },
});

/**
 * What a check writes into the file, for `editBenchmark`: status, result digest, sample, counts.
 *
 * `null` removes what a former check wrote.
 */
export function validationFields(check: GroundTruthCheck): BenchmarkChanges {
  const isValid = check.status === 'valid';
  return {
    validation_status: isValid ? 'valid' : 'invalid',
    validation_reason_code: check.reason_code,
    gt_validation_status: isValid ? null : 'failed',
    validated_at: check.checked_at,
    expected_result_hash: check.result_hash,
    expected_result_sample: check.sample,
    expected_row_count: isValid ? check.row_count : null,
    expected_columns: isValid ? check.columns : null,
    temporal_stale: check.findings.some(({ code }) => code === 'TEMPORAL_STALE') ? true : null,
  };
}

/**
 * What accepting a repair writes into the file: the new key as a new version, the old one kept beside it.
 *
 * @see spec/evaluation.md §12.1
 */
export function repairFields(
  question: Benchmark,
  proposal: Pick<RepairProposal, 'expected_sql'>,
  at: Date,
): BenchmarkChanges {
  return newKeyFields(question, proposal.expected_sql, 'auto_corrected_structural', at);
}

/** The fields of a new version of an answer key. */
export function newKeyFields(
  question: Benchmark,
  expectedSql: string,
  source: string,
  at: Date,
): BenchmarkChanges {
  return {
    expected_sql: expectedSql,
    source,
    origin_source: question.origin_source ?? question.source,
    previous_expected_sql: question.expected_sql,
    key_version: (question.key_version ?? 1) + 1,
    corrected_at: at.toISOString(),
    // What was found out about the old key says nothing about the new one.
    validation_status: 'unchecked',
    validation_reason_code: null,
    gt_validation_status: null,
    expected_result_hash: null,
    expected_result_sample: null,
    expected_row_count: null,
    expected_columns: null,
  };
}

/** A question with changes as the file would hold it; `null` removes a field. */
export function withFields(question: Benchmark, changes: BenchmarkChanges): Benchmark {
  const changed: Record<string, unknown> = { ...question };
  for (const [field, value] of Object.entries(changes)) {
    if (value === null) delete changed[field];
    else changed[field] = value;
  }
  return changed as Benchmark;
}
