import { physicalName, physicalSchema } from '../engine/physical-names.ts';
import {
  alreadyExists,
  catalogNotFound,
  routineNotFound,
  schemaNotFound,
  tableNotFound,
} from '../engine/sql-error.ts';
import type { CatalogAccess } from './catalog-access.ts';
import type { NameScope, SchemaEntry } from './catalog-model.ts';
import type { DdlStatement } from './ddl-statement.ts';

export function createCatalog(
  access: CatalogAccess,
  name: string,
  ifNotExists: boolean,
  comment: string | null,
): void {
  const key = name.toLowerCase();
  if (access.model.catalogs.has(key)) {
    if (ifNotExists) return;
    throw alreadyExists('CATALOG', name);
  }
  const schemas = new Map<string, SchemaEntry>();
  access.model.catalogs.set(key, { name: key, comment, schemas });
}

export async function createSchema(
  access: CatalogAccess,
  parts: readonly string[],
  ifNotExists: boolean,
  comment: string | null,
  names: NameScope,
): Promise<void> {
  const [first = '', second] = parts;
  const catalogName = second === undefined ? names.catalog : first;
  const name = (second ?? first).toLowerCase();
  const catalog = access.model.catalog(catalogName);
  if (catalog === null) throw catalogNotFound(catalogName);
  if (catalog.schemas.has(name) || name === 'information_schema') {
    if (ifNotExists) return;
    throw alreadyExists('SCHEMA', `${catalog.name}.${name}`);
  }
  await access.run(
    `CREATE SCHEMA IF NOT EXISTS "${physicalSchema({ catalog: catalog.name, schema: name })}"`,
  );
  catalog.schemas.set(name, { name, comment, relations: new Map(), functions: new Map() });
}

export async function drop(
  access: CatalogAccess,
  statement: Extract<DdlStatement, { kind: 'drop' }>,
  names: NameScope,
): Promise<void> {
  const { name, ifExists } = statement;
  if (statement.target === 'relation') {
    const full = access.model.fullName(name, names);
    const entry = full === null ? null : access.model.relation(full);
    if (entry === null) {
      if (ifExists) return;
      throw tableNotFound(name.join('.'));
    }
    if (entry.kind === 'table') await access.run(`DROP TABLE IF EXISTS ${physicalName(entry)}`);
    access.model.schema(entry.catalog, entry.schema)?.relations.delete(entry.name);
    return;
  }
  if (statement.target === 'function') {
    const full = access.model.fullName(name, names);
    const entry = full === null ? null : access.model.function(full);
    if (entry === null && !ifExists) throw routineNotFound(name.join('.'));
    if (entry !== null) access.model.schema(entry.catalog, entry.schema)?.functions.delete(entry.name);
    return;
  }
  const [first = '', second] = name;
  if (statement.target === 'catalog') {
    const catalog = access.model.catalog(first);
    if (catalog === null && !ifExists) throw catalogNotFound(first);
    for (const schema of catalog?.schemas.values() ?? [])
      await access.run(
        `DROP SCHEMA IF EXISTS "${physicalSchema({ catalog: first, schema: schema.name })}" CASCADE`,
      );
    access.model.catalogs.delete(first.toLowerCase());
    return;
  }
  const catalogName = second === undefined ? names.catalog : first;
  const schemaName = second ?? first;
  if (access.model.schema(catalogName, schemaName) === null) {
    if (ifExists) return;
    throw schemaNotFound(name.join('.'));
  }
  await access.run(
    `DROP SCHEMA IF EXISTS "${physicalSchema({ catalog: catalogName, schema: schemaName })}" CASCADE`,
  );
  access.model.catalog(catalogName)?.schemas.delete(schemaName.toLowerCase());
}
