import type { Element } from './element.ts';
import type { AnalyzedRow } from './row-analysis.ts';

/** How many train questions hold a phrase, use an element, do both. */
export interface Counts {
  readonly phrase: ReadonlyMap<string, number>;
  readonly element: ReadonlyMap<string, number>;
  readonly together: ReadonlyMap<string, number>;
  /** Phrases with columns and measures of one name, whatever their table. */
  readonly concepts: ReadonlyMap<string, number>;
}

/** Columns that name the rows of their table. */
const LABEL = /(?:^|_)(?:name|nm|title|label)$/;

/**
 * What an element is to the people who ask: columns of one name in several tables are one thing, and
 * the column that names the rows stands for its table.
 */
export function conceptOf(element: Element): string {
  if (element.kind === 'column')
    return LABEL.test(element.column) ? `table:${element.table}` : element.column;
  return element.kind === 'measure' ? element.measure : element.key;
}

/** Key of a phrase together with something else. */
export const pairKey = (phrase: string, element: string): string => `${phrase}\u0001${element}`;

/** Counts each question once per phrase and element. */
export function countTogether(rows: readonly AnalyzedRow[]): Counts {
  const [phrase, element] = [new Map<string, number>(), new Map<string, number>()];
  const [together, concepts] = [new Map<string, number>(), new Map<string, number>()];
  const count = (map: Map<string, number>, key: string): unknown => map.set(key, (map.get(key) ?? 0) + 1);
  for (const row of rows) {
    const keys = new Set(row.phrases.map((item) => item.key));
    for (const key of keys) count(phrase, key);
    for (const key of row.expected.keys()) {
      count(element, key);
      for (const item of keys) count(together, pairKey(item, key));
    }
    for (const concept of new Set([...row.expected.values()].map((use) => conceptOf(use.element)))) {
      for (const item of keys) count(concepts, pairKey(item, concept));
    }
  }
  return { phrase, element, together, concepts };
}
