import type { StatementParameter } from '../../ports/index.ts';
import type { Duckdb } from '../engine/duckdb.ts';
import { physicalName } from '../engine/physical-names.ts';
import { CatalogAccess } from './catalog-access.ts';
import type { CatalogModel, NameScope } from './catalog-model.ts';
import type { DdlStatement } from './ddl-statement.ts';
import { writeComment } from './write-comments.ts';
import { createFunction } from './write-functions.ts';
import { createCatalog, createSchema, drop } from './write-namespaces.ts';
import { changeRows } from './write-rows.ts';
import { addConstraint, createTable, dropConstraint, insert } from './write-tables.ts';
import { alterView, createView } from './write-views.ts';

/** Applies statements that change the catalog, to the model and to DuckDB alike. */
export class CatalogWriter {
  readonly #access: CatalogAccess;

  constructor(model: CatalogModel, duckdb: Duckdb) {
    this.#access = new CatalogAccess(model, duckdb);
  }

  /** @returns rows affected; 0 where a statement affects no rows. @throws {DatabricksSqlError} and changes nothing */
  async apply(
    statement: DdlStatement,
    names: NameScope,
    parameters?: readonly StatementParameter[],
  ): Promise<number> {
    const affected = await this.#apply(statement, names, parameters);
    this.#access.model.touch();
    return affected;
  }

  async #apply(
    statement: DdlStatement,
    names: NameScope,
    parameters: readonly StatementParameter[] = [],
  ): Promise<number> {
    const access = this.#access;
    switch (statement.kind) {
      case 'create_catalog':
        createCatalog(access, statement.name, statement.ifNotExists, statement.comment);
        return 0;
      case 'create_schema':
        await createSchema(access, statement.name, statement.ifNotExists, statement.comment, names);
        return 0;
      case 'create_table':
        return createTable(access, statement, names);
      case 'create_view':
        await createView(access, statement, names);
        return 0;
      case 'create_function':
        await createFunction(access, statement, names);
        return 0;
      case 'insert':
        return insert(access, statement, names, parameters);
      case 'update':
      case 'delete':
        return changeRows(access, statement, names);
      case 'comment':
        writeComment(access, statement, names);
        return 0;
      case 'column_comment':
        access.column(access.relation(statement.name, names), statement.column).comment = statement.comment;
        return 0;
      case 'tags': {
        const relation = access.relation(statement.name, names);
        const { tags } = statement.column === null ? relation : access.column(relation, statement.column);
        for (const [key, value] of statement.set) tags.set(key, value);
        for (const key of statement.unset) tags.delete(key);
        return 0;
      }
      case 'properties': {
        const { properties } = access.relation(statement.name, names);
        for (const [key, value] of statement.set) properties.set(key, value);
        for (const key of statement.unset) properties.delete(key);
        return 0;
      }
      case 'add_constraint':
        addConstraint(access, access.relation(statement.name, names), statement.constraint, names);
        return 0;
      case 'drop_constraint':
        dropConstraint(access, access.relation(statement.name, names), statement.constraint);
        return 0;
      case 'alter_view':
        await alterView(access, statement, names);
        return 0;
      case 'drop':
        await drop(access, statement, names);
        return 0;
      case 'truncate':
        await access.run(`DELETE FROM ${physicalName(access.relation(statement.name, names))}`);
        return 0;
      case 'use':
      case 'ignored':
        return 0;
      default:
        return statement satisfies never;
    }
  }
}
