import { engineLimit } from './sql-error.ts';

/** How the SQL API names a type: `LONG` and `BIGINT`, `DECIMAL` and `DECIMAL(12,2)`. */
export interface WireType {
  readonly typeName: string;
  readonly typeText: string;
  readonly precision?: number;
  readonly scale?: number;
}

/** Databricks type name, upper case → name of the SQL API and type in DuckDB. */
const SIMPLE: Readonly<Record<string, readonly [typeText: string, typeName: string, duckdb: string]>> = {
  BOOLEAN: ['BOOLEAN', 'BOOLEAN', 'BOOLEAN'],
  TINYINT: ['TINYINT', 'BYTE', 'TINYINT'],
  BYTE: ['TINYINT', 'BYTE', 'TINYINT'],
  SMALLINT: ['SMALLINT', 'SHORT', 'SMALLINT'],
  SHORT: ['SMALLINT', 'SHORT', 'SMALLINT'],
  INT: ['INT', 'INT', 'INTEGER'],
  INTEGER: ['INT', 'INT', 'INTEGER'],
  BIGINT: ['BIGINT', 'LONG', 'BIGINT'],
  LONG: ['BIGINT', 'LONG', 'BIGINT'],
  FLOAT: ['FLOAT', 'FLOAT', 'FLOAT'],
  REAL: ['FLOAT', 'FLOAT', 'FLOAT'],
  DOUBLE: ['DOUBLE', 'DOUBLE', 'DOUBLE'],
  STRING: ['STRING', 'STRING', 'VARCHAR'],
  DATE: ['DATE', 'DATE', 'DATE'],
  TIMESTAMP: ['TIMESTAMP', 'TIMESTAMP', 'TIMESTAMP'],
  TIMESTAMP_NTZ: ['TIMESTAMP_NTZ', 'TIMESTAMP_NTZ', 'TIMESTAMP'],
  BINARY: ['BINARY', 'BINARY', 'BLOB'],
  VARIANT: ['VARIANT', 'VARIANT', 'JSON'],
};

/** A parsed Databricks type. */
export type SqlType =
  | { readonly kind: 'simple'; readonly name: string }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'text'; readonly name: 'VARCHAR' | 'CHAR'; readonly length: number }
  | { readonly kind: 'array'; readonly element: SqlType }
  | { readonly kind: 'map'; readonly key: SqlType; readonly value: SqlType }
  | {
      readonly kind: 'struct';
      readonly fields: readonly { readonly name: string; readonly type: SqlType }[];
    };

/** Reads a Databricks type text. @throws {DatabricksSqlError} for types the engine does not know */
export function readType(text: string): SqlType {
  const trimmed = text.trim();
  const upper = trimmed.toUpperCase();
  const inner = (prefix: string) => trimmed.slice(prefix.length + 1, -1);
  if (/^ARRAY\s*<[\s\S]*>$/.test(upper))
    return { kind: 'array', element: readType(inner(trimmed.slice(0, trimmed.indexOf('<')))) };
  if (/^MAP\s*<[\s\S]*>$/.test(upper)) {
    const [key = '', value = ''] = splitOutside(inner(trimmed.slice(0, trimmed.indexOf('<'))));
    return { kind: 'map', key: readType(key), value: readType(value) };
  }
  if (/^STRUCT\s*<[\s\S]*>$/.test(upper)) {
    const fields = splitOutside(inner(trimmed.slice(0, trimmed.indexOf('<')))).map((field) => {
      const match = /^\s*(`(?:[^`]|``)*`|[^\s:]+)\s*:?\s*([\s\S]+)$/.exec(field);
      if (match === null) throw engineLimit(`The type ${text}`);
      return {
        name: (match[1] ?? '').replaceAll('`', ''),
        type: readType((match[2] ?? '').replace(/\s+COMMENT\s+'[\s\S]*'$/i, '')),
      };
    });
    return { kind: 'struct', fields };
  }
  const decimal = /^(?:DECIMAL|DEC|NUMERIC)(?:\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?$/.exec(upper);
  if (decimal !== null)
    return { kind: 'decimal', precision: Number(decimal[1] ?? 10), scale: Number(decimal[2] ?? 0) };
  const sized = /^(VARCHAR|CHAR|CHARACTER)\s*\(\s*(\d+)\s*\)$/.exec(upper);
  if (sized !== null)
    return { kind: 'text', name: sized[1] === 'VARCHAR' ? 'VARCHAR' : 'CHAR', length: Number(sized[2]) };
  const simple = SIMPLE[upper];
  if (simple !== undefined) return { kind: 'simple', name: simple[0] };
  throw engineLimit(`The type ${text}`);
}

