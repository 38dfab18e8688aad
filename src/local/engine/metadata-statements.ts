import type { CatalogModel, FunctionEntry, NameScope, RelationEntry } from '../catalog/catalog-model.ts';
import { fullNameText } from '../catalog/catalog-model.ts';
import { TokenReader } from '../catalog/token-reader.ts';
import { catalogNotFound, engineLimit, routineNotFound, schemaNotFound, tableNotFound } from './sql-error.ts';

/** Rows of a statement about the catalog; every column is a text. */
export interface MetadataRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

const STATEMENT = /^\s*(?:SHOW|DESCRIBE|DESC)\b/i;

/**
 * Answers SHOW and DESCRIBE; `null` when the text is something else.
 *
 * @throws {DatabricksSqlError} for names that do not exist, and for forms that the engine does not answer
 */
export function metadataRows(sql: string, model: CatalogModel, names: NameScope): MetadataRows | null {
  if (!STATEMENT.test(sql)) return null;
  const reader = new TokenReader(sql);
  const rows = reader.take('SHOW') ? show(reader, model, names) : describe(reader, model, names);
  reader.take(';');
  reader.expectEnd();
  return rows;
}

function show(reader: TokenReader, model: CatalogModel, names: NameScope): MetadataRows {
  if (reader.take('CATALOGS'))
    return like(
      reader,
      ['catalog'],
      [...model.catalogs.keys()].map((name) => [name]),
      0,
    );
  if (reader.take('SCHEMAS') || reader.take('DATABASES')) {
    const catalogName = place(reader)?.[0] ?? names.catalog;
    const catalog = model.catalog(catalogName);
    if (catalog === null) throw catalogNotFound(catalogName);
    return like(
      reader,
      ['databaseName'],
      [...catalog.schemas.keys()].map((name) => [name]),
      0,
    );
  }
  if (reader.take('TABLES') || reader.take('VIEWS')) {
    const isViews = reader.peek(-1)?.text.toUpperCase() === 'VIEWS';
    const entries = [...schemaOf(reader, model, names).relations.values()].filter(
      (entry) => !isViews || entry.kind !== 'table',
    );
    return like(
      reader,
      ['database', isViews ? 'viewName' : 'tableName', 'isTemporary'],
      entries.map((entry) => [entry.schema, entry.name, 'false']),
      1,
    );
  }
  if (reader.take('COLUMNS')) {
    if (!reader.take('IN')) reader.expect('FROM');
    const entry = relationOf(reader, model, names);
    return { columns: ['col_name'], rows: entry.columns.map((column) => [column.name]) };
  }
  if (reader.take('TBLPROPERTIES')) {
    const entry = relationOf(reader, model, names);
    return { columns: ['key', 'value'], rows: [...entry.properties] };
  }
  reader.take('USER');
  if (reader.take('FUNCTIONS')) {
    const functions = [...schemaOf(reader, model, names).functions.values()];
    return like(
      reader,
      ['function'],
      functions.map((entry) => [fullNameText(entry)]),
      0,
    );
  }
  throw engineLimit(`SHOW ${reader.next().text.toUpperCase()}`);
}

function describe(reader: TokenReader, model: CatalogModel, names: NameScope): MetadataRows {
  if (!reader.take('DESCRIBE')) reader.expect('DESC');
  if (reader.take('FUNCTION')) {
    reader.take('EXTENDED');
    const parts = reader.name();
    const name = model.fullName(parts, names);
    const entry = name === null ? null : model.function(name);
    if (entry === null) throw routineNotFound(parts.join('.'));
    return { columns: ['function_desc'], rows: functionText(entry).map((line) => [line]) };
  }
  for (const kind of ['SCHEMA', 'DATABASE', 'CATALOG', 'HISTORY', 'DETAIL', 'QUERY'])
    if (reader.at(kind)) throw engineLimit(`DESCRIBE ${kind}`);
  reader.take('TABLE');
  const isExtended = reader.take('EXTENDED') || reader.take('FORMATTED');
  const entry = relationOf(reader, model, names);
  if (reader.at('AS')) throw engineLimit('DESCRIBE … AS JSON');
  const columns = entry.columns.map((column) => [column.name, column.type.toLowerCase(), column.comment]);
  return {
    columns: ['col_name', 'data_type', 'comment'],
    rows: isExtended ? [...columns, ...detailRows(entry)] : columns,
  };
}

const KINDS = { table: 'MANAGED', view: 'VIEW', metric_view: 'METRIC_VIEW' } as const;

function detailRows(entry: RelationEntry): (string | null)[][] {
  const details: readonly (readonly [string, string | null])[] = [
    ['Catalog', entry.catalog],
    ['Database', entry.schema],
    ['Table', entry.name],
    ['Type', KINDS[entry.kind]],
    ['Comment', entry.comment],
    [entry.kind === 'metric_view' ? 'View Text' : 'View Definition', entry.definition],
  ];
  return [
    ['', '', ''],
    ['# Detailed Table Information', '', ''],
    ...details.filter(([, value]) => value !== null).map(([name, value]) => [name, value, '']),
  ];
}

const functionText = (entry: FunctionEntry): string[] => [
  `Function: ${fullNameText(entry)}`,
  `Type:     ${entry.returns === null ? 'SCALAR' : 'TABLE'}`,
  ...entry.parameters.map((parameter) => `Input:    ${parameter.name} ${parameter.type}`),
  `Returns:  ${entry.returnType ?? (entry.returns ?? []).map((each) => `${each.name} ${each.type}`).join(', ')}`,
  ...(entry.comment === null ? [] : [`Comment:  ${entry.comment}`]),
];

const place = (reader: TokenReader): string[] | null =>
  reader.take('IN') || reader.take('FROM') ? reader.name() : null;

function schemaOf(reader: TokenReader, model: CatalogModel, names: NameScope) {
  const parts = place(reader) ?? [names.schema];
  const [catalog, schema] = parts.length > 1 ? parts : [names.catalog, ...parts];
  const entry = model.schema(catalog ?? '', schema ?? '');
  if (entry === null) throw schemaNotFound(`${catalog ?? ''}.${schema ?? ''}`);
  return entry;
}

function relationOf(reader: TokenReader, model: CatalogModel, names: NameScope): RelationEntry {
  const parts = reader.name();
  const name = model.fullName(parts, names);
  const entry = name === null ? null : model.relation(name);
  if (entry === null) throw tableNotFound(parts.join('.'));
  return entry;
}

/** `[LIKE] 'a*|b*'` over one column, in any case; rows sorted by it. */
function like(
  reader: TokenReader,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  by: number,
): MetadataRows {
  const isThere = reader.take('LIKE') || reader.peek()?.kind === 'string';
  const pattern = isThere ? reader.string() : '*';
  const regex = new RegExp(
    `^(?:${pattern
      .split('|')
      .map((part) =>
        part
          .trim()
          .replaceAll(/[.+?^${}()[\]\\]/g, '\\$&')
          .replaceAll('*', '.*'),
      )
      .join('|')})$`,
    'i',
  );
  const found = rows.filter((row) => regex.test(row[by] ?? ''));
  return { columns, rows: [...found].sort((a, b) => ((a[by] ?? '') < (b[by] ?? '') ? -1 : 1)) };
}
