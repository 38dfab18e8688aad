import type { StatementResult } from '../../ports/index.ts';
import { InvalidOptionError } from '../../core/index.ts';
import {
  canonicalTable,
  isEmptyAnswer,
  nameOrder,
  tableDigest,
  type CanonicalTable,
} from './canonical-table.ts';
import {
  mappingByName,
  mappingByValue,
  mappingWithin,
  sameRows,
  type ColumnMapping,
} from './column-mapping.ts';
import type { MatchType, ResultComparison } from './comparison.ts';
import { describeDifference } from './difference.ts';
import { differsOnlyInTies, sameOrder, type ExpectedOrder } from './order.ts';

/** Defaults of {@link compareResults}. @see spec/evaluation.md §7.4 */
export const COMPARISON_DEFAULTS = { floatDigits: 6, tolerance: 1e-4 } as const;

export interface CompareOptions {
  /** Both statements have the same text, so the answers are equal whatever a second run returned. */
  readonly identicalSql?: boolean | undefined;
  /** Order and limit of the answer key; `null` or absent: rows are a bag. */
  readonly order?: ExpectedOrder | null | undefined;
  /** Rows in another order than asked for make the answer wrong; by default this is only noted in `orderMatch`. */
  readonly requireOrder?: boolean | undefined;
  /** Columns of the answer key that may be absent, any case. @see decisions 24 */
  readonly optionalColumns?: readonly string[] | undefined;
  /** Whether an answer with more columns passes. Default `true`. */
  readonly acceptSuperset?: boolean | undefined;
  /** Whether an answer that lacks columns passes. Default `false`. */
  readonly acceptSubset?: boolean | undefined;
  /** Places that numbers keep, 0–30. */
  readonly floatDigits?: number | undefined;
  /** Relative and absolute tolerance for FLOAT and DOUBLE, 0–0.1; 0 compares exactly. */
  readonly tolerance?: number | undefined;
}

/**
 * Compares the answer key's result with Genie's, without running anything.
 *
 * Values are compared in canonical form by declared type, rows as a bag, columns by name and then by
 * value. Results that were cut off or that are empty on both sides cannot be compared: `match` is then
 * `null` with a reason. A cut-off side that already has more rows than the other side in full differs for sure.
 *
 * @see spec/evaluation.md §7.4
 */
export function compareResults(
  expected: StatementResult,
  actual: StatementResult,
  options: CompareOptions = {},
): ResultComparison {
  const policy = numberPolicy(options);
  const [left, right] = [
    canonicalTable(expected, policy.floatDigits),
    canonicalTable(actual, policy.floatDigits),
  ];
  const [leftOrder, rightOrder] = [nameOrder(left), nameOrder(right)];
  const truncated = expected.truncated || actual.truncated;
  const base: ResultComparison = {
    match: null,
    matchType: 'not_evaluated',
    expectedRows: left.rows.length,
    actualRows: right.rows.length,
    expectedHash: tableDigest(left, leftOrder),
    actualHash: tableDigest(right, rightOrder),
    diff: null,
    truncated,
    exclusion: null,
    error: null,
    orderMatch: null,
  };
  if (options.identicalSql === true) return { ...base, match: true, matchType: 'identical_sql' };
  if (truncated && !differsForSure(expected, actual)) return { ...base, exclusion: 'row_cap' };
  if (isEmptyAnswer(left) && isEmptyAnswer(right))
    return { ...base, matchType: 'both_empty', exclusion: 'both_empty' };
  // Equal digests of equal names say that the rows are worth comparing.
  const exact = base.expectedHash === base.actualHash && sameRows(left, leftOrder, right, rightOrder);
  const found = truncated ? null : exact ? exactMatch(left, right) : findMatch(left, right, options, policy);
  if (found === null)
    return { ...base, match: false, matchType: 'mismatch', diff: describeDifference(left, right) };

  const order = options.order ?? null;
  const orderMatch =
    order?.asked === true && found.match ? sameOrder(left, right, found.mapping, order) : null;
  const match = found.match && !(options.requireOrder === true && orderMatch === false);
  return {
    ...base,
    match,
    matchType: found.match && !match ? 'mismatch' : found.matchType,
    diff: match ? null : describeDifference(left, right),
    orderMatch,
  };
}

/** Fingerprint of a result in canonical form, as in `expectedHash` and `actualHash`; independent of order. */
export function resultDigest(result: StatementResult): string {
  const table = canonicalTable(result, COMPARISON_DEFAULTS.floatDigits);
  return tableDigest(table, nameOrder(table));
}

