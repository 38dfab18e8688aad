import { sameBag } from './bag.ts';
import type { CanonicalTable } from './canonical-table.ts';
import type { NumberPolicy } from './tolerance.ts';
import { columnsAgreeWithin, sameRowsWithin } from './tolerant-rows.ts';

/** For each column of the answer key that is compared, the column of the answer that stands for it. */
export type ColumnMapping = ReadonlyMap<number, number>;

/** Assignments of ambiguous columns tried before giving up. @see spec/evaluation.md §7.4 */
const MAX_PERMUTATIONS = 5040;
/** Each tolerant trial matches rows again, so far fewer are worth it. */
const MAX_TOLERANT_TRIALS = 24;

/** Whether both tables hold the same rows over these columns. Digests tell most others apart. */
export const sameRows = (
  expected: CanonicalTable,
  from: readonly number[],
  actual: CanonicalTable,
  to: readonly number[],
): boolean =>
  expected.rows.length === actual.rows.length &&
  expected.digest(from) === actual.digest(to) &&
  sameBag(
    { rows: expected.rows, columns: from, hashes: expected.hashes(from) },
    { rows: actual.rows, columns: to, hashes: actual.hashes(to) },
  );

/** Pairs columns of equal name; `null` unless every wanted column has a partner. */
export function mappingByName(
  expected: CanonicalTable,
  actual: CanonicalTable,
  wanted: readonly number[],
): ColumnMapping | null {
  const byName = new Map(actual.columns.map(({ name }, index) => [name, index]));
  const mapping = new Map<number, number>();
  for (const column of wanted) {
    const partner = byName.get(expected.columns[column]?.name ?? '');
    if (partner === undefined) return null;
    mapping.set(column, partner);
  }
  return mapping;
}

/**
 * An assignment of columns under which both tables hold the same rows, or `null`.
 *
 * Columns are told apart by their values. A column of the answer that carries the name of one of
 * the answer key stands for that one or for none: swapped labels are a wrong answer.
 */
export function mappingByValue(
  expected: CanonicalTable,
  actual: CanonicalTable,
  wanted: readonly number[],
): ColumnMapping | null {
  if (expected.rows.length !== actual.rows.length) return null;
  if (hasOnlyNamesOf(expected, actual)) {
    const named = mappingByName(expected, actual, wanted);
    return named !== null && sameRows(expected, wanted, actual, [...named.values()]) ? named : null;
  }
  const candidates = candidatesOf(expected, actual, wanted, (column) => {
    const digest = expected.digest([column]);
    return (partner) => actual.digest([partner]) === digest;
  });
  return search(candidates, MAX_PERMUTATIONS, {
    // A part of the columns must already hold the same rows; digests make this test cheap.
    promising: (from, to) => from.length < 2 || expected.digest(from) === actual.digest(to),
    accept: (from, to) => sameRows(expected, from, actual, to),
  });
}

/** Like {@link mappingByValue}, with room for floats and for decimals of different scale. */
export function mappingWithin(
  expected: CanonicalTable,
  actual: CanonicalTable,
  wanted: readonly number[],
  policy: NumberPolicy,
): ColumnMapping | null {
  if (expected.rows.length !== actual.rows.length) return null;
  const named = mappingByName(expected, actual, wanted);
  if (named !== null && sameRowsWithin(expected, actual, named, policy)) return named;
  if (hasOnlyNamesOf(expected, actual)) return null;
  const candidates = candidatesOf(expected, actual, wanted, (column) => {
    const digest = expected.digest([column]);
    return (partner) =>
      actual.digest([partner]) === digest || columnsAgreeWithin(expected, column, actual, partner, policy);
  });
  return search(candidates, MAX_TOLERANT_TRIALS, {
    promising: () => true,
    accept: (from, to) =>
      sameRowsWithin(expected, actual, new Map(from.map((column, at) => [column, to[at] ?? -1])), policy),
  });
}

/** Whether no column of the answer has a name of its own, so that each can only stand for its namesake. */
const hasOnlyNamesOf = (expected: CanonicalTable, actual: CanonicalTable): boolean => {
  const names = new Set(expected.columns.map(({ name }) => name));
  return actual.columns.every(({ name }) => names.has(name));
};

interface Candidates {
  readonly column: number;
  readonly partners: readonly number[];
}

function candidatesOf(
  expected: CanonicalTable,
  actual: CanonicalTable,
  wanted: readonly number[],
  testFor: (column: number) => (partner: number) => boolean,
): readonly Candidates[] {
  const ownNames = new Set(expected.columns.map(({ name }) => name));
  const list = wanted.map((column): Candidates => {
    const name = expected.columns[column]?.name ?? '';
    const fits = testFor(column);
    const partners = actual.columns.flatMap((partner, index) =>
      (partner.name === name || !ownNames.has(partner.name)) && fits(index) ? [index] : [],
    );
    return {
      column,
      partners: partners.sort(
        (a, b) => Number(actual.columns[b]?.name === name) - Number(actual.columns[a]?.name === name),
      ),
    };
  });
  return list.sort((a, b) => a.partners.length - b.partners.length);
}

interface Trial {
  readonly promising: (from: readonly number[], to: readonly number[]) => boolean;
  readonly accept: (from: readonly number[], to: readonly number[]) => boolean;
}

function search(candidates: readonly Candidates[], maxTrials: number, trial: Trial): ColumnMapping | null {
  if (candidates.length === 0 || candidates.some(({ partners }) => partners.length === 0)) return null;
  const ambiguous = candidates.some(({ partners }) => partners.length > 1);
  const from: number[] = [];
  const to: number[] = [];
  let trials = 0;
  const step = (at: number): boolean => {
    const next = candidates[at];
    if (next === undefined) return ++trials <= maxTrials && trial.accept(from, to);
    for (const partner of next.partners) {
      if (to.includes(partner)) continue;
      if (trials > maxTrials) return false;
      from.push(next.column);
      to.push(partner);
      if (ambiguous && at > 0) trials += 1;
      if ((!ambiguous || trial.promising(from, to)) && step(at + 1)) return true;
      from.pop();
      to.pop();
    }
    return false;
  };
  return step(0) ? new Map(from.map((column, at) => [column, to[at] ?? -1])) : null;
}
