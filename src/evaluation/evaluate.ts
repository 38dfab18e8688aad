import pLimit from 'p-limit';
import { benchmarkFingerprint, type Benchmark } from '../benchmarks/index.ts';
import { AbortedError, hashOf, InvalidOptionError } from '../core/index.ts';
import { structuralJudges, type Judge } from '../judges/index.ts';
import type { Clock, Workspace } from '../ports/index.ts';
import { dataSources } from '../spaces/index.ts';
import type { KnownTable, SqlFactsCache, TemplateVariables } from '../sql/index.ts';
import { accuracyOf, degradedJudges, judgeScores } from './accuracy.ts';
import type { AskPool } from './ask-pool.ts';
import { evaluateQuestion, type QuestionContext } from './evaluate-question.ts';
import { EvaluationError } from './evaluation-error.ts';
import type { EvaluationResult, EvaluationRow } from './evaluation-result.ts';
import type { EvaluationRequest } from './evaluator.ts';
import { answeredBefore } from './answered-before.ts';
import { GroundTruthCache } from './ground-truth-cache.ts';

/**
 * Defaults of {@link evaluate}. @see spec/evaluation.md §2
 *
 * One question at a time would leave most conversation starts unused: at 5 a minute, eight keep the
 * rate limit busy while an answer with its judging takes up to 96 s.
 */
export const EVALUATION_DEFAULTS = { maxRows: 5000, concurrency: 8, genieTimeoutMs: 120_000 } as const;

export interface EvaluateOptions extends EvaluationRequest {
  readonly workspace: { readonly genie: Pick<Workspace['genie'], 'ask'>; readonly sql: Workspace['sql'] };
  /** Default: the eight structural judges. */
  readonly judges?: readonly Judge[] | undefined;
  /** Values of `${catalog}` and others in the answer keys. */
  readonly variables?: TemplateVariables | undefined;
  /** Rows fetched per statement, 1–1,000,000; more make the comparison undecidable. */
  readonly maxRows?: number | undefined;
  /** Questions under way at once, 1–64. The Genie port spaces the starts. */
  readonly concurrency?: number | undefined;
  readonly genieTimeoutMs?: number | undefined;
  /** Rows in another order than the question asks for make an answer wrong. Default `false`: noted only. */
  readonly requireOrder?: boolean | undefined;
  /** Kept by the caller over several evaluations, so that answer keys run once a day. */
  readonly groundTruth?: GroundTruthCache | undefined;
  readonly factsCache?: SqlFactsCache | undefined;
  /** Every ask is recorded here. */
  readonly askPool?: AskPool | undefined;
  readonly clock?: Pick<Clock, 'now'> | undefined;
}

/** Reasons that lie outside question and answer. */
const OUTSIDE: ReadonlySet<string> = new Set(['infrastructure', 'permission_blocked']);

