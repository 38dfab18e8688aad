import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../core/index.ts';
import type { SqlEngine } from '../engine/sql-engine.ts';
import type { ExecuteOptions, SqlResult } from '../engine/sql-engine.ts';
import { DatabricksSqlError } from '../engine/sql-error.ts';
import { notFound } from './api-error.ts';
import type { StatementFault } from './faults.ts';

export type StatementState = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELED' | 'CLOSED';

/** One statement of the SQL API, running or done. */
export interface Statement {
  readonly statementId: string;
  state: StatementState;
  result: SqlResult | null;
  error: DatabricksSqlError | null;
  /** Settles when the statement has ended, never rejects. */
  ended: Promise<void>;
  readonly cancel: AbortController;
}

/** Statements kept for reading their results; the oldest are forgotten. */
export const MAX_STATEMENTS = 2_000;

export class StatementStore {
  readonly #engine: SqlEngine;
  readonly #nextFault: (sql: string) => StatementFault | null;
  readonly #statements = new Map<string, Statement>();

  /** @param nextFault - asked at every start of a statement */
  constructor(engine: SqlEngine, nextFault: (sql: string) => StatementFault | null = () => null) {
    this.#engine = engine;
    this.#nextFault = nextFault;
  }

  /** Begins a statement; it goes on by itself. */
  start(sql: string, options: ExecuteOptions): Statement {
    const statement: Statement = {
      statementId: randomUUID(),
      state: 'PENDING',
      result: null,
      error: null,
      cancel: new AbortController(),
      ended: Promise.resolve(),
    };
    statement.ended = this.#run(statement, sql, options);
    this.#statements.set(statement.statementId, statement);
    const [oldest] = this.#statements.keys();
    if (this.#statements.size > MAX_STATEMENTS && oldest !== undefined) this.#statements.delete(oldest);
    return statement;
  }

  /** @throws {ApiError} 404 */
  get(statementId: string): Statement {
    const statement = this.#statements.get(statementId);
    if (statement === undefined) throw notFound(`The statement ${statementId} was not found.`);
    return statement;
  }

  cancel(statementId: string): void {
    const statement = this.get(statementId);
    if (statement.state !== 'PENDING' && statement.state !== 'RUNNING') return;
    statement.state = 'CANCELED';
    statement.cancel.abort();
  }

  async #run(statement: Statement, sql: string, options: ExecuteOptions): Promise<void> {
    const fault = this.#nextFault(sql);
    // One turn later, so that a client that does not wait sees PENDING.
    await nextTurn();
    if (isOver(statement)) return;
    statement.state = 'RUNNING';
    try {
      if (fault?.kind === 'slow_statement') await delay(fault.ms, null, { signal: statement.cancel.signal });
      if (fault?.kind === 'statement_failure') throw failureOf(fault);
      const result = await this.#engine.execute(sql, { ...options, signal: statement.cancel.signal });
      if (isOver(statement)) return;
      statement.result = result;
      statement.state = 'SUCCEEDED';
    } catch (error) {
      if (isOver(statement)) return;
      statement.error = error instanceof DatabricksSqlError ? error : unexpected(error);
      statement.state = 'FAILED';
    }
  }
}

/** A separate function, because the state changes while the statement waits. */
const isOver = (statement: Statement): boolean =>
  statement.state === 'CANCELED' || statement.state === 'CLOSED';

const failureOf = (fault: Extract<StatementFault, { kind: 'statement_failure' }>): DatabricksSqlError =>
  new DatabricksSqlError(
    fault.errorClass ?? 'INTERNAL_ERROR',
    fault.sqlState ?? 'XX000',
    fault.message ?? 'Fault on demand.',
  );

const unexpected = (error: unknown): DatabricksSqlError =>
  new DatabricksSqlError('INTERNAL_ERROR', 'XX000', messageOf(error), {
    cause: error,
  });
