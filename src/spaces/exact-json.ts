/**
 * JSON whose numbers keep their digits.
 *
 * A number that JavaScript would write differently (`1.0`, `12345678901234567890`, `1e3`) is read as
 * `{ $number: '1.0' }`: plain data, so it survives `structuredClone`, spreading, canonical JSON and a
 * JSON form of a plan, which `JSON.rawJSON` objects do not. An object of the wire that looks the same
 * gets one more `$` on reading and loses it on writing.
 *
 * Not kept, because they are not content: whitespace, the spelling of escapes inside strings, the
 * earlier one of two equal keys, and the place of keys that look like array indexes.
 */
export interface ExactNumber {
  readonly $number: string;
}

interface RawJson {
  readonly rawJSON: (text: string) => unknown;
}

/** Available since Node 21, not yet in the ES2023 library types. */
const { rawJSON } = JSON as unknown as RawJson;

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/gs;
const ESCAPED_KEY = /^\$+number$/;
const NUMBER_TEXT = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const isAltered = (number: string): boolean => String(Number(number)) !== number;

/** Whether the value stands for a number that JavaScript cannot hold as written. */
export function isExactNumber(value: unknown): value is ExactNumber {
  if (typeof value !== 'object' || value === null) return false;
  const { $number } = value as Record<string, unknown>;
  return typeof $number === 'string' && NUMBER_TEXT.test($number) && Object.keys(value).length === 1;
}

/**
 * Reads JSON with exact numbers.
 *
 * @throws {SyntaxError} as `JSON.parse`
 */
export function parseExactJson(text: string): unknown {
  if (!needsCare(text)) return JSON.parse(text);
  const reviver = (_key: string, value: unknown, context?: { source?: string }): unknown => {
    if (typeof value === 'number') {
      const source = context?.source;
      return source !== undefined && isAltered(source) ? { $number: source } : value;
    }
    return renameLoneKey(value, (key) => `$${key}`);
  };
  // A reviver sees the numbers it made itself never again: children are revived before their parent,
  // and what a child returned is only passed as part of the parent. So the parent must not take a
  // fresh ExactNumber for an object of the wire: the renaming looks at the parent itself only.
  return JSON.parse(text, reviver);
}

function needsCare(text: string): boolean {
  if (text.includes('$number"')) return true;
  for (const [token] of text.matchAll(TOKEN)) {
    if (!token.startsWith('"') && isAltered(token)) return true;
  }
  return false;
}

function renameLoneKey(value: unknown, rename: (key: string) => string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const keys = Object.keys(value);
  const key = keys[0];
  if (keys.length !== 1 || key === undefined || !ESCAPED_KEY.test(key)) return value;
  return { [rename(key)]: (value as Record<string, unknown>)[key] };
}

/** The value as `JSON.stringify` must see it, so that exact numbers are written with their digits. */
export function writableJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return mapChanged(value, writableJson);
  if (isExactNumber(value)) return rawJSON(value.$number);
  const keys = Object.keys(value);
  const unescaped = keys[0]?.startsWith('$$') === true ? renameLoneKey(value, (key) => key.slice(1)) : value;
  const entries = Object.entries(unescaped as object);
  const mapped = entries.map(([key, item]): [string, unknown] => [key, writableJson(item)]);
  const changed = unescaped !== value || mapped.some(([, item], index) => item !== entries[index]?.[1]);
  return changed ? Object.fromEntries(mapped) : value;
}

function mapChanged<T>(items: readonly T[], map: (item: T) => unknown): unknown {
  const mapped = items.map(map);
  return mapped.some((item, index) => item !== items[index]) ? mapped : items;
}
