import type * as DuckDbModule from '@duckdb/node-api';
import { AbortedError, MissingPeerError } from '../../core/index.ts';
import { MACROS } from './compat-macros.ts';
import { FUNCTION_PREFIX } from './function-catalog.ts';
import { fromDuckdbType } from './types.ts';
import type { SqlType } from './types.ts';

type DuckDb = typeof DuckDbModule;
type Connection = Awaited<ReturnType<Awaited<ReturnType<DuckDb['DuckDBInstance']['create']>>['connect']>>;

export interface DuckdbColumn {
  readonly name: string;
  readonly type: SqlType;
}

export interface DuckdbResult {
  readonly columns: readonly DuckdbColumn[];
  readonly rows: readonly (readonly unknown[])[];
  /** More rows exist than were asked for. */
  readonly truncated: boolean;
}

export interface QueryOptions {
  readonly rowLimit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const INTERRUPT_EVERY_MS = 20;

const SETTINGS = [
  `SET lambda_syntax='ENABLE_SINGLE_ARROW'`,
  `SET timezone='UTC'`,
  `SET default_null_order='nulls_first_on_asc_last_on_desc'`,
  // One thread: rows without ORDER BY come in the same order at every run, and sums of doubles are the same.
  `SET threads=1`,
  `SET preserve_insertion_order=true`,
];

async function loadDuckdb(): Promise<DuckDb> {
  try {
    return await import('@duckdb/node-api');
  } catch (cause) {
    throw new MissingPeerError('@duckdb/node-api', 'The embedded workspace', cause);
  }
}

/** One DuckDB database in memory behind one connection; statements run one after the other. */
export class Duckdb {
  readonly #connection: Connection;
  readonly #closeInstance: () => void;
  #tail: Promise<unknown> = Promise.resolve();
  readonly #closing = new AbortController();

  private constructor(connection: Connection, closeInstance: () => void) {
    this.#connection = connection;
    this.#closeInstance = closeInstance;
  }

  /**
   * Opens a database with the compatibility macros.
   *
   * @param today - what `current_date()` answers, YYYY-MM-DD; `current_timestamp()` is noon UTC of that
   *   day. `null` for the real time
   * @throws {MissingPeerError} when DuckDB is not installed
   */
  static async open(today: string | null): Promise<Duckdb> {
    const { DuckDBInstance } = await loadDuckdb();
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const macros = Object.entries(MACROS).map(
      ([name, bodies]) => `CREATE MACRO ${FUNCTION_PREFIX}${name}${bodies.join(', ')}`,
    );
    const clock = [
      `CREATE MACRO dbx_today() AS ${today === null ? 'current_date' : `DATE '${today}'`}`,
      `CREATE MACRO dbx_now() AS ${today === null ? `CAST(now() AS TIMESTAMP)` : `TIMESTAMP '${today} 12:00:00'`}`,
    ];
    await connection.run([...SETTINGS, ...clock, ...macros].join(';\n'));
    return new Duckdb(connection, () => instance.closeSync());
  }

  /** No statement can reach files, the network or the settings after this. */
  async lock(): Promise<void> {
    await this.run(`SET enable_external_access=false; SET lock_configuration=true`);
  }

  /**
   * Runs one statement and reads at most `rowLimit` rows. Errors of DuckDB come as they are.
   *
   * @throws {AbortedError} when the signal ends it
   */
  query(
    sql: string,
    { rowLimit = Number.MAX_SAFE_INTEGER, signal }: QueryOptions = {},
  ): Promise<DuckdbResult> {
    return this.#serially(signal, async () => {
      const reader = await this.#connection.streamAndReadUntil(
        sql,
        rowLimit === Number.MAX_SAFE_INTEGER ? rowLimit : rowLimit + 1,
      );
      const types = reader.columnTypes().map((type) => fromDuckdbType(String(type)));
      const columns = reader
        .columnNames()
        .map((name, index) => ({ name, type: types[index] ?? { kind: 'simple' as const, name: 'STRING' } }));
      const rows = reader.getRows() as readonly (readonly unknown[])[];
      return {
        columns,
        rows: rows.length > rowLimit ? rows.slice(0, rowLimit) : rows,
        truncated: rows.length > rowLimit,
      };
    });
  }

  /** Runs statements for their effect. */
  run(sql: string): Promise<void> {
    return this.#serially(undefined, async () => {
      await this.#connection.run(sql);
    });
  }

  /** Stops the running statement and closes; safe to call twice. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await this.#tail;
    this.#connection.closeSync();
    this.#closeInstance();
  }

  #serially<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const ending =
      signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
    const result = this.#tail.then(() => this.#interruptible(ending, work));
    // The queue goes on after a failure; the failure itself reaches the caller through `result`.
    this.#tail = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  async #interruptible<T>(ending: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (ending.aborted) throw new AbortedError('The statement');
    // DuckDB forgets an interrupt that comes before the statement is under way, so it is repeated.
    let repeat: NodeJS.Timeout | undefined;
    const interrupt = () => {
      this.#connection.interrupt();
      repeat ??= setInterval(() => this.#connection.interrupt(), INTERRUPT_EVERY_MS);
    };
    ending.addEventListener('abort', interrupt, { once: true });
    try {
      return await work();
    } catch (cause) {
      throw ending.aborted ? new AbortedError('The statement', cause) : cause;
    } finally {
      ending.removeEventListener('abort', interrupt);
      clearInterval(repeat);
    }
  }
}
