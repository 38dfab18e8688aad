import type { CatalogSnapshot, StatementParameter } from '../../ports/index.ts';
import { quoteIdentifier, quoteName } from '../../core/index.ts';
import { parseSql } from '../../sql/index.ts';
import { snapshotOf } from '../catalog/catalog-snapshot.ts';
import { CatalogModel } from '../catalog/catalog-model.ts';
import type { NameScope } from '../catalog/catalog-model.ts';
import { CatalogWriter } from '../catalog/catalog-writer.ts';
import { informationSchemaSql } from '../catalog/information-schema.ts';
import { parseDdl } from '../catalog/parse-ddl.ts';
import { Duckdb } from './duckdb.ts';
import type { DuckdbColumn } from './duckdb.ts';
import { INFORMATION_SCHEMA } from './physical-names.ts';
import { metadataRows } from './metadata-statements.ts';
import { mapDuckdbError } from './map-duckdb-error.ts';
import { renderCell } from './render-value.ts';
import { DatabricksSqlError, catalogNotFound, engineLimit, schemaNotFound } from './sql-error.ts';
import { translateQuery } from './translate.ts';
import type { Translation } from './translate.ts';

export interface ExecuteOptions {
  readonly parameters?: readonly StatementParameter[] | undefined;
  readonly catalog?: string | undefined;
  readonly schema?: string | undefined;
  /** More rows are cut off and `truncated` is set. */
  readonly rowLimit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Rows as the SQL API prints them. Statements without a result have no columns. */
export interface SqlResult {
  readonly columns: readonly DuckdbColumn[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly truncated: boolean;
}

const GRANTS_NOTE = 'Ignored: the embedded workspace has one user, who may do everything.';

const NO_RESULT: SqlResult = { columns: [], rows: [], truncated: false };
const EXPLAIN = /^\s*EXPLAIN(?:\s+(?:EXTENDED|FORMATTED|COST|CODEGEN))?\s+/i;
const TEXT = { kind: 'simple', name: 'STRING' } as const;
const cut = <T>(rows: readonly T[], limit = rows.length) => ({
  rows: rows.slice(0, limit),
  truncated: rows.length > limit,
});
const DEFAULT_NAMES: NameScope = { catalog: 'main', schema: 'default' };

/** Databricks SQL over an embedded DuckDB: queries, DDL and the catalog behind them. */
export class SqlEngine {
  readonly model: CatalogModel;
  readonly #duckdb: Duckdb;
  readonly #writer: CatalogWriter;
  /** Version of the catalog that the information_schema tables show. */
  #shownVersion = -1;
  #values = new Map<string, readonly string[]>();
  #valuesVersion = -1;

  private constructor(duckdb: Duckdb) {
    this.#duckdb = duckdb;
    this.model = new CatalogModel();
    this.#writer = new CatalogWriter(this.model, duckdb);
  }

  /** @param today - see {@link Duckdb.open} */
  static async open(today: string | null): Promise<SqlEngine> {
    // The first parse loads the parser, which takes as long as opening the database.
    const [duckdb] = await Promise.all([Duckdb.open(today), parseSql('SELECT 1')]);
    return new SqlEngine(duckdb);
  }

  /** The database itself, for loading data files before {@link lock}. */
  get duckdb(): Duckdb {
    return this.#duckdb;
  }

  lock(): Promise<void> {
    return this.#duckdb.lock();
  }

  close(): Promise<void> {
    return this.#duckdb.close();
  }

  snapshot(): CatalogSnapshot {
    return snapshotOf(this.model);
  }

  /** Whether a text changes the catalog or its data. @throws {DatabricksSqlError} when it cannot be read */
  static changesSomething(sql: string): boolean {
    return parseDdl(sql) !== null;
  }

  /**
   * Runs one statement.
   *
   * @throws {DatabricksSqlError} with the error class a real workspace gives, or saying that the embedded engine is too small
   */
  async execute(sql: string, options: ExecuteOptions = {}): Promise<SqlResult> {
    const names: NameScope = {
      catalog: options.catalog ?? DEFAULT_NAMES.catalog,
      schema: options.schema ?? DEFAULT_NAMES.schema,
    };
    const explained = EXPLAIN.exec(sql);
    if (explained !== null) return this.#explain(sql.slice(explained[0].length), names, options);
    const ddl = parseDdl(sql);
    if (ddl !== null) {
      const affected = await this.#writer.apply(ddl, names, options.parameters);
      const count = String(affected);
      const type = { kind: 'simple', name: 'BIGINT' } as const;
      if (ddl.kind === 'update' || ddl.kind === 'delete')
        return { columns: [{ name: 'num_affected_rows', type }], rows: [[count]], truncated: false };
      if (ddl.kind === 'ignored' && ddl.what === 'grants')
        return { columns: [{ name: 'note', type: TEXT }], rows: [[GRANTS_NOTE]], truncated: false };
      if (ddl.kind !== 'insert') return NO_RESULT;
      return {
        columns: [
          { name: 'num_affected_rows', type },
          { name: 'num_inserted_rows', type },
        ],
        rows: [[count, count]],
        truncated: false,
      };
    }
    const metadata = metadataRows(sql, this.model, names);
    if (metadata !== null) {
      const columns = metadata.columns.map((name) => ({ name, type: TEXT }));
      const { rows, truncated } = cut(metadata.rows, options.rowLimit);
      return { columns, rows, truncated };
    }
    if (/^\s*(?:SET|CALL|CACHE|REFRESH|MSCK|COPY|DECLARE|EXECUTE|BEGIN)\b/i.test(sql)) {
      throw engineLimit(`The statement ${sql.trim().split(/\s+/)[0]?.toUpperCase() ?? ''}`);
    }
    const translation = await translateQuery(sql, { model: this.model, names }, options.parameters);
    return this.#run(translation, options);
  }

