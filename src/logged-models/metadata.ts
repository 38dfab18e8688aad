import { compareCodeUnits, nameParts, quoteIdentifier } from '../core/index.ts';
import type { CallOptions, SqlPort } from '../ports/index.ts';

/** One row of the information schema, by lower-case column name. */
export type MetadataRow = Readonly<Record<string, string | null>>;

interface Relation {
  /** View of the information schema. */
  readonly view: string;
  /** What is selected: a column, or `expression AS column`. */
  readonly columns: readonly string[];
  /** Column that holds the schema. */
  readonly schemaColumn: string;
  /** Columns that name a row; rows are kept in their order. */
  readonly key: readonly string[];
  /** Columns whose changes a difference reports. */
  readonly compared: readonly string[];
}

/**
 * What a version of a space records of Unity Catalog, by the name of its file.
 *
 * @see spec/logged-model-lifecycle.md §4–5
 */
export const METADATA_RELATIONS = {
  columns: {
    view: 'columns',
    columns: ['table_catalog', 'table_schema', 'table_name', 'column_name', 'data_type', 'comment'],
    schemaColumn: 'table_schema',
    key: ['table_catalog', 'table_schema', 'table_name', 'column_name'],
    compared: ['data_type', 'comment'],
  },
  tags: {
    view: 'table_tags',
    columns: ['catalog_name', 'schema_name', 'table_name', 'tag_name', 'tag_value'],
    schemaColumn: 'schema_name',
    key: ['catalog_name', 'schema_name', 'table_name', 'tag_name'],
    compared: ['tag_value'],
  },
  routines: {
    view: 'routines',
    columns: [
      'routine_catalog',
      'routine_schema',
      'routine_name',
      'specific_name',
      'routine_type',
      'routine_definition',
      'data_type AS return_type',
      'comment',
    ],
    schemaColumn: 'routine_schema',
    // Overloads share their name; the specific name tells them apart.
    key: ['routine_catalog', 'routine_schema', 'specific_name'],
    compared: ['routine_definition', 'return_type', 'comment'],
  },
  tables: {
    view: 'tables',
    columns: ['table_catalog', 'table_schema', 'table_name', 'table_type', 'comment'],
    schemaColumn: 'table_schema',
    key: ['table_catalog', 'table_schema', 'table_name'],
    compared: ['table_type', 'comment'],
  },
  column_tags: {
    view: 'column_tags',
    columns: ['catalog_name', 'schema_name', 'table_name', 'column_name', 'tag_name', 'tag_value'],
    schemaColumn: 'schema_name',
    key: ['catalog_name', 'schema_name', 'table_name', 'column_name', 'tag_name'],
    compared: ['tag_value'],
  },
  parameters: {
    view: 'parameters',
    columns: [
      'specific_catalog',
      'specific_schema',
      'specific_name',
      'ordinal_position',
      'parameter_name',
      'data_type',
      'parameter_default',
      'comment',
    ],
    schemaColumn: 'specific_schema',
    key: ['specific_catalog', 'specific_schema', 'specific_name', 'parameter_name'],
    compared: ['data_type', 'parameter_default', 'comment'],
  },
  views: {
    view: 'views',
    columns: ['table_catalog', 'table_schema', 'table_name', 'view_definition'],
    schemaColumn: 'table_schema',
    key: ['table_catalog', 'table_schema', 'table_name'],
    compared: ['view_definition'],
  },
} as const satisfies Readonly<Record<string, Relation>>;

export type MetadataRelation = keyof typeof METADATA_RELATIONS;
export const METADATA_RELATION_NAMES = Object.keys(METADATA_RELATIONS) as MetadataRelation[];

/** Unity Catalog as far as a version of a space records it; rows in the order of their keys. */
export type UcMetadata = { readonly [R in MetadataRelation]: readonly MetadataRow[] };

export const EMPTY_METADATA: UcMetadata = {
  columns: [],
  tags: [],
  routines: [],
  tables: [],
  column_tags: [],
  parameters: [],
  views: [],
};

/** Schemas, as `catalog.schema` in lower case, that objects with these names live in; shorter names say nothing. */
export function schemasOf(names: readonly string[]): string[] {
  const schemas = names
    .map((name) => nameParts(name).map((part) => part.toLowerCase()))
    .flatMap((parts) => (parts.length === 3 ? [`${parts[0]}.${parts[1]}`] : []));
  return [...new Set(schemas)].sort(compareCodeUnits);
}

/**
 * Reads what Unity Catalog says of everything in these schemas, one query per catalog and relation.
 *
 * @param schemas - `catalog.schema`; an empty list gives empty relations
 * @throws what the warehouse says when a single query fails: an empty answer would look like "everything was removed"
 */
export async function readMetadata(
  sql: SqlPort,
  schemas: readonly string[],
  options: CallOptions & { readonly timeoutMs?: number | undefined } = {},
): Promise<UcMetadata> {
  const byCatalog = new Map<string, string[]>();
  for (const name of schemas) {
    const [catalog, schema] = nameParts(name);
    if (catalog === undefined || schema === undefined) continue;
    byCatalog.set(catalog, [...(byCatalog.get(catalog) ?? []), schema.toLowerCase()]);
  }
  const read = async (relation: MetadataRelation): Promise<readonly MetadataRow[]> => {
    const rows: MetadataRow[] = [];
    for (const [catalog, names] of byCatalog) {
      const { statement, parameters } = queryOf(METADATA_RELATIONS[relation], catalog, names);
      const result = await sql.execute(statement, { ...options, parameters });
      const columns = result.columns.map((column) => column.name.toLowerCase());
      rows.push(
        ...result.rows.map((cells) =>
          Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? null])),
        ),
      );
    }
    return sortedRows(relation, rows);
  };
  const entries = await Promise.all(
    METADATA_RELATION_NAMES.map(async (relation) => [relation, await read(relation)] as const),
  );
  return Object.fromEntries(entries) as unknown as UcMetadata;
}

function queryOf(relation: Relation, catalog: string, schemas: readonly string[]) {
  const list = schemas.map((_, at) => `:schema_${at}`).join(', ');
  return {
    statement: `SELECT ${relation.columns.join(', ')} FROM ${quoteIdentifier(catalog)}.information_schema.${relation.view} WHERE ${relation.schemaColumn} IN (${list})`,
    parameters: schemas.map((schema, at) => ({ name: `schema_${at}`, value: schema, type: 'STRING' })),
  };
}

/** The key of a row as one text: the parts that name it, joined by dots. */
export const rowKey = (relation: MetadataRelation, row: MetadataRow): string =>
  METADATA_RELATIONS[relation].key.map((column) => row[column] ?? '').join('.');

/** Queries promise no order, and hashes and differences need one. */
export const sortedRows = (relation: MetadataRelation, rows: readonly MetadataRow[]): MetadataRow[] =>
  [...rows].sort((a, b) => compareCodeUnits(rowKey(relation, a), rowKey(relation, b)));
