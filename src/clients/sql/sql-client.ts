import { AbortedError, InvalidOptionError, throwIfAborted } from '../../core/index.ts';
import type {
  CallOptions,
  Clock,
  Logger,
  SqlPort,
  StatementParameter,
  StatementResult,
} from '../../ports/index.ts';
import { type HttpClient, NotFoundError, path, type RetryMode } from '../http/index.ts';
import { defaultPollInterval, type PollInterval } from '../poll-interval.ts';
import { systemClock } from '../system/clock.ts';
import { untilSignal } from '../until-signal.ts';
import { explainError, SqlResultExpiredError, SqlTimeoutError } from './errors.ts';
import { isTerminal, succeeded, toStatementResult } from './finished-statement.ts';
import { type StatementWire, statementWireSchema } from './wire.ts';
import * as z from 'zod';

/** @see spec/databricks-apis.md §4 */
export const SQL_DEFAULTS = { timeoutMs: 300_000, waitTimeoutSeconds: 30, cancelTimeoutMs: 10_000 } as const;

export interface SqlClientOptions {
  readonly http: HttpClient;
  /** Id of the warehouse, or how to find it when the first statement runs. */
  readonly warehouseId: string | ((options: CallOptions) => Promise<string>);
  /** Limit of one statement unless told otherwise. */
  readonly timeoutMs?: number;
  /** `EXTERNAL_LINKS` for results over 25 MiB. */
  readonly disposition?: 'INLINE' | 'EXTERNAL_LINKS';
  readonly pollInterval?: PollInterval;
  readonly clock?: Clock;
  readonly logger?: Logger | undefined;
}

type ExecuteOptions = NonNullable<Parameters<SqlPort['execute']>[1]>;

const RUNNING = 'RUNNING';

/**
 * SQL statements on a warehouse over REST.
 *
 * @see spec/databricks-apis.md §4
 */
export class SqlClient implements SqlPort {
  readonly #http: HttpClient;
  readonly #options: SqlClientOptions;
  readonly #clock: Clock;
  readonly #pollInterval: PollInterval;

  constructor(options: SqlClientOptions) {
    this.#http = options.http;
    this.#options = options;
    this.#clock = options.clock ?? systemClock();
    this.#pollInterval = options.pollInterval ?? defaultPollInterval;
  }

  async execute(statement: string, options: ExecuteOptions = {}): Promise<StatementResult> {
    if (statement.trim() === '') throw new InvalidOptionError('statement', 'must not be empty');
    if (options.rowLimit !== undefined && !(Number.isInteger(options.rowLimit) && options.rowLimit > 0)) {
      throw new InvalidOptionError('rowLimit', 'must be a whole number above 0', {
        rowLimit: options.rowLimit,
      });
    }
    const timeoutMs = options.timeoutMs ?? this.#options.timeoutMs ?? SQL_DEFAULTS.timeoutMs;
    const startedAt = this.#now();
    const first = await this.#start(statement, timeoutMs, options);
    const finished = await this.#waitForEnd(first, { startedAt, timeoutMs, signal: options.signal });
    const result = await toStatementResult(this.#http, finished, options);
    const hidden = explainError(statement, finished.statement_id, result.rows);
    if (hidden !== null) throw hidden;
    return result;
  }

  async resultOf(statementId: string, options: CallOptions = {}): Promise<StatementResult> {
    try {
      const timeoutMs = this.#options.timeoutMs ?? SQL_DEFAULTS.timeoutMs;
      const current = await this.#get(statementId, options);
      // Not ours: when our patience ends, the statement goes on.
      const finished = await this.#waitForEnd(
        current,
        { startedAt: this.#now(), timeoutMs, signal: options.signal },
        false,
      );
      return await toStatementResult(this.#http, finished, options);
    } catch (error) {
      if (error instanceof NotFoundError) throw new SqlResultExpiredError(statementId, error);
      throw error;
    }
  }

  /** Asks the server to stop a statement; returns before it has stopped. */
  async cancel(statementId: string, options: CallOptions = {}): Promise<void> {
    await this.#http.request({
      ...options,
      method: 'POST',
      path: path`/api/2.0/sql/statements/${statementId}/cancel`,
      schema: z.unknown(),
      retry: 'safe',
      timeoutMs: SQL_DEFAULTS.cancelTimeoutMs,
    });
  }

