import { SpaceFormatError } from './space-format-error.ts';

const MAX_DEPTH = 100;

/**
 * An independent copy of a JSON-like value; own keys only, `__proto__` kept as an ordinary key.
 *
 * Members that are `undefined` are left out, as `JSON.stringify` does.
 * @throws {SpaceFormatError} for cycles, nesting over 100 levels and values JSON cannot hold
 */
export function copyJson(value: unknown, path = ''): unknown {
  return copy(value, path, 0);
}

function copy(value: unknown, path: string, depth: number): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (depth > MAX_DEPTH) {
    throw new SpaceFormatError(path, `nested deeper than ${MAX_DEPTH} levels or cyclic`, 'Remove the cycle.');
  }
  if (Array.isArray(value)) return value.map((item, index) => copy(item, `${path}[${index}]`, depth + 1));
  if (typeof value === 'object') {
    const entries: [string, unknown][] = [];
    for (const [key, item] of Object.entries(value)) {
      if (item !== undefined)
        entries.push([key, copy(item, path === '' ? key : `${path}.${key}`, depth + 1)]);
    }
    return Object.fromEntries(entries);
  }
  throw new SpaceFormatError(path, `a ${typeof value} is no JSON value`, 'Pass plain data or the JSON text.');
}

/** Deep equality of JSON values; the order of object keys does not matter, the order of items does. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(
      (key) =>
        Object.hasOwn(b, key) &&
        sameJson((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
    )
  );
}
