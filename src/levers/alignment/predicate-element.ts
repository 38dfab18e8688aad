import type { ColumnRef, PredicateFact } from '../../sql/index.ts';
import type { Schema } from '../schema.ts';
import type { ColumnRole, Element } from './element.ts';
import { foldWord, indexOfRun, wordsOf } from './words.ts';

/** A condition that compares with the result of another query. */
export const SUBQUERY = /\(\s*select\b/i;
const EQUALITY = new Set(['=', 'in', 'like', 'ilike', '<=>']);

/** Notes that a statement uses an element; `null` elements are none. */
export type AddElement = (element: Element | null, role: ColumnRole | null, alias?: string | null) => void;
/** The element of a column; `null` when its table does not know it. */
export type ToColumn = (ref: ColumnRef) => Element | null;

/** Keys of the tables that columns belong to, sorted. */
export const tablesOf = (columns: readonly ColumnRef[], schema: Schema): string[] =>
  [...new Set(columns.flatMap((ref) => schema.table(ref.table)?.key ?? []))].sort();

/** Every column must be known by its table, else the text cannot be written without aliases. */
export const isResolved = (columns: readonly ColumnRef[], schema: Schema): boolean =>
  columns.length > 0 && columns.every((ref) => schema.table(ref.table) !== null);

/** Adds what a condition names: a date, a column compared with a number of the question, or a rule of its own. */
export function addPredicate(
  predicate: PredicateFact,
  schema: Schema,
  questionWords: readonly string[],
  add: AddElement,
  column: ToColumn,
): void {
  const [first] = predicate.columns;
  if (first === undefined || !isResolved(predicate.columns, schema)) return;
  // Equality of two columns in WHERE is an implicit join, not a rule.
  if (predicate.literals.length === 0 && predicate.columns.length > 1 && predicate.operator === '=') return;
  const table = schema.table(first.table);
  if (table === null) return;
  if (predicate.temporal) {
    if (table.columns.has(first.column)) {
      add(
        { kind: 'date', key: `date:${table.key}#${first.column}`, table: table.key, column: first.column },
        'where',
      );
    }
    return;
  }
  if (predicate.clause === 'having') return;
  const numeric =
    predicate.literals.length > 0 && predicate.literals.every((literal) => /^-?[\d.]+$/.test(literal));
  const isYear = numeric && predicate.literals.every((literal) => /^(?:19|20)\d{2}$/.test(literal));
  if (isYear && predicate.literals.every((literal) => questionWords.includes(literal))) return;
  if (numeric && predicate.literals.every((literal) => questionWords.includes(literal.replace(/^-/, '')))) {
    add(column(first), 'where');
    return;
  }
  // A month or year that is named names its column, too.
  if (
    numeric &&
    predicate.literals.every((literal) => questionWords.some((word) => word === MONTHS[Number(literal) - 1]))
  )
    return;
  add(
    {
      kind: 'predicate',
      key: predicateKey(predicate, table.key),
      table: table.key,
      column: first.column,
      sql: predicate.text,
      literals: predicate.literals,
      tables: tablesOf(predicate.columns, schema),
    },
    'where',
  );
}

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** `status = 'A'` and `status IN ('A')` are one condition; `'a'` is another. */
function predicateKey(predicate: PredicateFact, table: string): string {
  const [only] = predicate.columns;
  if (
    predicate.columns.length === 1 &&
    only !== undefined &&
    EQUALITY.has(predicate.operator) &&
    predicate.literals.length > 0
  ) {
    const literals = predicate.literals.map((literal) => literal.replaceAll(/^%|%$/g, '')).sort();
    return `predicate:${table}#${only.column}=${JSON.stringify(literals)}`;
  }
  return `predicate:${predicate.text}`;
}

/** Whether a literal stands in the question as a person would say it, whatever its case and form. */
export function literalInQuestion(literal: string, questionWords: readonly string[]): boolean {
  const words = wordsOf(literal.replaceAll(/[%_]/g, ' ')).map((word) => foldWord(word.surface));
  return indexOfRun(questionWords, words) >= 0;
}
