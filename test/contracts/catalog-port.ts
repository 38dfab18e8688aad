import { describe, expect, it } from 'vitest';
import type { CatalogFunction, CatalogPort, CatalogTable } from '../../src/ports/index.ts';

/** Objects that the adapter's catalog holds, and what is known of them. */
export interface CatalogSubject {
  readonly catalog: CatalogPort;
  /** A table with a comment, a primary key and typed columns. */
  readonly table: Pick<CatalogTable, 'name' | 'comment' | 'primaryKey'> & {
    readonly columns: readonly { readonly name: string; readonly type: string }[];
  };
  /** A table-valued function, when the catalog has one. */
  readonly function: Pick<CatalogFunction, 'name' | 'parameters'> | null;
}

/** What every {@link CatalogPort} does. */
export function describeCatalogPort(name: string, subject: () => CatalogSubject): void {
  const tableOf = async (tableName: string): Promise<readonly CatalogTable[]> =>
    (await subject().catalog.snapshot({ tables: [tableName], functions: [] })).tables;

  describe(`${name} as CatalogPort`, () => {
    it('reads a table with its columns in order', async () => {
      const { table } = subject();
      const [found] = await tableOf(table.name);
      expect(found).toMatchObject({
        name: table.name,
        kind: 'table',
        comment: table.comment,
        primaryKey: table.primaryKey,
        definition: null,
      });
      expect(found?.columns.map(({ name: column, type }) => ({ name: column, type }))).toEqual(table.columns);
    });

    it('finds names without regard to case and quoting, once', async () => {
      const { catalog, table } = subject();
      const quoted = table.name
        .split('.')
        .map((part) => `\`${part.toUpperCase()}\``)
        .join('.');
      const found = await catalog.snapshot({ tables: [quoted, table.name], functions: [] });
      expect(found.tables.map((item) => item.name)).toEqual([table.name]);
    });

    it('leaves out what does not exist: table, schema, catalog, half a name', async () => {
      const { catalog, table } = subject();
      const [inCatalog, inSchema] = table.name.split('.');
      const names = [
        `${inCatalog}.${inSchema}.no_such_table`,
        `${inCatalog}.no_such_schema.t`,
        'no_such_catalog.s.t',
        'only_a_name',
      ];
      expect(await catalog.snapshot({ tables: names, functions: names })).toEqual({
        tables: [],
        functions: [],
      });
    });

    it('reads a function with its parameters in order', async () => {
      const { catalog, function: known } = subject();
      const found = await catalog.snapshot({ tables: [], functions: known === null ? [] : [known.name] });
      expect(
        found.functions.map(({ name: functionName, parameters }) => ({ name: functionName, parameters })),
      ).toEqual(known === null ? [] : [known]);
    });

    it('asks nothing when nothing is asked for', async () => {
      expect(await subject().catalog.snapshot({ tables: [], functions: [] })).toEqual({
        tables: [],
        functions: [],
      });
    });
  });
}
