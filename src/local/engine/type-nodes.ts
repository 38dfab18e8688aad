import { duckdbType, readType } from './types.ts';
import { call } from './tree.ts';
import type { Node } from './tree.ts';

/**
 * A cast to a Databricks type given as text.
 *
 * @param late - the type of the value is not known when DuckDB chooses between overloads of a macro
 */
export function castNode(value: unknown, type: string, late = false): Node {
  const duckdb = duckdbType(readType(type));
  if (duckdb === 'INTEGER') return call(late ? 'dbx_cast_int_late' : 'dbx_cast_int', [value]);
  if (duckdb === 'BIGINT') return call(late ? 'dbx_cast_bigint_late' : 'dbx_cast_bigint', [value]);
  return {
    cast: {
      this: value,
      // The generator writes the text of a custom type as it is.
      to: { data_type: 'custom', name: duckdb },
      trailing_comments: [],
      double_colon_syntax: false,
      format: null,
      default: null,
    },
  };
}