/**
 * Asks every question once, judges the answers and adds up.
 *
 * Rows come in the order of the questions and none is left out. No questions give an empty result
 * with accuracy `null`.
 *
 * Questions that `answered` holds for the same space and the same answer key are not asked again, so an
 * evaluation cut short goes on where it was; rows lost to infrastructure are.
 *
 * @throws {AbortedError} when the signal fires
 * @throws {EvaluationError} when every question was lost to infrastructure or permissions
 * @throws {InvalidOptionError} for repeated question ids and numbers out of bounds
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluationResult> {
  const { questions, signal, clock = { now: () => new Date() } } = options;
  checkOptions(options);
  const judges = options.judges ?? structuralJudges();
  const startedAt = clock.now();
  const configHash = options.configHash ?? hashOf(options.space);
  const context: QuestionContext = {
    genie: options.workspace.genie,
    sql: options.workspace.sql,
    spaceId: options.spaceId,
    space: options.space,
    catalog: options.catalog,
    tables: knownTables(options),
    variables: options.variables ?? {},
    judges,
    cache: options.groundTruth ?? new GroundTruthCache(),
    facts: options.factsCache ?? new Map(),
    day: startedAt.toISOString().slice(0, 10),
    maxRows: options.maxRows ?? EVALUATION_DEFAULTS.maxRows,
    genieTimeoutMs: options.genieTimeoutMs ?? EVALUATION_DEFAULTS.genieTimeoutMs,
    requireOrder: options.requireOrder ?? false,
    signal,
    clock,
  };
  const rows = await askAll(questions, context, configHash, options, startedAt.getTime());
  const [first] = rows;
  if (
    first !== undefined &&
    rows.every(({ exclusion }) => exclusion !== null && OUTSIDE.has(exclusion.reason_code))
  ) {
    throw new EvaluationError(rows.length, first.exclusion?.reason_detail ?? 'an unknown reason');
  }
  return {
    iteration: options.iteration,
    scope: options.scope,
    started_at: startedAt.toISOString(),
    finished_at: clock.now().toISOString(),
    ...accuracyOf(rows),
    scores: judgeScores(rows),
    rows,
    benchmark_fingerprint: benchmarkFingerprint(questions),
    config_hash: configHash,
    degraded_judges: degradedJudges(rows),
    evaluator: 'native',
  };
}

async function askAll(
  questions: readonly Benchmark[],
  context: QuestionContext,
  configHash: string,
  options: EvaluateOptions,
  startedMs: number,
): Promise<readonly EvaluationRow[]> {
  const limit = pLimit(options.concurrency ?? EVALUATION_DEFAULTS.concurrency);
  const kept = await answeredBefore(questions, configHash, context, options.answered);
  const keptRows = [...kept.values()];
  const tally = {
    done: keptRows.length,
    correct: keptRows.filter(({ correct }) => correct === true).length,
    evaluated: keptRows.filter(({ correct }) => correct !== null).length,
  };
  // A question that is next in line starts before the failure of another is seen outside.
  const failure: { error?: unknown } = {};
  const evaluated = async (benchmark: Benchmark) => {
    try {
      return await evaluateQuestion(benchmark, context);
    } catch (error) {
      failure.error ??= error;
      throw error;
    }
  };
  const one = async (benchmark: Benchmark): Promise<EvaluationRow> => {
    throwIfAborted(context.signal);
    const before = kept.get(benchmark.id);
    if (before !== undefined) return before;
    if (failure.error !== undefined) throw failure.error;
    const { row, asked } = await evaluated(benchmark);
    if (asked)
      options.askPool?.add({
        config_hash: configHash,
        question_id: row.question_id,
        verdict: row.correct === null ? 'excluded' : row.correct ? 'pass' : 'fail',
      });
    options.onRow?.(row);
    tally.done += 1;
    tally.evaluated += row.correct === null ? 0 : 1;
    tally.correct += row.correct === true ? 1 : 0;
    options.onProgress?.({
      done: tally.done,
      total: questions.length,
      questionId: row.question_id,
      correct: row.correct,
      correctSoFar: tally.correct,
      evaluatedSoFar: tally.evaluated,
      excludedSoFar: tally.done - tally.evaluated,
      elapsedMs: context.clock.now().getTime() - startedMs,
    });
    return row;
  };
  try {
    return await Promise.all(questions.map((benchmark) => limit(one, benchmark)));
  } catch (error) {
    limit.clearQueue();
    throwIfAborted(context.signal);
    throw error;
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AbortedError('The evaluation', signal.reason);
}

function checkOptions({ questions, maxRows, concurrency, judges }: EvaluateOptions): void {
  const bounds = [
    ['maxRows', maxRows, 1_000_000],
    ['concurrency', concurrency, 64],
  ] as const;
  for (const [name, value, high] of bounds) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 1 && value <= high)) {
      throw new InvalidOptionError(name, `must be a whole number from 1 to ${high}, got ${value}`);
    }
  }
  rejectRepeated(
    'questions',
    questions.map(({ id }) => id),
  );
  rejectRepeated(
    'judges',
    (judges ?? []).map(({ name }) => name),
  );
}

function rejectRepeated(option: string, names: readonly string[]): void {
  const seen = new Set<string>();
  const repeated = names.find((name) => seen.size === seen.add(name).size);
  if (repeated !== undefined)
    throw new InvalidOptionError(option, `must not repeat '${repeated}'`, { repeated });
}

/** Columns that decide to which table a bare name belongs. */
function knownTables({ catalog, space }: Pick<EvaluateOptions, 'catalog' | 'space'>): KnownTable[] {
  const known = catalog.tables.map(({ name, columns }) => ({
    name,
    columns: columns.map((column) => column.name),
  }));
  const names = new Set(known.map(({ name }) => name.toLowerCase()));
  const described = dataSources(space)
    .filter(
      ({ identifier, column_configs }) =>
        !names.has(identifier.toLowerCase()) && (column_configs?.length ?? 0) > 0,
    )
    .map(({ identifier, column_configs }) => ({
      name: identifier,
      columns: (column_configs ?? []).map(({ column_name }) => column_name),
    }));
  return [...known, ...described];
}
