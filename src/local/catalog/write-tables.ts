import type { StatementParameter } from '../../ports/index.ts';
import { mapDuckdbError } from '../engine/map-duckdb-error.ts';
import { physicalName, quoteDuckdb } from '../engine/physical-names.ts';
import { alreadyExists, DatabricksSqlError } from '../engine/sql-error.ts';
import { translateQuery } from '../engine/translate.ts';
import { duckdbType, readType, typeText } from '../engine/types.ts';
import { columnEntry } from './catalog-access.ts';
import type { CatalogAccess } from './catalog-access.ts';
import { fullNameText } from './catalog-model.ts';
import type { NameScope, RelationEntry } from './catalog-model.ts';
import type { CreateTable, DdlStatement, TableConstraint } from './ddl-statement.ts';
import { literalValues } from './insert-values.ts';

export async function createTable(
  access: CatalogAccess,
  statement: CreateTable,
  names: NameScope,
): Promise<number> {
  const { schema, name } = access.place(statement.name, names);
  const existing = schema.relations.get(name.name);
  if (existing !== undefined && !statement.orReplace) {
    if (statement.ifNotExists) return 0;
    throw alreadyExists('TABLE_OR_VIEW', fullNameText(name));
  }
  const target = physicalName(name);
  let columns = statement.columns.map((column) =>
    columnEntry(column.name, typeText(readType(column.type)), column.comment, column.nullable),
  );
  if (statement.query !== null) {
    const translation = await translateQuery(statement.query, { model: access.model, names });
    await access.run(`CREATE OR REPLACE TABLE ${target} AS ${translation.sql}`, translation.seen);
    columns = await access.describe(`SELECT * FROM ${target}`);
  } else {
    if (columns.length === 0)
      throw new DatabricksSqlError(
        'DELTA_EMPTY_DATA',
        '428GU',
        `The table \`${fullNameText(name)}\` needs at least one column.`,
      );
    const definitions = columns.map(
      (column) =>
        `${quoteDuckdb(column.name)} ${duckdbType(readType(column.type))}${column.nullable ? '' : ' NOT NULL'}`,
    );
    await access.run(`CREATE OR REPLACE TABLE ${target} (${definitions.join(', ')})`);
  }
  const entry: RelationEntry = {
    ...name,
    kind: 'table',
    comment: statement.comment,
    columns,
    tags: new Map(),
    properties: new Map(statement.properties),
    primaryKey: null,
    foreignKeys: [],
    definition: null,
    query: null,
    metricView: null,
  };
  schema.relations.set(name.name, entry);
  try {
    for (const constraint of statement.constraints) addConstraint(access, entry, constraint, names);
  } catch (error) {
    schema.relations.delete(name.name);
    await access.run(`DROP TABLE IF EXISTS ${target}`);
    throw error;
  }
  return 0;
}

export async function insert(
  access: CatalogAccess,
  statement: Extract<DdlStatement, { kind: 'insert' }>,
  names: NameScope,
  parameters: readonly StatementParameter[],
): Promise<number> {
  const relation = access.table(statement.name, names, 'INSERT');
  const target = physicalName(relation);
  const columns = statement.columns.map((column) => quoteDuckdb(access.column(relation, column).name));
  const values = literalValues(statement.source);
  const translation =
    values === null
      ? await translateQuery(statement.source, { model: access.model, names }, parameters)
      : { sql: values, seen: [] };
  if (statement.overwrite) await access.run(`DELETE FROM ${target}`);
  const insert = `INSERT INTO ${target}${columns.length === 0 ? '' : ` (${columns.join(', ')})`} ${translation.sql}`;
  try {
    const result = await access.duckdb.query(insert);
    return Number(result.rows[0]?.[0] ?? 0);
  } catch (cause) {
    throw mapDuckdbError(cause, translation.seen);
  }
}

export function addConstraint(
  access: CatalogAccess,
  relation: RelationEntry,
  constraint: TableConstraint,
  names: NameScope,
): void {
  const columns = constraint.columns.map((column) => access.column(relation, column).name);
  if (constraint.kind === 'primary_key') {
    relation.primaryKey = { name: constraint.name ?? `${relation.name}_pk`, columns };
    return;
  }
  const target = access.relation(constraint.referencedTable, names);
  const referencedColumns =
    constraint.referencedColumns.length > 0
      ? constraint.referencedColumns.map((column) => access.column(target, column).name)
      : (target.primaryKey?.columns ?? []);
  if (referencedColumns.length !== columns.length) {
    throw new DatabricksSqlError(
      'INVALID_FOREIGN_KEY',
      '42830',
      `The foreign key of \`${fullNameText(relation)}\` names ${columns.length} columns, the referenced key of \`${fullNameText(target)}\` has ${referencedColumns.length}.`,
    );
  }
  relation.foreignKeys.push({
    name: constraint.name ?? `${relation.name}_${target.name}_fk${relation.foreignKeys.length + 1}`,
    columns,
    referencedTable: fullNameText(target),
    referencedColumns,
  });
}

export function dropConstraint(access: CatalogAccess, relation: RelationEntry, name: string | null): void {
  if (name === null || relation.primaryKey?.name === name) relation.primaryKey = null;
  else relation.foreignKeys = relation.foreignKeys.filter((key) => key.name !== name);
}
