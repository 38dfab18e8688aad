import { hashOf, InvalidOptionError } from '../core/index.ts';
import { structuralJudges, type Judge } from '../judges/index.ts';
import type { Clock, Workspace } from '../ports/index.ts';
import type { SqlFactsCache, TemplateVariables } from '../sql/index.ts';
import type { AnswerCache } from './answer-cache.ts';
import { askGenie, type QuestionContext } from './ask-genie.ts';
import type { AskPool } from './ask-pool.ts';
import type { EvaluationResult } from './evaluation-result.ts';
import type { EvaluationRequest } from './evaluator.ts';
import { knownTables } from './known-tables.ts';
import { answeredBefore } from './answered-before.ts';
import { GroundTruthCache } from './ground-truth-cache.ts';
import { DEFAULT_CONCURRENCY, evaluateWith } from './harness.ts';

/** Defaults of {@link evaluate}. @see spec/evaluation.md §2 */
export const EVALUATION_DEFAULTS = {
  maxRows: 5000,
  concurrency: DEFAULT_CONCURRENCY,
  genieTimeoutMs: 120_000,
} as const;

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
  /** Answers to take instead of asking again; new ones are put there. Default: every question is asked. */
  readonly answers?: AnswerCache | undefined;
  /** Every ask is recorded here. */
  readonly askPool?: AskPool | undefined;
  readonly clock?: Pick<Clock, 'now'> | undefined;
}

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
  checkMaxRows(options.maxRows);
  const judges = options.judges ?? structuralJudges();
  const configHash = options.configHash ?? hashOf(options.space);
  const tables = knownTables(options.catalog, options.space);
  const context: QuestionContext = {
    genie: options.workspace.genie,
    sql: options.workspace.sql,
    spaceId: options.spaceId,
    space: options.space,
    catalog: options.catalog,
    tables,
    variables: options.variables ?? {},
    cache: options.groundTruth ?? new GroundTruthCache(),
    facts: options.factsCache ?? new Map(),
    tablesKey: hashOf(tables),
    day: clock.now().toISOString().slice(0, 10),
    maxRows: options.maxRows ?? EVALUATION_DEFAULTS.maxRows,
    genieTimeoutMs: options.genieTimeoutMs ?? EVALUATION_DEFAULTS.genieTimeoutMs,
    requireOrder: options.requireOrder ?? false,
    configHash,
    answers: options.answers,
    signal,
    clock,
  };
  return evaluateWith({
    questions,
    scope: options.scope,
    iteration: options.iteration,
    onRow: options.onRow,
    onProgress: options.onProgress,
    signal,
    predict: (benchmark) => askGenie(benchmark, context),
    judges,
    configHash,
    concurrency: options.concurrency,
    kept: await answeredBefore(questions, configHash, { ...context, judges }, options.answered),
    askPool: options.askPool,
    clock,
    evaluator: 'native',
  });
}

function checkMaxRows(maxRows: number | undefined): void {
  if (maxRows !== undefined && !(Number.isInteger(maxRows) && maxRows >= 1 && maxRows <= 1_000_000))
    throw new InvalidOptionError('maxRows', `must be a whole number from 1 to 1000000, got ${maxRows}`);
}
