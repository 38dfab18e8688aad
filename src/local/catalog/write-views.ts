import { parseDatabricks } from '../engine/prepare-text.ts';
import { alreadyExists, DatabricksSqlError } from '../engine/sql-error.ts';
import { translateTree } from '../engine/translate.ts';
import type { CatalogAccess } from './catalog-access.ts';
import { fullNameText } from './catalog-model.ts';
import type { FullName, NameScope, RelationEntry } from './catalog-model.ts';
import { compileMetricView } from './compile-metric-view.ts';
import type { CreateView } from './ddl-statement.ts';

export async function createView(
  access: CatalogAccess,
  statement: CreateView,
  names: NameScope,
): Promise<void> {
  const { schema, name } = access.place(statement.name, names);
  const existing = schema.relations.get(name.name);
  if (existing !== undefined && !statement.orReplace) {
    if (statement.ifNotExists) return;
    throw alreadyExists('TABLE_OR_VIEW', fullNameText(name));
  }
  const entry = await compileView(access, name, statement, names);
  statement.columns.forEach((column, index) => {
    const target = entry.columns[index];
    if (target !== undefined)
      entry.columns[index] = { ...target, name: column.name, comment: column.comment ?? target.comment };
  });
  schema.relations.set(name.name, {
    ...entry,
    comment: statement.comment ?? entry.comment,
    properties: new Map(statement.properties),
  });
}

async function compileView(
  access: CatalogAccess,
  name: FullName,
  text: { readonly query: string | null; readonly yaml: string | null },
  names: NameScope,
): Promise<RelationEntry> {
  if (text.yaml !== null)
    return compileMetricView(name, text.yaml, { model: access.model, names }, (sql, seen) =>
      access.describe(sql, seen),
    );
  const tree = await parseDatabricks(text.query ?? '');
  const translation = await translateTree(tree, { model: access.model, names });
  return {
    ...name,
    kind: 'view',
    comment: null,
    columns: await access.describe(translation.sql, translation.seen),
    tags: new Map(),
    properties: new Map(),
    primaryKey: null,
    foreignKeys: [],
    definition: text.query,
    query: tree,
    metricView: null,
  };
}

/** Replaces the text of a view; tags, comments of the view and comments of columns that stay are kept. */
export async function alterView(
  access: CatalogAccess,
  statement: {
    readonly name: readonly string[];
    readonly query: string | null;
    readonly yaml: string | null;
  },
  names: NameScope,
): Promise<void> {
  const old = access.relation(statement.name, names);
  if ((old.kind === 'metric_view') !== (statement.yaml !== null) || old.kind === 'table') {
    throw new DatabricksSqlError(
      'EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE',
      '42809',
      `'ALTER VIEW ... AS' expects another kind of object than \`${fullNameText(old)}\`.`,
    );
  }
  const { schema, name } = access.place([old.catalog, old.schema, old.name], names);
  const entry = await compileView(access, name, statement, names);
  for (const column of entry.columns) {
    const before = old.columns.find((each) => each.name.toLowerCase() === column.name.toLowerCase());
    if (before === undefined) continue;
    for (const [key, value] of before.tags) column.tags.set(key, value);
    if (entry.kind === 'view') column.comment = before.comment;
  }
  schema.relations.set(name.name, {
    ...entry,
    comment: entry.kind === 'view' ? old.comment : (entry.comment ?? old.comment),
    tags: old.tags,
    properties: old.properties,
  });
}
