import { describe, expect, it } from 'vitest';
import type { CatalogEditorPort, CatalogPort, CatalogTable } from '../../src/ports/index.ts';
import { codeOfFailure } from './code-of.ts';

export interface CatalogEditorSubject {
  readonly editor: CatalogEditorPort;
  readonly catalog: CatalogPort;
  /** A table with a column. */
  readonly table: string;
  readonly column: string;
  readonly metricView: string;
  /** A table-valued function. */
  readonly function: string;
}

/** What every {@link CatalogEditorPort} does; each change is read back and taken back. */
export function describeCatalogEditorPort(name: string, subject: () => CatalogEditorSubject): void {
  const tableOf = async (tableName: string): Promise<CatalogTable | undefined> =>
    (await subject().catalog.snapshot({ tables: [tableName], functions: [] })).tables[0];
  const text = "It's one row; per \\ loan\nand 'day'";

  describe(`${name} as CatalogEditorPort`, () => {
    it('changes the comment of a table, whatever characters it holds', async () => {
      const { editor, table } = subject();
      const before = await tableOf(table);
      await editor.setComment({ table: { name: table, kind: 'table' } }, text);
      expect((await tableOf(table))?.comment).toBe(text);
      await editor.setComment({ table: { name: table, kind: 'table' } }, before?.comment ?? null);
      expect(await tableOf(table)).toEqual(before);
    });

    it('changes the comment of a column', async () => {
      const { editor, table, column } = subject();
      const commentOf = async () =>
        (await tableOf(table))?.columns.find((each) => each.name === column)?.comment ?? null;
      const before = await commentOf();
      await editor.setComment({ table: { name: table, kind: 'table' }, column }, text);
      expect(await commentOf()).toBe(text);
      await editor.setComment({ table: { name: table, kind: 'table' }, column }, before);
      expect((await commentOf()) ?? '').toBe(before ?? '');
    });

    it('sets and removes tags of a table and of a column, and leaves others', async () => {
      const { editor, table, column } = subject();
      const before = await tableOf(table);
      const onTable = { table: { name: table, kind: 'table' } } as const;
      await editor.setTags(onTable, { first: "o'ne", second: '2' });
      await editor.setTags(onTable, { second: null, third: '3' });
      expect((await tableOf(table))?.tags).toEqual({ ...before?.tags, first: "o'ne", third: '3' });
      await editor.setTags({ ...onTable, column }, { measured_in: 'EUR' });
      expect((await tableOf(table))?.columns.find((each) => each.name === column)?.tags).toMatchObject({
        measured_in: 'EUR',
      });
      await editor.setTags({ ...onTable, column }, { measured_in: null });
      await editor.setTags(onTable, { first: null, third: null });
      expect(await tableOf(table)).toEqual(before);
    });

    it('replaces the definition of a metric view', async () => {
      const { editor, metricView } = subject();
      const before = (await tableOf(metricView))?.definition ?? '';
      await editor.replaceMetricView(metricView, `${before.trimEnd()}\n# changed\n`);
      expect((await tableOf(metricView))?.definition).toContain('# changed');
      await editor.replaceMetricView(metricView, before);
      expect((await tableOf(metricView))?.definition?.trim()).toBe(before.trim());
    });

    it('replaces a table-valued function with another comment and nothing else', async () => {
      const { editor, catalog, function: functionName } = subject();
      const read = async () =>
        (await catalog.snapshot({ tables: [], functions: [functionName] })).functions[0];
      const before = await read();
      expect(before?.returns.filter(({ comment }) => (comment ?? '') !== '')).not.toEqual([]);
      await editor.replaceTableFunction({ ...(before as NonNullable<typeof before>), comment: text });
      const { definition: _rebuilt, ...changed } = (await read()) as NonNullable<typeof before>;
      const { definition: _original, ...rest } = before as NonNullable<typeof before>;
      expect(changed).toEqual({ ...rest, comment: text });
      await editor.replaceTableFunction(before as NonNullable<typeof before>);
      expect(await read()).toEqual(before);
    });

    it('refuses what cannot be written, before anything is sent', async () => {
      const { editor, metricView, function: functionName } = subject();
      const view = { name: metricView, kind: 'metric_view' } as const;
      const scalar = { name: functionName, comment: null, parameters: [], returns: [], body: '1' };
      for (const refused of [
        editor.setComment({ table: view, column: 'x' }, 'text'),
        editor.setTags({ table: view }, { ['k'.repeat(256)]: 'v' }),
        editor.setTags({ table: view }, { key: 'v'.repeat(1001) }),
        editor.replaceMetricView(metricView, 'version: 1 $$ DROP'),
        editor.replaceTableFunction(scalar),
      ])
        expect(await codeOfFailure(refused)).toBe('INVALID_OPTION');
    });

    it('reports an object that does not exist as a failed statement', async () => {
      const { editor } = subject();
      const nowhere = { table: { name: 'no_catalog.no_schema.no_table', kind: 'table' } } as const;
      expect(await codeOfFailure(editor.setComment(nowhere, 'x'))).toBe('SQL_STATEMENT_FAILED');
    });
  });
}