  /**
   * Sends the statement. Its request is not tied to the caller's signal: cancelled before the server has named the
   * statement, it could not be stopped there and would run on unseen.
   */
  async #start(statement: string, timeoutMs: number, options: ExecuteOptions): Promise<StatementWire> {
    const { signal } = options;
    const { warehouseId } = this.#options;
    const warehouse = typeof warehouseId === 'string' ? warehouseId : await warehouseId({ signal });
    throwIfAborted(signal, 'The statement');
    const waitSeconds = Math.max(5, Math.min(SQL_DEFAULTS.waitTimeoutSeconds, Math.ceil(timeoutMs / 1000)));
    const answer = this.#http.request({
      method: 'POST',
      path: path`/api/2.0/sql/statements`,
      json: {
        statement,
        warehouse_id: warehouse,
        wait_timeout: `${waitSeconds}s`,
        on_wait_timeout: 'CONTINUE',
        disposition: this.#options.disposition ?? 'INLINE',
        format: 'JSON_ARRAY',
        ...(options.rowLimit === undefined ? {} : { row_limit: options.rowLimit }),
        ...(options.parameters === undefined || options.parameters.length === 0
          ? {}
          : { parameters: options.parameters.map(toWireParameter) }),
      },
      schema: statementWireSchema,
      retry: retryModeOf(statement),
    });
    return untilSignal(answer, signal, () => {
      // A late failure concerns nobody: there is no statement to stop.
      void answer.then((late) => this.#cancelQuietly(late.statement_id)).catch(() => {});
      return new AbortedError('The statement', signal?.reason);
    });
  }

  async #waitForEnd(
    first: StatementWire,
    wait: CallOptions & { readonly startedAt: number; readonly timeoutMs: number },
    cancelWhenGivingUp = true,
  ): Promise<StatementWire> {
    let statement = first;
    const id = first.statement_id;
    try {
      while (!isTerminal(statement)) {
        const elapsed = this.#now() - wait.startedAt;
        if (elapsed >= wait.timeoutMs)
          throw new SqlTimeoutError(
            id,
            wait.timeoutMs,
            statement.status.state || RUNNING,
            cancelWhenGivingUp,
          );
        await this.#clock.sleep(Math.min(this.#pollInterval(elapsed), wait.timeoutMs - elapsed), {
          signal: wait.signal,
        });
        statement = await this.#get(id, wait);
      }
    } catch (error) {
      // Whatever ended our waiting, nobody will read the result any more.
      if (cancelWhenGivingUp) await this.#cancelQuietly(id);
      throwIfAborted(wait.signal, 'The statement');
      throw error;
    }
    return succeeded(statement);
  }

  async #get(statementId: string, { signal }: CallOptions): Promise<StatementWire> {
    return this.#http.request({
      signal,
      method: 'GET',
      path: path`/api/2.0/sql/statements/${statementId}`,
      schema: statementWireSchema,
    });
  }

  /** Stopping is a courtesy to the warehouse: its failure is reported to the logger and changes no outcome. */
  async #cancelQuietly(statementId: string): Promise<void> {
    try {
      await this.cancel(statementId);
    } catch (error) {
      this.#options.logger?.warn(`Statement ${statementId} could not be cancelled and may run on.`, {
        error,
      });
    }
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}

/** Named markers only; NULL is expressed by leaving the value out. */
const toWireParameter = ({ name, value, type }: StatementParameter): Record<string, string> => ({
  name,
  ...(value === null ? {} : { value }),
  ...(type === undefined ? {} : { type }),
});

/** A statement that only reads may be sent again after a broken connection; any other only when it was refused. */
function retryModeOf(statement: string): RetryMode {
  return /^[\s(]*(?:SELECT|EXPLAIN|DESCRIBE|DESC|SHOW|VALUES)\b/i.test(statement) ? 'safe' : 'rejected';
}
