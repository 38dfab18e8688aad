import type { Space } from '../../spaces/index.ts';
import type { Schema } from '../schema.ts';
import { conceptOf, pairKey, type Counts } from './counts.ts';
import { NAMEABLE_KINDS, type ElementUse } from './element.ts';
import { cueFactor, likeness } from './fit.ts';
import type { Phrase } from './phrases.ts';
import { literalInQuestion, SUBQUERY } from './predicate-element.ts';
import type { AnalyzedRow } from './row-analysis.ts';
import { isSaid } from './said.ts';
import { identifierWords } from './words.ts';

/** What the question names by its value, or by words the space already knows, needs no phrase. */
export function isNameable(use: ElementUse, row: AnalyzedRow, schema: Schema, space: Space): boolean {
  const { element } = use;
  if (!NAMEABLE_KINDS.has(element.kind)) return false;
  if (element.kind === 'predicate') {
    if (SUBQUERY.test(element.sql) || isSaid(element, row, schema, space)) return false;
    return !(
      element.literals.length > 0 &&
      element.literals.every((literal) => literalInQuestion(literal, row.folded))
    );
  }
  if (element.kind === 'aggregate' && element.function !== null) {
    // The function over a plain column: naming the column is enough when the column is unknown, too.
    const column = [...row.lacking].some(
      (key) =>
        key.startsWith('column:') &&
        element.sql.includes(key.split('#')[1] ?? '\u0000') &&
        /^\w+\((?:distinct )?[\w. `]+\)$/.test(element.sql),
    );
    return !column;
  }
  if (element.kind === 'column')
    return (
      !isKeyColumn(element.table, element.column, schema) ||
      use.roles.some((role) => role === 'group' || role === 'select')
    );
  return true;
}

const isKeyColumn = (table: string, column: string, schema: Schema): boolean => {
  const owner = schema.tables.get(table);
  return (
    owner !== undefined &&
    (owner.primaryKey.includes(column) ||
      owner.foreignKeys.some((key) => key.columns.some((name) => name.toLowerCase() === column)) ||
      /(?:^|_)(?:id|key|uuid)$|[a-z]key$/.test(column))
  );
};

/** The question that a link is judged in. */
export interface LinkContext {
  readonly row: AnalyzedRow;
  /** Per word of the question, 0–1: how far names of what the key uses explain it. */
  readonly explained: readonly number[];
  readonly counts: Counts;
  readonly schema: Schema;
  /** Elements of the question that look for a phrase. */
  readonly rivals: number;
}

/** How well a phrase names an element, 0–1. */
export function linkScore(
  phrase: Phrase,
  use: ElementUse,
  { row, explained, counts, schema, rivals }: LinkContext,
): number {
  const { key } = use.element;
  const places = Array.from({ length: phrase.length }, (_, offset) => phrase.start + offset);
  const novelty = 1 - places.reduce((sum, place) => sum + (explained[place] ?? 0), 0) / phrase.length;
  if (novelty < 0.5) return 0;
  const seen = counts.phrase.get(phrase.key) ?? 1;
  const together = counts.together.get(pairKey(phrase.key, key)) ?? 0;
  const precision =
    (counts.concepts.get(pairKey(phrase.key, conceptOf(use.element))) ?? together) / (seen + 0.5);
  const recall = together / (counts.element.get(key) ?? 1);
  const words = phrase.key.split(' ');
  const cohesion = seen / Math.max(...words.map((word) => counts.phrase.get(word) ?? seen));
  const length = phrase.length === 1 ? 1 : rivals > 1 ? 0.75 + 0.22 * cohesion : 0.85 + 0.2 * cohesion;
  const score =
    precision *
    (0.6 + 0.4 * recall) *
    novelty *
    length *
    cueFactor(phrase.cue, use, countsRows(row)) *
    likeness(words, use) *
    (clashes(phrase.key, row, schema) ? 0.6 : 1);
  return Math.min(1, score);
}

const countsRows = (row: AnalyzedRow): boolean =>
  row.row.facts.expected.aggregates.some((aggregate) => aggregate.function.startsWith('count'));

/** Whether the phrase is already the name of something that the answer key does not use. */
function clashes(phrase: string, row: AnalyzedRow, schema: Schema): boolean {
  for (const table of schema.tables.values()) {
    if (
      identifierWords(table.name.split('.').at(-1) ?? '').join(' ') === phrase &&
      !row.expected.has(`table:${table.key}`)
    )
      return true;
    for (const [name, column] of table.columns) {
      const key = `column:${table.key}#${name}`;
      if (row.expected.has(key) || row.extra.has(key)) continue;
      if (identifierWords(column.name).join(' ') === phrase) return true;
    }
  }
  return false;
}
