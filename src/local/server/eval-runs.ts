import { newId } from '../new-id.ts';
import type { Space } from '../../spaces/index.ts';
import { textOf } from '../../spaces/index.ts';
import { invalidParameter, notFound } from './api-error.ts';
import { assess } from './eval-comparator.ts';
import type { EvalSide, EvalVerdict } from './eval-comparator.ts';
import type { GenieAnswers } from './genie-answers.ts';
import type { Statement, StatementStore } from './statement-store.ts';

export type EvalRunStatus = 'NOT_STARTED' | 'RUNNING' | 'DONE' | 'EVALUATION_FAILED' | 'EVALUATION_CANCELLED';

/** One question of a run; question and answer key are those of the moment the run was made. */
export interface EvalResultEntry {
  readonly resultId: string;
  readonly benchmarkQuestionId: string;
  readonly question: string;
  /** `null` when the benchmark has no SQL answer. */
  readonly expectedSql: string | null;
  status: EvalRunStatus;
  verdict: EvalVerdict | null;
  actualSql: string | null;
  actualText: string | null;
  actualStatement: Statement | null;
  expectedStatement: Statement | null;
}

/** A run over the benchmark questions of one space. */
export interface EvalRunEntry {
  readonly evalRunId: string;
  readonly spaceId: string;
  readonly results: readonly EvalResultEntry[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  updatedAt: number;
  status: EvalRunStatus;
}

/** Rows compared at most. */
const COMPARED_ROWS = 5_000;

/** Evaluation runs of all spaces: one question at a time, one run after the other. */
export class EvalRuns {
  readonly #runs = new Map<string, EvalRunEntry>();
  readonly #answers: GenieAnswers;
  readonly #statements: StatementStore;
  readonly #now: () => Date;
  #queue: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(answers: GenieAnswers, statements: StatementStore, now: () => Date) {
    this.#answers = answers;
    this.#statements = statements;
    this.#now = now;
  }

  /** @param questionIds - `undefined` for all. @throws {ApiError} 400 for an unknown question or none at all */
  create(spaceId: string, space: Space, questionIds: readonly string[] | undefined): EvalRunEntry {
    const time = this.#now().getTime();
    const run: EvalRunEntry = {
      evalRunId: newId(),
      spaceId,
      results: chosenQuestions(space, questionIds),
      createdAt: time,
      updatedAt: time,
      status: 'NOT_STARTED',
    };
    this.#runs.set(run.evalRunId, run);
    this.#queue = this.#queue.then(() => this.#work(run, space));
    return run;
  }

  /** Newest first. */
  list(spaceId: string): EvalRunEntry[] {
    return [...this.#runs.values()].filter((run) => run.spaceId === spaceId).reverse();
  }

  /** @throws {ApiError} 404 */
  get(spaceId: string, evalRunId: string): EvalRunEntry {
    const run = this.#runs.get(evalRunId);
    if (run === undefined || run.spaceId !== spaceId)
      throw notFound(`Evaluation run ${evalRunId} does not exist in space ${spaceId}.`);
    return run;
  }

  /** @throws {ApiError} 404 */
  result(spaceId: string, evalRunId: string, resultId: string): EvalResultEntry {
    const found = this.get(spaceId, evalRunId).results.find((result) => result.resultId === resultId);
    if (found === undefined)
      throw notFound(`Evaluation result ${resultId} does not exist in run ${evalRunId}.`);
    return found;
  }

  /** Ends after the question in hand; what was not asked is CANCELLED. */
  stop(): Promise<void> {
    this.#stopped = true;
    return this.#queue;
  }

  async #work(run: EvalRunEntry, space: Space): Promise<void> {
    if (!this.#stopped) run.status = 'RUNNING';
    for (const result of run.results) {
      if (this.#stopped) {
        result.status = 'EVALUATION_CANCELLED';
        continue;
      }
      result.status = 'RUNNING';
      await this.#evaluate(run.spaceId, space, result);
      result.status = 'DONE';
      run.updatedAt = this.#now().getTime();
    }
    run.status = this.#stopped ? 'EVALUATION_CANCELLED' : 'DONE';
  }

  /** Never rejects: an answer that failed is an answer without a result. */
  async #evaluate(spaceId: string, space: Space, result: EvalResultEntry): Promise<void> {
    const outcome = await this.#answers.answer(spaceId, space, result.question);
    for (const attachment of outcome.attachments) {
      if (attachment.kind === 'text') result.actualText = attachment.content;
      else {
        result.actualSql = attachment.sql;
        result.actualStatement =
          attachment.statementId === null ? null : this.#statements.get(attachment.statementId);
      }
    }
    if (result.expectedSql !== null) {
      result.expectedStatement = this.#statements.start(result.expectedSql, { rowLimit: COMPARED_ROWS });
      await result.expectedStatement.ended;
    }
    result.verdict = assess(
      side(result.actualSql, result.actualStatement),
      side(result.expectedSql, result.expectedStatement),
    );
  }
}

const side = (sql: string | null, statement: Statement | null): EvalSide => ({
  sql,
  result: statement?.result ?? null,
});

function chosenQuestions(space: Space, ids: readonly string[] | undefined): EvalResultEntry[] {
  const all = space.benchmarks?.questions ?? [];
  const unknown = ids?.find((id) => !all.some((question) => question.id === id));
  if (unknown !== undefined)
    throw invalidParameter(`Benchmark question ${unknown} does not exist in the space.`);
  const chosen = ids === undefined || ids.length === 0 ? all : all.filter(({ id }) => ids.includes(id));
  if (chosen.length === 0) throw invalidParameter('The space has no benchmark questions to evaluate.');
  return chosen.map(({ id, question, answer }) => ({
    resultId: newId(),
    benchmarkQuestionId: id,
    question: textOf(question),
    expectedSql: sqlOf(answer),
    status: 'NOT_STARTED',
    verdict: null,
    actualSql: null,
    actualText: null,
    actualStatement: null,
    expectedStatement: null,
  }));
}

function sqlOf(
  answers: readonly { readonly format: string; readonly content: readonly string[] }[],
): string | null {
  const answer = answers.find(({ format }) => format === 'SQL');
  const text = textOf(answer?.content).trim();
  return text === '' ? null : text;
}
