import { duckdbLiteral } from '../engine/physical-names.ts';
import type { CatalogModel } from './catalog-model.ts';
import { KEY_TABLES } from './information-schema-keys.ts';
import { RELATION_TABLES } from './information-schema-relations.ts';
import { ROUTINE_TABLES } from './information-schema-routines.ts';
import type { Cell, InformationSchemaTable } from './information-schema-shape.ts';

/** Every table by its lower-case name. @see spec/databricks-apis.md §5.2 */
export const INFORMATION_SCHEMA_TABLES: Readonly<Record<string, InformationSchemaTable>> = {
  ...RELATION_TABLES,
  ...ROUTINE_TABLES,
  ...KEY_TABLES,
};

/** Columns that hold numbers; all others hold texts. */
const INTEGER_COLUMNS = new Set([
  'ordinal_position',
  'numeric_precision',
  'numeric_scale',
  'numeric_precision_radix',
  'position_in_unique_constraint',
]);

const literal = (cell: Cell | undefined): string =>
  cell === null || cell === undefined
    ? 'NULL'
    : typeof cell === 'number'
      ? String(cell)
      : duckdbLiteral(cell);

/** DuckDB statements that make the tables anew from the catalog. */
export function informationSchemaSql(model: CatalogModel, schema: string): string {
  const statements = [`CREATE SCHEMA IF NOT EXISTS "${schema}"`];
  for (const [name, table] of Object.entries(INFORMATION_SCHEMA_TABLES)) {
    const columns = table.columns.map(
      (column) => `"${column}" ${INTEGER_COLUMNS.has(column) ? 'INTEGER' : 'VARCHAR'}`,
    );
    statements.push(`CREATE OR REPLACE TABLE "${schema}"."${name}" (${columns.join(', ')})`);
    const rows = table
      .rows(model)
      .map((row) => `(${table.columns.map((column) => literal(row[column])).join(', ')})`);
    if (rows.length > 0) statements.push(`INSERT INTO "${schema}"."${name}" VALUES ${rows.join(', ')}`);
  }
  return statements.join(';\n');
}
