import type { ResultColumn } from '../../ports/index.ts';
import { canonicalNumber } from './decimal.ts';

/** What decides how a cell is written in canonical form. `untyped`: the column came without a type. */
export type CellKind =
  | 'boolean'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'date'
  | 'timestamp'
  | 'timestamp_ntz'
  | 'nested'
  | 'text'
  | 'untyped';

const KINDS: Readonly<Record<string, CellKind>> = {
  '': 'untyped',
  BOOLEAN: 'boolean',
  BYTE: 'integer',
  TINYINT: 'integer',
  SHORT: 'integer',
  SMALLINT: 'integer',
  INT: 'integer',
  INTEGER: 'integer',
  LONG: 'integer',
  BIGINT: 'integer',
  DECIMAL: 'decimal',
  NUMERIC: 'decimal',
  FLOAT: 'float',
  REAL: 'float',
  DOUBLE: 'float',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_LTZ: 'timestamp',
  TIMESTAMP_NTZ: 'timestamp_ntz',
  ARRAY: 'nested',
  MAP: 'nested',
  STRUCT: 'nested',
  VARIANT: 'nested',
  OBJECT: 'nested',
};

const typeWord = (column: ResultColumn): string =>
  /^[A-Z_]*/.exec((column.typeName || column.typeText).trim().toUpperCase())?.[0] ?? '';

/** Kind of a result column; types we do not know compare as text. */
export const cellKind = (column: ResultColumn): CellKind => KINDS[typeWord(column)] ?? 'text';

/** Digits after the point that the declared type keeps; `null` for kinds without a fixed scale. */
export function declaredScale(column: ResultColumn): number | null {
  const kind = cellKind(column);
  if (kind === 'integer') return 0;
  if (kind !== 'decimal') return null;
  const scale = /\(\s*\d+\s*,\s*(\d+)\s*\)/.exec(column.typeText)?.[1];
  if (scale !== undefined) return Number(scale);
  // DECIMAL(10) has scale 0; a bare DECIMAL says nothing.
  return /\(\s*\d+\s*\)/.test(column.typeText) ? 0 : null;
}

/** Marks NULL in row keys; this and the separator are escaped inside texts. */
export const NULL_CELL = '\u0000';
export const CELL_SEPARATOR = '\u0001';
const ESCAPE = '\u0002';
const RESERVED = [ESCAPE, NULL_CELL, CELL_SEPARATOR] as const;

function escapeReserved(text: string): string {
  if (!text.includes(ESCAPE) && !text.includes(NULL_CELL) && !text.includes(CELL_SEPARATOR)) return text;
  // The escape character comes first, so that it is not escaped again.
  return RESERVED.reduce((escaped, char, at) => escaped.replaceAll(char, `${ESCAPE}${at}`), text);
}

/** Nothing to trim and nothing to escape, seen in one pass; says `false` of the rare text that starts or ends with a letter beyond ASCII. */
function isPlain(text: string): boolean {
  const last = text.length - 1;
  if (last < 0) return true;
  const [first, end] = [text.charCodeAt(0), text.charCodeAt(last)];
  if (first <= 32 || first > 126 || end <= 32 || end > 126) return false;
  for (let at = 1; at < last; at++) if (text.charCodeAt(at) <= 2) return false;
  return true;
}

/**
 * Canonical text of one cell: equal texts mean equal values.
 *
 * Values that do not fit their declared type are kept as text. NULL differs from the empty string.
 *
 * @see spec/evaluation.md §7.4
 */
export function canonicalCell(kind: CellKind, value: string | null, floatDigits: number): string {
  if (value === null) return NULL_CELL;
  switch (kind) {
    case 'integer':
    case 'decimal':
    case 'float':
      return canonicalNumber(value, floatDigits) ?? escapeReserved(value.trim());
    case 'boolean':
      return value.trim().toLowerCase();
    case 'date':
      return PLAIN_DATE.test(value) ? value : canonicalTime(value, true);
    case 'timestamp':
      return canonicalTime(value, true);
    case 'timestamp_ntz':
      return canonicalTime(value, false);
    case 'nested':
      return canonicalNested(value, floatDigits);
    case 'text':
    case 'untyped':
      return isPlain(value) ? value : escapeReserved(value.trim());
    default:
      return kind satisfies never;
  }
}

const PLAIN_DATE = /^\d{4}-\d\d-\d\d$/;
const TIME =
  /^([+-]?\d{4,6}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/i;

/** `YYYY-MM-DD`, with a time only when it is not midnight: a timestamp at midnight equals its date. */
function canonicalTime(value: string, shiftZone: boolean): string {
  const trimmed = value.trim();
  const match = TIME.exec(trimmed);
  if (match === null) return escapeReserved(trimmed);
  const [, day = '', hour = '00', minute = '00', second = '00', fraction = '', zone = ''] = match;
  const micros = fraction.slice(0, 6).replace(/0+$/, '');
  const offset = shiftZone ? offsetMinutes(zone) : 0;
  let text = `${day}T${hour}:${minute}:${second}`;
  if (offset !== 0) text = new Date(Date.parse(`${text}Z`) - offset * 60_000).toISOString().slice(0, 19);
  if (micros !== '') return `${text}.${micros}`;
  return text.endsWith('T00:00:00') ? text.slice(0, -9) : text;
}

function offsetMinutes(zone: string): number {
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}

/** JSON with sorted keys and every scalar as canonical text: the API sends nested numbers bare or in quotes. */
function canonicalNested(value: string, floatDigits: number): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value, function numbersAsText(_key, item: unknown, context?: { source?: string }) {
      return typeof item === 'number'
        ? (canonicalNumber(context?.source ?? String(item), floatDigits) ?? String(item))
        : item;
    } as (key: string, item: unknown) => unknown);
  } catch {
    // Not JSON (an INTERVAL inside a struct, a VARIANT that is bare text): compare what is written.
    return escapeReserved(value.trim());
  }
  return escapeReserved(JSON.stringify(normalised(parsed)));
}

function normalised(value: unknown): unknown {
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(normalised);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, item]) => [key, normalised(item)]));
}
