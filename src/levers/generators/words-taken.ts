import { compareCodeUnits, shortName } from '../../core/index.ts';
import type { ElementUse } from '../alignment/element.ts';
import type { AnalyzedRow } from '../alignment/row-analysis.ts';
import { isContentWord } from '../alignment/stop-words.ts';
import { knownNames } from '../alignment/vocabulary.ts';
import { indexOfRun } from '../alignment/words.ts';
import type { Draft, Generator, GeneratorContext } from './draft.ts';

interface Taken {
  readonly table: string;
  readonly column: string;
  readonly word: string;
  readonly rival: string;
  readonly isMeasure: boolean;
  readonly questions: Set<string>;
}

/**
 * Shares a word: where the answer took a column because the question says its name, and the key takes another
 * column of another table in that place, people use the word for both.
 *
 * What else a question says then decides between the two; as long as only one of them has the word, nothing can.
 */
export const proposeSharedWords: Generator = (context) => {
  const found = new Map<string, Taken>();
  for (const row of context.rows) {
    for (const key of row.lacking) {
      const wanted = row.expected.get(key);
      if (wanted === undefined) continue;
      for (const rival of row.extra.values()) addTaken(row, wanted, rival, context, found);
    }
  }
  return [...found]
    .sort(([a], [b]) => compareCodeUnits(a, b))
    .map(([, taken]): Draft => ({
      failure_type: taken.isMeasure ? 'wrong_measure' : 'missing_synonym',
      question_ids: [...taken.questions].sort(compareCodeUnits),
      changes: [{ type: 'add_synonym', table: taken.table, column: taken.column, synonym: taken.word }],
      reason: `'${taken.word}' was read as ${taken.rival}, but means ${taken.table}.${taken.column} here`,
      confidence: Math.min(0.85, 0.65 + 0.1 * taken.questions.size),
    }));
};

function addTaken(
  row: AnalyzedRow,
  wanted: ElementUse,
  rival: ElementUse,
  { schema, space }: GeneratorContext,
  found: Map<string, Taken>,
): void {
  const place = placeOf(wanted);
  if (place === null || place !== placeOf(rival)) return;
  const [own, other] = [columnOf(wanted), columnOf(rival)];
  if (own === null || other === null || own.table === other.table) return;
  // A table that the key reads as well is no wrong turn.
  if (row.expected.has(`table:${other.table}`)) return;
  const table = schema.tables.get(own.table);
  const column = table?.columns.get(own.column);
  if (table === undefined || column === undefined || !table.inSpace || column.hidden) return;
  const known = new Set(knownNames(wanted.element, schema, space).map(({ words }) => words.join(' ')));
  for (const { words, strength } of knownNames(rival.element, schema, space)) {
    const at = strength === 1 ? indexOfRun(row.folded, words) : -1;
    if (at < 0 || known.has(words.join(' ')) || !words.some(isContentWord)) continue;
    const word = row.words
      .slice(at, at + words.length)
      .map(({ surface }) => surface)
      .join(' ');
    const key = `${own.table}#${own.column}\u0001${word}`;
    const entry = found.get(key) ?? {
      table: table.name,
      column: column.name,
      word,
      rival: `${shortName(other.table)}.${other.column}`,
      isMeasure: place === 'figure',
      questions: new Set<string>(),
    };
    entry.questions.add(row.row.question_id);
    found.set(key, entry);
  }
}

/** What a column does in its statement, as far as two columns can stand in for one another. */
function placeOf({ element, roles }: ElementUse): 'figure' | 'dimension' | null {
  if (element.kind === 'measure') return 'figure';
  if (element.kind !== 'column') return null;
  if (roles.includes('measure')) return 'figure';
  return roles.includes('group') ? 'dimension' : null;
}

const columnOf = ({ element }: ElementUse): { readonly table: string; readonly column: string } | null =>
  element.kind === 'column'
    ? { table: element.table, column: element.column }
    : element.kind === 'measure'
      ? { table: element.table, column: element.measure }
      : null;
