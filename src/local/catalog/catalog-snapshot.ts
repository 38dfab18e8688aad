import type { CatalogFunction, CatalogSnapshot, CatalogTable } from '../../ports/index.ts';
import { fullNameText } from './catalog-model.ts';
import type { CatalogModel, FunctionEntry, RelationEntry } from './catalog-model.ts';

/** The whole catalog as plain data, detached from the model. */
export const snapshotOf = (model: CatalogModel): CatalogSnapshot => ({
  tables: model.relations().map(tableSnapshot),
  functions: model.functions().map(functionSnapshot),
});

const tableSnapshot = (entry: RelationEntry): CatalogTable => ({
  name: fullNameText(entry),
  kind: entry.kind,
  comment: entry.comment,
  tags: Object.fromEntries(entry.tags),
  columns: entry.columns.map((column) => ({
    name: column.name,
    type: column.type,
    comment: column.comment,
    tags: Object.fromEntries(column.tags),
  })),
  primaryKey: [...(entry.primaryKey?.columns ?? [])],
  foreignKeys: entry.foreignKeys.map((key) => ({
    columns: [...key.columns],
    referencedTable: key.referencedTable,
    referencedColumns: [...key.referencedColumns],
  })),
  definition: entry.definition,
});

const functionSnapshot = (entry: FunctionEntry): CatalogFunction => ({
  name: fullNameText(entry),
  comment: entry.comment,
  parameters: entry.parameters.map(({ name, type, defaultValue, comment }) => ({
    name,
    type,
    defaultValue,
    comment,
  })),
  returns: (entry.returns ?? []).map(({ name, type }) => ({ name, type })),
  body: entry.body,
});
