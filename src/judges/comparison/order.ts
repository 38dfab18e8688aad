import type { SqlFacts } from '../../sql/index.ts';
import { bagDifference } from './bag.ts';
import { rowKey, type CanonicalTable } from './canonical-table.ts';
import type { ColumnMapping } from './column-mapping.ts';

/** What the answer key says about the order of its rows. */
export interface ExpectedOrder {
  /** Columns of the answer key's result that it is sorted by; empty when they are not among its columns. */
  readonly keys: readonly number[];
  readonly limit: number | null;
  /** The question asks for an order or a rank, so rows are a list, not a bag. */
  readonly asked: boolean;
}

const ORDER_WORDS =
  /\b(?:top|bottom|rank(?:ed|ing|s)?|highest|lowest|largest|smallest|biggest|most|least|best|worst|sort(?:ed)?|order(?:ed)? by|in (?:ascending|descending|alphabetical|chronological) order|first \d+|last \d+)\b/i;

/** Whether a question asks for rows in an order. Only words that say so count; a mere list is a bag. */
export const asksForOrder = (question: string): boolean => ORDER_WORDS.test(question);

/** Order and limit of the answer key, when it has an ORDER BY at the top. */
export function expectedOrder(facts: SqlFacts, question: string): ExpectedOrder | null {
  if (facts.orderBy.length === 0) return null;
  const keys = facts.orderBy.map(({ text }) =>
    facts.projections.findIndex(
      (projection) => projection.text === text || projection.alias?.toLowerCase() === text.toLowerCase(),
    ),
  );
  const star = facts.projections.some(({ text }) => text.endsWith('*'));
  return { keys: star || keys.includes(-1) ? [] : keys, limit: facts.limit, asked: asksForOrder(question) };
}

/** Whether the sort keys run alike on both sides; `null` when the keys are not among the columns. */
export function sameOrder(
  expected: CanonicalTable,
  actual: CanonicalTable,
  mapping: ColumnMapping,
  order: ExpectedOrder,
): boolean | null {
  const partners = order.keys.map((key) => mapping.get(key));
  if (order.keys.length === 0 || partners.includes(undefined)) return null;
  const to = partners.map((partner) => partner ?? -1);
  return expected.rows.every((row, at) => rowKey(row, order.keys) === rowKey(actual.rows[at] ?? [], to));
}

/**
 * Whether the rows differ only among those that tie at the cut of a LIMIT: then either choice is as good.
 *
 * Tells nothing about why the other side chose differently; a reader decides.
 */
export function differsOnlyInTies(
  expected: CanonicalTable,
  actual: CanonicalTable,
  mapping: ColumnMapping,
  order: ExpectedOrder,
): boolean {
  const rowCount = expected.rows.length;
  if (
    order.limit === null ||
    order.keys.length === 0 ||
    rowCount !== order.limit ||
    actual.rows.length !== rowCount
  )
    return false;
  const partners = order.keys.map((key) => mapping.get(key) ?? -1);
  if (partners.includes(-1)) return false;
  const cut = rowKey(expected.rows[rowCount - 1] ?? [], order.keys);
  const { onlyLeft, onlyRight } = bagDifference(
    { rows: expected.rows, columns: [...mapping.keys()] },
    { rows: actual.rows, columns: [...mapping.values()] },
  );
  return (
    onlyLeft.length > 0 &&
    onlyLeft.every((row) => rowKey(expected.rows[row] ?? [], order.keys) === cut) &&
    onlyRight.every((row) => rowKey(actual.rows[row] ?? [], partners) === cut)
  );
}
