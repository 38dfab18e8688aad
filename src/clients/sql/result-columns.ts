import type { ResultColumn } from '../../ports/index.ts';
import type { ColumnWire } from './wire.ts';

/** Names of the wire whose SQL name is another. */
const SQL_NAME: Readonly<Record<string, string>> = {
  LONG: 'BIGINT',
  SHORT: 'SMALLINT',
  BYTE: 'TINYINT',
  NULL: 'VOID',
};

/** A column of the manifest with SQL type names; an absent type counts as STRING, the form of every cell. */
export function toResultColumn(column: ColumnWire): ResultColumn {
  const wireName = column.type_name?.toUpperCase() ?? 'STRING';
  const sqlName = SQL_NAME[wireName] ?? wireName;
  const typeText = column.type_text?.toUpperCase() ?? sqlName;
  return { name: column.name, typeName: /^[A-Z_]+/.exec(typeText)?.[0] ?? sqlName, typeText };
}
