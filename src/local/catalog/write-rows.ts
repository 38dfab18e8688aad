import { quoteIdentifier } from '../../core/index.ts';
import { mapDuckdbError } from '../engine/map-duckdb-error.ts';
import { physicalName, quoteDuckdb } from '../engine/physical-names.ts';
import { translateQuery, type Translation } from '../engine/translate.ts';
import { duckdbType, readType } from '../engine/types.ts';
import type { CatalogAccess } from './catalog-access.ts';
import { fullNameText } from './catalog-model.ts';
import type { NameScope, RelationEntry } from './catalog-model.ts';
import type { ChangeRows } from './ddl-statement.ts';

/** Where the new rows stand until they have all been made: a value that does not fit loses nothing. */
const STAGING_NAME = 'dbx_changed_rows';
const STAGING = `temp.main.${STAGING_NAME}`;

/**
 * Runs `UPDATE` and `DELETE`: makes the rows as they shall be, then puts them in place of the old ones.
 *
 * @returns the number of rows that the condition holds for
 */
export async function changeRows(
  access: CatalogAccess,
  statement: ChangeRows,
  names: NameScope,
): Promise<number> {
  const relation = access.table(statement.name, names, statement.kind.toUpperCase());
  const alias = quoteIdentifier(statement.alias ?? relation.name);
  const from = `FROM ${fullNameText(relation).split('.').map(quoteIdentifier).join('.')} AS ${alias}`;
  const hit = `coalesce((${statement.condition ?? 'true'}), false)`;
  const translated = (sql: string) => translateQuery(sql, { model: access.model, names });
  const counting = await translated(`SELECT count(*) AS hits ${from} WHERE ${hit}`);
  const making = await translated(
    statement.kind === 'delete'
      ? `SELECT * ${from} WHERE NOT ${hit}`
      : `SELECT ${assigned(access, relation, statement.set, alias, hit)} ${from}`,
  );
  const target = physicalName(relation);
  const columns = relation.columns.map(
    (column) =>
      `${quoteDuckdb(column.name)} ${duckdbType(readType(column.type))}${column.nullable ? '' : ' NOT NULL'}`,
  );
  const hits = await count(access, counting);
  await access.run(`CREATE OR REPLACE TEMP TABLE ${STAGING_NAME} (${columns.join(', ')})`);
  try {
    await access.run(`INSERT INTO ${STAGING} ${making.sql}`, making.seen);
    await access.run(`DELETE FROM ${target}`);
    await access.run(`INSERT INTO ${target} SELECT * FROM ${STAGING}`);
  } finally {
    await access.run(`DROP TABLE IF EXISTS ${STAGING}`);
  }
  return hits;
}

async function count(access: CatalogAccess, { sql, seen }: Translation): Promise<number> {
  try {
    const { rows } = await access.duckdb.query(sql);
    return Number(rows[0]?.[0] ?? 0);
  } catch (cause) {
    throw mapDuckdbError(cause, seen);
  }
}

function assigned(
  access: CatalogAccess,
  relation: RelationEntry,
  set: Extract<ChangeRows, { kind: 'update' }>['set'],
  alias: string,
  hit: string,
): string {
  const values = new Map(set.map(({ column, value }) => [access.column(relation, column).name, value]));
  return relation.columns
    .map(({ name }) => {
      const own = `${alias}.${quoteIdentifier(name)}`;
      const value = values.get(name);
      return `${value === undefined ? own : `CASE WHEN ${hit} THEN (${value}) ELSE ${own} END`} AS ${quoteIdentifier(name)}`;
    })
    .join(', ');
}