  /** Where a script stands: USE statements change it, other statements run under it. */
  async executeIn(sql: string, names: NameScope): Promise<NameScope> {
    const ddl = parseDdl(sql);
    if (ddl?.kind !== 'use') {
      await this.execute(sql, { catalog: names.catalog, schema: names.schema });
      return names;
    }
    const [first = '', second] = ddl.name;
    if (ddl.target === 'catalog') {
      if (this.model.catalog(first) === null) throw catalogNotFound(first);
      return { catalog: first, schema: 'default' };
    }
    const next =
      second === undefined ? { catalog: names.catalog, schema: first } : { catalog: first, schema: second };
    if (this.model.schema(next.catalog, next.schema) === null)
      throw schemaNotFound(`${next.catalog}.${next.schema}`);
    return next;
  }

  /**
   * Distinct values of a column as the SQL API prints them, sorted, without NULL; cached until
   * something changes. A table or column that does not exist has none.
   */
  async distinct(table: string, columnName: string, limit: number): Promise<readonly string[]> {
    if (this.#valuesVersion !== this.model.version) this.#values = new Map();
    this.#valuesVersion = this.model.version;
    const key = JSON.stringify([table.toLowerCase(), columnName.toLowerCase(), limit]);
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const column = quoteIdentifier(columnName);
    const sql = `SELECT ${column} FROM ${quoteName(table)} WHERE ${column} IS NOT NULL GROUP BY ${column} ORDER BY ${column} LIMIT ${Math.max(0, Math.trunc(limit))}`;
    const values = await this.#firstColumn(sql);
    this.#values.set(key, values);
    return values;
  }

  async #firstColumn(sql: string): Promise<string[]> {
    try {
      const { rows } = await this.execute(sql);
      return rows.map((row) => row[0] ?? '');
    } catch (error) {
      if (
        error instanceof DatabricksSqlError &&
        /^(?:TABLE_OR_VIEW_NOT_FOUND|UNRESOLVED_COLUMN|METRIC_VIEW)/.test(error.errorClass)
      )
        return [];
      throw error;
    }
  }

  /** A syntax error fails; an error of meaning is the text of the plan, as Databricks answers it. */
  async #explain(sql: string, names: NameScope, options: ExecuteOptions): Promise<SqlResult> {
    const plan = (text: string): SqlResult => ({
      columns: [{ name: 'plan', type: { kind: 'simple', name: 'STRING' } }],
      rows: [[text]],
      truncated: false,
    });
    try {
      const translation = await translateQuery(sql, { model: this.model, names }, options.parameters);
      await this.#run({ ...translation, sql: `EXPLAIN ${translation.sql}` });
      return plan('== Physical Plan ==\nEmbeddedEngine');
    } catch (error) {
      if (!(error instanceof DatabricksSqlError) || error.errorClass === 'PARSE_SYNTAX_ERROR') throw error;
      return plan(`Error occurred during query planning: \n${error.message}`);
    }
  }

  async #run(translation: Translation, options: ExecuteOptions = {}): Promise<SqlResult> {
    try {
      if (translation.usesInformationSchema && this.#shownVersion !== this.model.version) {
        await this.#duckdb.run(informationSchemaSql(this.model, INFORMATION_SCHEMA));
        this.#shownVersion = this.model.version;
      }
      const result = await this.#duckdb.query(translation.sql, {
        rowLimit: options.rowLimit,
        signal: options.signal,
      });
      return {
        columns: result.columns,
        rows: result.rows.map((row) =>
          row.map((cell, index) =>
            renderCell(cell, result.columns[index]?.type ?? { kind: 'simple', name: 'STRING' }),
          ),
        ),
        truncated: result.truncated,
      };
    } catch (cause) {
      throw mapDuckdbError(cause, translation.seen);
    }
  }
}
