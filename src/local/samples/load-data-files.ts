import { join } from 'node:path';
import { nearestName } from '../../core/index.ts';
import { fullNameText } from '../catalog/catalog-model.ts';
import { mapDuckdbError } from '../engine/map-duckdb-error.ts';
import { duckdbLiteral, physicalName } from '../engine/physical-names.ts';
import type { SqlEngine } from '../engine/sql-engine.ts';
import { SampleError } from '../errors.ts';
import { fileNames } from './sample-folder.ts';

/** Loads `data/catalog.schema.table.csv` (or `.parquet`) into the table of that name, columns matched by name. */
export async function loadDataFiles(folder: string, engine: SqlEngine): Promise<void> {
  const data = join(folder, 'data');
  for (const name of await fileNames(data)) {
    const file = join(data, name);
    const match = /^([^.]+)\.([^.]+)\.([^.]+)\.(csv|parquet)$/i.exec(name);
    if (match === null) {
      throw new SampleError("the name must be 'catalog.schema.table.csv' or '….parquet', so that the table is known. Rename the file.", { file });
    }
    const [, catalog = '', schema = '', table = '', format = ''] = match;
    const entry = engine.model.relation({ catalog, schema, name: table });
    if (entry?.kind !== 'table') {
      const tables = engine.model.relations().filter((each) => each.kind === 'table').map(fullNameText);
      const nearest = nearestName(`${catalog}.${schema}.${table}`, tables);
      throw new SampleError(
        `catalog.sql creates no table ${catalog}.${schema}.${table}.${nearest === null ? '' : ` Did you mean ${nearest}?`} Add CREATE TABLE, or rename the file.`,
        { file },
      );
    }
    const path = duckdbLiteral(file);
    const source = format.toLowerCase() === 'csv' ? `read_csv(${path}, header = true, all_varchar = true)` : `read_parquet(${path})`;
    try {
      await engine.duckdb.run(`INSERT INTO ${physicalName(entry)} BY NAME SELECT * FROM ${source}`);
    } catch (cause) {
      throw new SampleError(`the rows do not fit the table: ${mapDuckdbError(cause, []).message}`, { file, cause });
    }
  }
}
