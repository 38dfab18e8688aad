import type { SqlResult } from '../engine/sql-engine.ts';
import { typeText } from '../engine/types.ts';

export type Assessment = 'GOOD' | 'BAD' | 'NEEDS_REVIEW';

/** Reasons that the comparison of two results can give; those of the service's own model never come from here. */
export type EvalReason =
  | 'EMPTY_RESULT'
  | 'RESULT_MISSING_ROWS'
  | 'RESULT_EXTRA_ROWS'
  | 'RESULT_MISSING_COLUMNS'
  | 'RESULT_EXTRA_COLUMNS'
  | 'SINGLE_CELL_DIFFERENCE'
  | 'EMPTY_GOOD_SQL'
  | 'COLUMN_TYPE_DIFFERENCE';

export interface EvalVerdict {
  readonly assessment: Assessment;
  readonly reasons: readonly EvalReason[];
}

/** One side of a comparison; `result` is `null` when the SQL failed or there was none. */
export interface EvalSide {
  readonly sql: string | null;
  readonly result: SqlResult | null;
}

const good: EvalVerdict = { assessment: 'GOOD', reasons: [] };
const bad = (...reasons: EvalReason[]): EvalVerdict => ({ assessment: 'BAD', reasons });
const review = (...reasons: EvalReason[]): EvalVerdict => ({ assessment: 'NEEDS_REVIEW', reasons });

/**
 * Compares an answer with the answer key, without a model.
 *
 * Order of rows and of columns and names of columns do not count; numbers count to four significant digits.
 * A key that is missing, broken or empty leaves the question to a person.
 * @see spec/databricks-apis.md §2.4
 */
export function assess(actual: EvalSide, expected: EvalSide): EvalVerdict {
  if (expected.sql === null) return review();
  if (actual.sql !== null && sameText(actual.sql, expected.sql)) return good;
  if (expected.result === null) return review();
  if (expected.result.rows.length === 0) return review('EMPTY_GOOD_SQL');
  if (actual.result === null || actual.result.rows.length === 0) return bad('EMPTY_RESULT');
  return compareResults(actual.result, expected.result);
}

const sameText = (left: string, right: string): boolean => bare(left) === bare(right);

const bare = (sql: string): string =>
  sql
    .replaceAll(/\s+/g, ' ')
    .replace(/\s*;\s*$/, '')
    .trim();

function compareResults(actual: SqlResult, expected: SqlResult): EvalVerdict {
  const isCell = (result: SqlResult) => result.rows.length === 1 && result.columns.length === 1;
  const width = actual.columns.length - expected.columns.length;
  if (width !== 0) return bad(width > 0 ? 'RESULT_EXTRA_COLUMNS' : 'RESULT_MISSING_COLUMNS');
  const order = columnOrder(actual, expected);
  const [left, right] = [rowKeys(actual, order), rowKeys(expected, null)];
  const extra = countMissing(left, right);
  const missing = countMissing(right, left);
  if (extra === 0 && missing === 0) return good;
  if (typeKinds(actual, order) !== typeKinds(expected, null)) return bad('COLUMN_TYPE_DIFFERENCE');
  if (isCell(actual) && isCell(expected)) return bad('SINGLE_CELL_DIFFERENCE');
  return bad(
    ...(missing > 0 ? (['RESULT_MISSING_ROWS'] as const) : []),
    ...(extra > 0 ? (['RESULT_EXTRA_ROWS'] as const) : []),
  );
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Positions of the actual columns in the order of the expected ones: by equal values, then by place. */
function columnOrder(actual: SqlResult, expected: SqlResult): number[] {
  const values = (result: SqlResult, column: number): string =>
    result.rows
      .map((row) => JSON.stringify(cellKey(result, row, column)))
      .sort(byCodeUnit)
      .join();
  const free = new Set(actual.columns.keys());
  const found = expected.columns.map((column, index) => {
    const wanted = values(expected, index);
    const fits = [...free].filter((each) => values(actual, each) === wanted);
    const name = column.name.toLowerCase();
    const best =
      fits.find((each) => actual.columns[each]?.name.toLowerCase() === name) ??
      fits.find((each) => each === index) ??
      fits[0];
    if (best !== undefined) free.delete(best);
    return best;
  });
  return found.map((each, index) => {
    if (each !== undefined) return each;
    const next = free.has(index) ? index : ([...free][0] ?? index);
    free.delete(next);
    return next;
  });
}

const rowKeys = (result: SqlResult, order: readonly number[] | null): string[] =>
  result.rows.map((row) =>
    JSON.stringify((order ?? [...row.keys()]).map((column) => cellKey(result, row, column))),
  );

/** Numbers by value to four significant digits; everything else as it is printed. */
function cellKey(result: SqlResult, row: readonly (string | null)[], column: number): string | null {
  const cell = row[column] ?? null;
  if (cell === null || typeKind(result, column) !== 'number' || !Number.isFinite(Number(cell))) return cell;
  return String(Number(Number(cell).toPrecision(4)));
}

const NUMBERS = /^(?:tinyint|smallint|int|bigint|float|double|decimal)\b/i;

function typeKind(result: SqlResult, column: number): string {
  const type = result.columns[column]?.type;
  const text = type === undefined ? '' : typeText(type);
  return NUMBERS.test(text) ? 'number' : text;
}

const typeKinds = (result: SqlResult, order: readonly number[] | null): string =>
  (order ?? [...result.columns.keys()]).map((column) => typeKind(result, column)).join('|');

function countMissing(rows: readonly string[], others: readonly string[]): number {
  const left = new Map<string, number>();
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1);
  let missing = 0;
  for (const row of rows) {
    const count = left.get(row) ?? 0;
    if (count === 0) missing += 1;
    else left.set(row, count - 1);
  }
  return missing;
}