/** Splits at commas outside `<>` and `()`. */
function splitOutside(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '<' || char === '(') depth += 1;
    else if (char === '>' || char === ')') depth -= 1;
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** The one spelling of a type: upper case, without blanks, `LONG` as `BIGINT`. */
export function typeText(type: SqlType): string {
  switch (type.kind) {
    case 'simple':
      return type.name;
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'text':
      return `${type.name}(${type.length})`;
    case 'array':
      return `ARRAY<${typeText(type.element)}>`;
    case 'map':
      return `MAP<${typeText(type.key)}, ${typeText(type.value)}>`;
    case 'struct':
      return `STRUCT<${type.fields.map((field) => `${field.name}: ${typeText(field.type)}`).join(', ')}>`;
    default:
      return type satisfies never;
  }
}

export function duckdbType(type: SqlType): string {
  switch (type.kind) {
    case 'simple':
      return SIMPLE[type.name]?.[2] ?? type.name;
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'text':
      return 'VARCHAR';
    case 'array':
      return `${duckdbType(type.element)}[]`;
    case 'map':
      return `MAP(${duckdbType(type.key)}, ${duckdbType(type.value)})`;
    case 'struct':
      return `STRUCT(${type.fields.map((field) => `"${field.name}" ${duckdbType(field.type)}`).join(', ')})`;
    default:
      return type satisfies never;
  }
}

/** The names of a type in the manifest of a statement. */
export function wireType(type: SqlType): WireType {
  const text = typeText(type);
  switch (type.kind) {
    case 'simple':
      return { typeName: SIMPLE[type.name]?.[1] ?? type.name, typeText: text };
    case 'decimal':
      return { typeName: 'DECIMAL', typeText: text, precision: type.precision, scale: type.scale };
    case 'text':
      return { typeName: type.name === 'CHAR' ? 'CHAR' : 'STRING', typeText: text };
    case 'array':
    case 'map':
    case 'struct':
      return { typeName: type.kind.toUpperCase(), typeText: text };
    default:
      return type satisfies never;
  }
}

/** DuckDB's own names of result types; sums of integers are HUGEINT there and BIGINT in Databricks. */
const FROM_DUCKDB: Readonly<Record<string, string>> = {
  BOOLEAN: 'BOOLEAN',
  TINYINT: 'TINYINT',
  UTINYINT: 'SMALLINT',
  SMALLINT: 'SMALLINT',
  USMALLINT: 'INT',
  INTEGER: 'INT',
  UINTEGER: 'BIGINT',
  BIGINT: 'BIGINT',
  UBIGINT: 'BIGINT',
  HUGEINT: 'BIGINT',
  UHUGEINT: 'BIGINT',
  FLOAT: 'FLOAT',
  DOUBLE: 'DOUBLE',
  VARCHAR: 'STRING',
  JSON: 'STRING',
  UUID: 'STRING',
  DATE: 'DATE',
  TIMESTAMP: 'TIMESTAMP',
  TIMESTAMP_S: 'TIMESTAMP',
  TIMESTAMP_MS: 'TIMESTAMP',
  TIMESTAMP_NS: 'TIMESTAMP',
  'TIMESTAMP WITH TIME ZONE': 'TIMESTAMP',
  BLOB: 'BINARY',
  '"NULL"': 'VOID',
  NULL: 'VOID',
};

/** The Databricks type of a DuckDB type text (`INTEGER[]`, `MAP(VARCHAR, BIGINT)`); unknown ones count as STRING. */
export function fromDuckdbType(text: string): SqlType {
  const trimmed = text.trim();
  const simple = FROM_DUCKDB[trimmed];
  if (simple !== undefined) return { kind: 'simple', name: simple };
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(trimmed);
  if (decimal !== null) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  if (trimmed.endsWith(']'))
    return { kind: 'array', element: fromDuckdbType(trimmed.slice(0, trimmed.lastIndexOf('['))) };
  if (trimmed.startsWith('MAP(')) {
    const [key = '', value = ''] = splitOutside(trimmed.slice(4, -1));
    return { kind: 'map', key: fromDuckdbType(key), value: fromDuckdbType(value) };
  }
  if (trimmed.startsWith('STRUCT(')) {
    const fields = splitOutside(trimmed.slice(7, -1)).map((field) => {
      const match = /^\s*("(?:[^"]|"")*"|\S+)\s+([\s\S]+)$/.exec(field);
      return { name: (match?.[1] ?? '').replaceAll('"', ''), type: fromDuckdbType(match?.[2] ?? '') };
    });
    return { kind: 'struct', fields };
  }
  return { kind: 'simple', name: trimmed.startsWith('INTERVAL') ? 'INTERVAL' : 'STRING' };
}