function numberPolicy(options: CompareOptions): { floatDigits: number; tolerance: number } {
  const { floatDigits = COMPARISON_DEFAULTS.floatDigits, tolerance = COMPARISON_DEFAULTS.tolerance } =
    options;
  if (!Number.isInteger(floatDigits) || floatDigits < 0 || floatDigits > 30) {
    throw new InvalidOptionError('floatDigits', `must be a whole number from 0 to 30, got ${floatDigits}`);
  }
  if (!(tolerance >= 0 && tolerance <= 0.1))
    throw new InvalidOptionError('tolerance', `must be from 0 to 0.1, got ${tolerance}`);
  return { floatDigits, tolerance };
}

/** One side is complete and the other, though cut off, already has more rows. */
const differsForSure = (expected: StatementResult, actual: StatementResult): boolean =>
  (!expected.truncated && actual.rows.length > expected.rows.length) ||
  (!actual.truncated && expected.rows.length > actual.rows.length);

interface Found {
  readonly match: boolean;
  readonly matchType: MatchType;
  readonly mapping: ColumnMapping;
}

function exactMatch(left: CanonicalTable, right: CanonicalTable): Found | null {
  const mapping = mappingByName(left, right, [...left.columns.keys()]);
  return mapping === null ? null : { match: true, matchType: 'exact', mapping };
}

/** The best tier that holds, or `null` for a mismatch. */
function findMatch(
  left: CanonicalTable,
  right: CanonicalTable,
  options: CompareOptions,
  policy: { floatDigits: number; tolerance: number },
): Found | null {
  // In the order in which the rows were hashed already.
  const all = nameOrder(left);
  const sameWidth = left.columns.length === right.columns.length;
  if (right.columns.length >= left.columns.length) {
    const wider = (matchType: MatchType, mapping: ColumnMapping): Found =>
      sameWidth
        ? { match: true, matchType, mapping }
        : { match: options.acceptSuperset !== false, matchType: 'column_superset', mapping };
    const named = mappingByName(left, right, all);
    if (named !== null && sameRows(left, all, right, [...named.values()])) return wider('exact', named);
    const valued = mappingByValue(left, right, all);
    if (valued !== null) return wider('column_alias', valued);
    const near = mappingWithin(left, right, all, policy);
    if (near !== null)
      return { match: sameWidth || options.acceptSuperset !== false, matchType: 'approx', mapping: near };
  }
  return (
    withoutOptional(left, right, options, policy) ??
    subset(left, right, options) ??
    tied(left, right, options)
  );
}

/**
 * Columns that the question calls optional may be left out, and others may come in addition.
 *
 * A column shown under the name of an optional one is not left out: its values count.
 */
function withoutOptional(
  left: CanonicalTable,
  right: CanonicalTable,
  options: CompareOptions,
  policy: { floatDigits: number; tolerance: number },
): Found | null {
  const optional = new Set((options.optionalColumns ?? []).map((name) => name.trim().toLowerCase()));
  const shown = new Set(right.columns.map(({ name }) => name));
  const required = [...left.columns.keys()].filter((column) => {
    const name = left.columns[column]?.name ?? '';
    return !optional.has(name) || shown.has(name);
  });
  if (required.length === left.columns.length || required.length === 0) return null;
  const mapping = mappingByValue(left, right, required) ?? mappingWithin(left, right, required, policy);
  return mapping === null ? null : { match: true, matchType: 'column_subset', mapping };
}

function subset(left: CanonicalTable, right: CanonicalTable, options: CompareOptions): Found | null {
  if (right.columns.length >= left.columns.length) return null;
  const reverse = mappingByValue(right, left, [...right.columns.keys()]);
  if (reverse === null) return null;
  const mapping = new Map([...reverse].map(([actual, expected]) => [expected, actual]));
  return { match: options.acceptSubset === true, matchType: 'column_subset', mapping };
}

function tied(left: CanonicalTable, right: CanonicalTable, options: CompareOptions): Found | null {
  const order = options.order ?? null;
  if (order === null || left.columns.length > right.columns.length) return null;
  const all = [...left.columns.keys()];
  const mapping =
    mappingByName(left, right, all) ??
    (left.columns.length === right.columns.length ? new Map(all.map((index) => [index, index])) : null);
  return mapping !== null && differsOnlyInTies(left, right, mapping, order)
    ? { match: false, matchType: 'tied_limit', mapping }
    : null;
}
