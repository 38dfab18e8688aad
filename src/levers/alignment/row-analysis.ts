import type { SqlFacts } from '../../sql/index.ts';
import type { ProposalRow } from '../input.ts';
import type { Schema } from '../schema.ts';
import type { ElementUse } from './element.ts';
import { elementsOf } from './elements.ts';
import { phrasesOf, type Phrase } from './phrases.ts';
import { wordsOf, type Word } from './words.ts';

/** A train question with what its answer key uses and what the answer lacked. */
export interface AnalyzedRow {
  readonly row: ProposalRow;
  readonly words: readonly Word[];
  readonly folded: readonly string[];
  readonly phrases: readonly Phrase[];
  readonly failed: boolean;
  readonly expected: ReadonlyMap<string, ElementUse>;
  /** Keys of `expected` that the answer did not use; empty on a correct answer. */
  readonly lacking: ReadonlySet<string>;
  /** Elements that the answer used and the key does not. */
  readonly extra: ReadonlyMap<string, ElementUse>;
}

/** Reads one row against the schema. */
export function analyzeRow(row: ProposalRow, schema: Schema): AnalyzedRow {
  const words = wordsOf(row.question);
  const folded = words.map((word) => word.folded);
  const expected = elementsOf(row.facts.expected, schema, folded);
  const generated = row.facts.generated;
  const failed = row.correct === false;
  const found = generated === null ? new Map<string, ElementUse>() : elementsOf(generated, schema, folded);
  const lacking = new Set<string>();
  if (failed) {
    for (const [key, use] of expected) {
      if (found.has(key)) continue;
      if (generated !== null && isComparable(use, generated) && isPresent(use, generated, schema)) continue;
      if (generated !== null && !isComparable(use, generated)) continue;
      lacking.add(key);
    }
  }
  const extra = new Map([...found].filter(([key]) => failed && !expected.has(key)));
  return { row, words, folded, phrases: phrasesOf(words), failed, expected, lacking, extra };
}

/** Lists of a statement that was not parsed are empty, which proves nothing. */
const isComparable = (use: ElementUse, generated: SqlFacts): boolean =>
  generated.engine === 'ast' || use.element.kind === 'table' || use.element.kind === 'measure';

/** Whether the answer used the element in another shape: a column inside an expression or condition. */
function isPresent(use: ElementUse, generated: SqlFacts, schema: Schema): boolean {
  const { element } = use;
  if (element.kind !== 'column') return false;
  return generated.columns.some(
    (item) =>
      item.clause !== 'join' &&
      item.column === element.column &&
      (item.table === null || schema.table(item.table)?.key === element.table),
  );
}
