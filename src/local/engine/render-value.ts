import type { SqlType } from './types.ts';

/**
 * A cell as the SQL API prints it in JSON_ARRAY: every value a text, `null` stays `null`.
 *
 * Decimals keep their scale, doubles print as Java prints them, timestamps as ISO 8601 in UTC, lists,
 * maps and structs as JSON.
 */
export function renderCell(value: unknown, type: SqlType): string | null {
  if (value === null || value === undefined) return null;
  if (type.kind === 'array' || type.kind === 'map' || type.kind === 'struct')
    return JSON.stringify(jsonValue(value, type));
  return renderScalar(value, type);
}

function renderScalar(value: unknown, type: SqlType): string {
  if (typeof value === 'number') {
    if (type.kind === 'simple' && type.name === 'FLOAT') return javaDouble(Number(value.toPrecision(7)));
    return type.kind === 'simple' && type.name === 'DOUBLE' ? javaDouble(value) : String(value);
  }
  const micros = (value as { micros?: unknown }).micros;
  if (typeof micros === 'bigint' && type.kind === 'simple' && type.name.startsWith('TIMESTAMP'))
    return isoTimestamp(micros);
  const bytes = (value as { bytes?: unknown }).bytes;
  if (bytes instanceof Uint8Array) return Buffer.from(bytes).toString('base64');
  return String(value);
}

function jsonValue(value: unknown, type: SqlType): unknown {
  if (value === null || value === undefined) return null;
  if (type.kind === 'array')
    return (value as { items: readonly unknown[] }).items.map((item) => jsonValue(item, type.element));
  if (type.kind === 'map') {
    const { entries } = value as { entries: readonly { key: unknown; value: unknown }[] };
    return Object.fromEntries(
      entries.map((entry) => [renderScalar(entry.key, type.key), jsonValue(entry.value, type.value)]),
    );
  }
  if (type.kind === 'struct') {
    const { entries } = value as { entries: Readonly<Record<string, unknown>> };
    return Object.fromEntries(
      type.fields.map((field) => [field.name, jsonValue(entries[field.name], field.type)]),
    );
  }
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint' && value >= -9_007_199_254_740_991n && value <= 9_007_199_254_740_991n)
    return Number(value);
  return renderScalar(value, type);
}

/** `1.0`, `0.001`, `1.0E7`, `1.234E-5`: the text of Java's Double.toString for the shortest digits. */
export function javaDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) {
    const text = String(value);
    return text.includes('.') ? text : `${text}.0`;
  }
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

function isoTimestamp(micros: bigint): string {
  const millis = micros / 1000n - (micros % 1000n < 0n ? 1n : 0n);
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  const text = new Date(Number(millis)).toISOString();
  return rest === 0n ? text : `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}
