import { duckdbLiteral } from './engine/physical-names.ts';
import { messageOf, OptimizerError } from '../core/index.ts';
import type { Duckdb } from './engine/duckdb.ts';
import { SqlEngine } from './engine/sql-engine.ts';
import { StateFileError } from './errors.ts';
import type { Documents } from './mlflow/collection.ts';
import type { LoadedSample } from './samples/load-sample.ts';
import type { SpaceStore, StoredSpace } from './server/space-store.ts';

/** Where changes of a workspace are kept. */
export interface StateFile {
  /** Keeps a statement that changed the catalog; queries are ignored. */
  record(
    sql: string,
    names: { readonly catalog?: string | undefined; readonly schema?: string | undefined },
  ): Promise<void>;
  /** What MLflow holds. */
  readonly documents: Documents;
  close(): Promise<void>;
}

const text = (value: string | null): string => (value === null ? 'NULL' : duckdbLiteral(value));

/**
 * Opens the DuckDB file that keeps a workspace over restarts, and brings sample and spaces to its state.
 *
 * The file holds the spaces as they are and the statements that changed the catalog, in order; a write
 * is in the file before its request is answered.
 * @throws {StateFileError} when the file is in use, damaged, or of another sample
 */
export async function openStateFile(
  file: string,
  sample: LoadedSample,
  spaces: SpaceStore,
): Promise<StateFile> {
  const { duckdb } = sample.engine;
  try {
    await duckdb.run(`ATTACH ${text(file)} AS dbx_state`);
    await duckdb.run(`
      CREATE TABLE IF NOT EXISTS dbx_state.main.meta (format INTEGER, sample VARCHAR, content_hash VARCHAR);
      CREATE TABLE IF NOT EXISTS dbx_state.main.statements (position INTEGER, statement VARCHAR, catalog_name VARCHAR, schema_name VARCHAR);
      CREATE TABLE IF NOT EXISTS dbx_state.main.spaces (space_id VARCHAR PRIMARY KEY, trashed BOOLEAN, title VARCHAR, description VARCHAR, warehouse_id VARCHAR, parent_path VARCHAR, serialized_space VARCHAR);
      CREATE TABLE IF NOT EXISTS dbx_state.main.documents (kind VARCHAR, id VARCHAR, position BIGINT, body VARCHAR, PRIMARY KEY (kind, id))`);
  } catch (cause) {
    const message = messageOf(cause);
    const problem = /(?:set|conflicting) lock/i.test(message)
      ? 'another process uses it. End that process, or pass another stateFile.'
      : `it cannot be opened as a state file (${message.split('\n')[0] ?? ''}). Delete it to start anew, or pass another stateFile.`;
    throw new StateFileError(file, problem, cause);
  }
  await checkSample(file, sample);
  await replay(file, sample, spaces);
  spaces.listener = (spaceId, space) => duckdb.run(upsert(spaceId, space));
  let position = Number(
    (await duckdb.query('SELECT coalesce(max(position), 0) FROM dbx_state.main.statements')).rows[0]?.[0] ??
      0,
  );
  return {
    record: async (sql, names) => {
      if (!SqlEngine.changesSomething(sql)) return;
      await duckdb.run(
        `INSERT INTO dbx_state.main.statements VALUES (${++position}, ${text(sql)}, ${text(names.catalog ?? null)}, ${text(names.schema ?? null)})`,
      );
    },
    documents: await documentsIn(duckdb),
    close: () => duckdb.run('CHECKPOINT dbx_state'),
  };
}

async function documentsIn(duckdb: Duckdb): Promise<Documents> {
  const { rows } = await duckdb.query('SELECT coalesce(max(position), 0) FROM dbx_state.main.documents');
  let last = Number(rows[0]?.[0] ?? 0);
  return {
    load: async (kind) => {
      const found = await duckdb.query(
        `SELECT id, body FROM dbx_state.main.documents WHERE kind = ${text(kind)} ORDER BY position`,
      );
      return found.rows.map(([id, body]) => [String(id), String(body)]);
    },
    save: (kind, id, body) =>
      duckdb.run(
        body === null
          ? `DELETE FROM dbx_state.main.documents WHERE kind = ${text(kind)} AND id = ${text(id)}`
          : `INSERT INTO dbx_state.main.documents VALUES (${text(kind)}, ${text(id)}, ${(last += 1)}, ${text(body)}) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body`,
      ),
  };
}

async function checkSample(file: string, sample: LoadedSample): Promise<void> {
  const { duckdb } = sample.engine;
  const [row] = (await duckdb.query('SELECT format, sample, content_hash FROM dbx_state.main.meta')).rows;
  if (row === undefined) {
    await duckdb.run(
      `INSERT INTO dbx_state.main.meta VALUES (1, ${text(sample.definition.name)}, ${text(sample.contentHash)})`,
    );
    return;
  }
  if (row[0] !== 1)
    throw new StateFileError(
      file,
      `it has format ${String(row[0])}, this version reads format 1. Delete it to start anew.`,
    );
  if (row[1] !== sample.definition.name || row[2] !== sample.contentHash) {
    throw new StateFileError(
      file,
      `it belongs to sample '${String(row[1])}' as it was then, not to '${sample.definition.name}' as it is now. Delete it to start anew, or pass another stateFile.`,
    );
  }
}

async function replay(file: string, sample: LoadedSample, spaces: SpaceStore): Promise<void> {
  const { duckdb } = sample.engine;
  const statements = await duckdb.query(
    'SELECT statement, catalog_name, schema_name FROM dbx_state.main.statements ORDER BY position',
  );
  for (const [statement, catalog, schema] of statements.rows) {
    try {
      await sample.engine.execute(String(statement), {
        catalog: optional(catalog),
        schema: optional(schema),
      });
    } catch (cause) {
      throw new StateFileError(
        file,
        `a statement in it fails: ${cause instanceof OptimizerError ? cause.message : String(cause)}. Delete it to start anew.`,
        cause,
      );
    }
  }
  const { rows } = await duckdb.query(
    'SELECT space_id, trashed, title, description, warehouse_id, parent_path, serialized_space FROM dbx_state.main.spaces',
  );
  for (const [spaceId, trashed, title, description, warehouseId, parentPath, serializedSpace] of rows) {
    if (trashed === true) spaces.unload(String(spaceId));
    else {
      spaces.load({
        spaceId: String(spaceId),
        title: String(title),
        description: optional(description) ?? null,
        warehouseId: String(warehouseId),
        parentPath: String(parentPath),
        serializedSpace: String(serializedSpace),
      });
    }
  }
}

const optional = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const upsert = (spaceId: string, space: StoredSpace | null): string =>
  space === null
    ? `INSERT OR REPLACE INTO dbx_state.main.spaces VALUES (${text(spaceId)}, true, NULL, NULL, NULL, NULL, NULL)`
    : `INSERT OR REPLACE INTO dbx_state.main.spaces VALUES (${text(space.spaceId)}, false, ${[space.title, space.description, space.warehouseId, space.parentPath, space.serializedSpace].map(text).join(', ')})`;
