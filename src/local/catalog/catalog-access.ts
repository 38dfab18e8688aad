import type { Duckdb } from '../engine/duckdb.ts';
import { mapDuckdbError } from '../engine/map-duckdb-error.ts';
import type { ScopedRelation } from '../engine/relation-scope.ts';
import {
  catalogNotFound,
  columnNotFound,
  DatabricksSqlError,
  schemaNotFound,
  tableNotFound,
} from '../engine/sql-error.ts';
import { fromDuckdbType, typeText } from '../engine/types.ts';
import { fullNameText } from './catalog-model.ts';
import type {
  CatalogModel,
  ColumnEntry,
  FullName,
  NameScope,
  RelationEntry,
  SchemaEntry,
} from './catalog-model.ts';

/** Catalog and database together, with the look-ups that every changing statement needs. */
export class CatalogAccess {
  readonly model: CatalogModel;
  readonly duckdb: Duckdb;

  constructor(model: CatalogModel, duckdb: Duckdb) {
    this.model = model;
    this.duckdb = duckdb;
  }

  /** The place for a new object. @throws when its catalog or schema does not exist */
  place(
    parts: readonly string[],
    names: NameScope,
  ): { readonly schema: SchemaEntry; readonly name: FullName } {
    const full = this.model.fullName(parts, names);
    if (full === null) throw tableNotFound(parts.join('.'));
    const name = {
      catalog: full.catalog.toLowerCase(),
      schema: full.schema.toLowerCase(),
      name: full.name.toLowerCase(),
    };
    if (this.model.catalog(name.catalog) === null) throw catalogNotFound(full.catalog);
    const schema = this.model.schema(name.catalog, name.schema);
    if (schema === null) throw schemaNotFound(`${full.catalog}.${full.schema}`);
    return { schema, name };
  }

  relation(parts: readonly string[], names: NameScope): RelationEntry {
    const full = this.model.fullName(parts, names);
    const entry = full === null ? null : this.model.relation(full);
    if (entry === null) throw tableNotFound(parts.join('.'));
    return entry;
  }

  /** As {@link relation}, for a statement that writes rows. @throws when it is a view, naming the statement's verb */
  table(parts: readonly string[], names: NameScope, verb: string): RelationEntry {
    const entry = this.relation(parts, names);
    if (entry.kind === 'table') return entry;
    throw new DatabricksSqlError(
      'EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE',
      '42809',
      `'${verb}' expects a table but \`${fullNameText(entry)}\` is a view.`,
    );
  }

  column(relation: RelationEntry, name: string): ColumnEntry {
    const column = relation.columns.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (column === undefined)
      throw columnNotFound(name, relation.columns.map((each) => each.name).slice(0, 5));
    return column;
  }

  /** Names and Databricks types of the columns of a DuckDB query, without running it. */
  async describe(sql: string, seen: readonly ScopedRelation[] = []): Promise<ColumnEntry[]> {
    try {
      const { rows } = await this.duckdb.query(`DESCRIBE ${sql}`);
      return rows.map((row) =>
        columnEntry(String(row[0]), typeText(fromDuckdbType(String(row[1]))), null, true),
      );
    } catch (cause) {
      throw mapDuckdbError(cause, seen);
    }
  }

  async run(sql: string, seen: readonly ScopedRelation[] = []): Promise<void> {
    try {
      await this.duckdb.run(sql);
    } catch (cause) {
      throw mapDuckdbError(cause, seen);
    }
  }
}

export const columnEntry = (
  name: string,
  type: string,
  comment: string | null,
  nullable: boolean,
): ColumnEntry => ({ name, type, comment, nullable, tags: new Map() });
