import { nameParts, quoteIdentifier, quoteLiteral } from '../../core/index.ts';

/** Objects of one catalog that are asked for, by schema; names in lower case. */
export interface CatalogRequest {
  readonly catalog: string;
  readonly tables: ReadonlyMap<string, readonly string[]>;
  readonly functions: ReadonlyMap<string, readonly string[]>;
}

/** Groups full names by catalog; names without three parts cannot exist in Unity Catalog and are left out. */
export function groupByCatalog(tables: readonly string[], functions: readonly string[]): CatalogRequest[] {
  const groups = new Map<string, { tables: Map<string, string[]>; functions: Map<string, string[]> }>();
  const add = (kind: 'tables' | 'functions', names: readonly string[]): void => {
    for (const name of new Set(
      names.map((item) =>
        nameParts(item)
          .map((part) => part.toLowerCase())
          .join('\u0000'),
      ),
    )) {
      const [catalog, schema, object, ...rest] = name.split('\u0000');
      if (catalog === undefined || schema === undefined || object === undefined || rest.length > 0) continue;
      const group = groups.get(catalog) ?? {
        tables: new Map<string, string[]>(),
        functions: new Map<string, string[]>(),
      };
      groups.set(catalog, group);
      group[kind].set(schema, [...(group[kind].get(schema) ?? []), object]);
    }
  };
  add('tables', tables);
  add('functions', functions);
  return [...groups].map(([catalog, group]) => ({ catalog, ...group }));
}

/**
 * A query on one view of an information schema, for named objects only, in a fixed order.
 *
 * Columns are listed one by one: a column that the vendor adds must not look like a change.
 * @see spec/databricks-apis.md §5.2
 */
export function informationSchemaQuery(
  catalog: string,
  view: string,
  columns: readonly string[],
  where: string,
  orderBy: readonly string[],
): string {
  return `SELECT ${columns.join(', ')} FROM ${quoteIdentifier(catalog)}.information_schema.${view} WHERE ${where} ORDER BY ${orderBy.join(', ')}`;
}

/** Condition for objects by schema and name, without regard to case. */
export function objectCondition(
  schemaColumn: string,
  nameColumn: string,
  objects: ReadonlyMap<string, readonly string[]>,
): string {
  return [...objects]
    .map(
      ([schema, names]) =>
        `(lower(${schemaColumn}) = ${quoteLiteral(schema)} AND lower(${nameColumn}) IN (${names.map(quoteLiteral).join(', ')}))`,
    )
    .join(' OR ');
}
