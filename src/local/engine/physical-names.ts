/** Name of the DuckDB schema that holds the tables of one Databricks schema. */
export const physicalSchema = (name: { readonly catalog: string; readonly schema: string }): string =>
  `${name.catalog}.${name.schema}`.toLowerCase();

/** The DuckDB schema of the information_schema tables. */
export const INFORMATION_SCHEMA = 'dbx_information_schema';

/** An identifier for DuckDB. */
export const quoteDuckdb = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text as a literal of DuckDB, where a backslash is a character like any other. */
export const duckdbLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The DuckDB name of a table. */
export const physicalName = (name: {
  readonly catalog: string;
  readonly schema: string;
  readonly name: string;
}): string => `${quoteDuckdb(physicalSchema(name))}.${quoteDuckdb(name.name.toLowerCase())}`;
