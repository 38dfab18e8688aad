import type { Random } from './random.ts';

/** Makes the 32-hex ids that a space demands for its parts. */
export type NewId = () => string;

/** Form of every id inside a serialized space. @see spec/databricks-apis.md §3.3 */
export const HEX_ID = /^[0-9a-f]{32}$/;

/**
 * Ids that sort by creation time, so that new parts append after old ones in the canonical order.
 *
 * @param now - milliseconds since 1970
 */
export function timeOrderedIds(now: () => number, random: Random): NewId {
  let counter = 0;
  return () => {
    // Offset of the Gregorian epoch, as in the ids that Genie's own editor makes (prefix `01f…`).
    const ticks = (BigInt(Math.trunc(now())) + 12_219_292_800_000n) * 10_000n + BigInt(counter++);
    const time = ticks.toString(16).padStart(15, '0');
    const tail = Array.from({ length: 15 }, () => Math.trunc(random() * 16).toString(16)).join('');
    return `${time.slice(0, 12)}1${time.slice(12)}8${tail}`.slice(0, 32);
  };
}

/** Ids `…0001`, `…0002`, … for tests and pure plans. */
export function countingIds(prefix = ''): NewId {
  let counter = 0;
  return () => prefix + (++counter).toString(16).padStart(32 - prefix.length, '0');
}
