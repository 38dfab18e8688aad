import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareResults } from '../../src/judges/index.ts';
import { result } from './results.ts';

type Table = { readonly names: readonly string[]; readonly rows: readonly (readonly (string | null)[])[] };

const toResult = ({ names, rows }: Table) => result(names.map((name) => `${name} INT`).join(', '), rows);
const bag = (rows: Table['rows'], columns: readonly number[]) =>
  JSON.stringify(rows.map((row) => JSON.stringify(columns.map((column) => row[column]))).sort());

/** All ways to choose `count` of `from`, in order. */
function* choices(from: readonly number[], count: number): Generator<number[]> {
  if (count === 0) yield [];
  else
    for (const first of from)
      for (const rest of choices(
        from.filter((item) => item !== first),
        count - 1,
      ))
        yield [first, ...rest];
}

/** The definition of the tiers, tried out on every assignment. */
function slowTier(expected: Table, actual: Table): string {
  const empty = (table: Table) => table.rows.every((row) => row.every((cell) => cell === null));
  if (empty(expected) && empty(actual)) return 'both_empty';
  const all = expected.names.map((_, index) => index);
  const allowed = (e: number, a: number) =>
    expected.names[e] === actual.names[a] || !expected.names.includes(actual.names[a] ?? '');
  const fits = (chosen: number[]) => bag(expected.rows, all) === bag(actual.rows, chosen);
  const named = expected.names.map((name) => actual.names.indexOf(name));
  if (!named.includes(-1) && fits(named))
    return actual.names.length === named.length ? 'exact' : 'column_superset';
  for (const chosen of choices(
    actual.names.map((_, index) => index),
    all.length,
  )) {
    if (chosen.every((a, e) => allowed(e, a)) && fits(chosen))
      return actual.names.length === all.length ? 'column_alias' : 'column_superset';
  }
  if (actual.names.length < expected.names.length) {
    for (const chosen of choices(all, actual.names.length)) {
      const ok = chosen.every(
        (e, a) => expected.names[e] === actual.names[a] || !actual.names.includes(expected.names[e] ?? ''),
      );
      if (
        ok &&
        bag(expected.rows, chosen) ===
          bag(
            actual.rows,
            actual.names.map((_, index) => index),
          )
      )
        return 'column_subset';
    }
  }
  return 'mismatch';
}

const cell = fc.option(fc.constantFrom('0', '1', '2'), { freq: 6 });
const names = (count: number) =>
  fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: count, maxLength: count });
const table = fc.integer({ min: 1, max: 4 }).chain((width) =>
  fc.record({
    names: names(width),
    rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 5 }),
  }),
);
const shuffle = (source: Table, seed: number): Table => {
  const order = source.names
    .map((_, index) => index)
    .sort((a, b) => ((a * 7 + seed) % 5) - ((b * 7 + seed) % 5));
  return {
    names: order.map((index) => source.names[index] ?? ''),
    rows: source.rows.map((row) => order.map((index) => row[index] ?? null)),
  };
};

describe('compareResults against a slow oracle', () => {
  it('finds the same tier for unrelated tables', () => {
    fc.assert(
      fc.property(table, table, (expected, actual) => {
        expect(compareResults(toResult(expected), toResult(actual)).matchType).toBe(
          slowTier(expected, actual),
        );
      }),
      { numRuns: 400 },
    );
  });

  it('finds the same tier for related tables: columns moved, renamed, rows reversed, one cell changed', () => {
    const change = fc.record({
      seed: fc.nat(20),
      rename: fc.boolean(),
      drop: fc.boolean(),
      flip: fc.option(fc.nat(30)),
    });
    fc.assert(
      fc.property(table, change, (expected, { seed, rename, drop, flip }) => {
        let actual = shuffle(expected, seed);
        actual = { ...actual, rows: [...actual.rows].reverse() };
        if (rename)
          actual = {
            ...actual,
            names: actual.names.map((name, index) => (index % 2 === 0 ? `${name}_x` : name)),
          };
        if (drop && actual.names.length > 1)
          actual = { names: actual.names.slice(1), rows: actual.rows.map((row) => row.slice(1)) };
        if (flip !== null)
          actual = {
            ...actual,
            rows: actual.rows.map((row, at) =>
              at === flip % 5 ? row.map((value, c) => (c === 0 ? '7' : value)) : row,
            ),
          };
        expect(compareResults(toResult(expected), toResult(actual)).matchType).toBe(
          slowTier(expected, actual),
        );
      }),
      { numRuns: 600 },
    );
  });

  it('is reflexive under any order of rows and columns, and symmetric on equal columns', () => {
    fc.assert(
      fc.property(table, fc.nat(20), table, (one, seed, other) => {
        const same = compareResults(toResult(one), toResult(shuffle(one, seed)));
        expect(['exact', 'both_empty']).toContain(same.matchType);
        expect(same.actualHash).toBe(same.expectedHash);
        const forth = compareResults(toResult(one), toResult(other));
        const back = compareResults(toResult(other), toResult(one));
        expect(forth.match === true && one.names.length === other.names.length).toBe(
          back.match === true && one.names.length === other.names.length,
        );
      }),
    );
  });

  it('agrees with a search over all pairings on near rows', () => {
    const value = fc.integer({ min: -4, max: 4 }).map((step) => (100 + step * 0.006).toFixed(6));
    const rows = fc.array(fc.tuple(fc.constantFrom('k', 'l'), value, value), { minLength: 1, maxLength: 5 });
    const near = (a: string, b: string) =>
      Math.abs(Number(a) - Number(b)) <= 1e-4 + 1e-4 * Math.max(Number(a), Number(b)) + 1e-12;
    const pairable = (left: string[][], right: string[][]): boolean =>
      left.length === 0
        ? right.length === 0
        : right.some(
            (row, at) =>
              row[0] === left[0]?.[0] &&
              near(row[1] ?? '', left[0]?.[1] ?? '') &&
              near(row[2] ?? '', left[0]?.[2] ?? '') &&
              pairable(
                left.slice(1),
                right.filter((_, index) => index !== at),
              ),
          );
    fc.assert(
      fc.property(rows, rows, (left, right) => {
        const columns = 'k STRING, a DOUBLE, b DOUBLE';
        const outcome = compareResults(result(columns, left), result(columns, right));
        expect(outcome.match).toBe(left.length === right.length && pairable(left, right));
      }),
      { numRuns: 300 },
    );
  });
});
