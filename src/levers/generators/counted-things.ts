import type { SqlFacts } from '../../sql/index.ts';
import type { AnalyzedRow } from '../alignment/row-analysis.ts';
import { isContentWord } from '../alignment/stop-words.ts';
import { identifierWords } from '../alignment/words.ts';
import { quoteIfNeeded, type SchemaTable } from '../schema.ts';
import { quoteList, type Change, type Draft, type Generator, type GeneratorContext } from './draft.ts';
import { askedView } from './metric-view-measure.ts';
import { viewOf } from './view-definition.ts';

/** The rows of a table under the word that questions have for them. */
interface Counted {
  readonly table: SchemaTable;
  /** As people write it. */
  readonly things: string;
  readonly rows: readonly AnalyzedRow[];
}

/**
 * Gives the rows of a table their word where `<things> by <group>` was answered without counting them.
 *
 * A metric view over the table gets a measure; else a table with a one-column key gets it as a named figure, since
 * COUNT(*) alone would not say what it counts.
 */
export const proposeCounts: Generator = (context) =>
  countedThings(context).flatMap((counted): Draft[] => {
    const question_ids = counted.rows.map(({ row }) => row.question_id).sort();
    const change = viewMeasure(counted, question_ids, context) ?? tableMeasure(counted, context);
    if (change === null) return [];
    return [
      {
        failure_type: 'wrong_measure',
        question_ids,
        changes: [change],
        reason: `${quoteList([counted.things])} asks how many rows of ${counted.table.name} there are, which the answers did not count`,
        confidence: Math.min(0.8, 0.55 + 0.1 * question_ids.length),
      },
    ];
  });

function countedThings(context: GeneratorContext): Counted[] {
  const found = new Map<string, Counted>();
  for (const row of context.rows) {
    const { expected, generated } = row.row.facts;
    const table = row.failed ? tableCounted(expected, context) : null;
    const things = thingsOf(row);
    if (table === null || things === null || generated?.engine !== 'ast') continue;
    if (generated.aggregates.some((use) => use.function.startsWith('count'))) continue;
    const isMeantElsewhere = context.rows.some(
      (other) =>
        thingsOf(other)?.folded === things.folded &&
        tableCounted(other.row.facts.expected, context) !== table,
    );
    if (isMeantElsewhere || namesColumn(things.folded, context)) continue;
    const key = `${table.key}\u0001${things.folded}`;
    const known = found.get(key)?.rows ?? [];
    found.set(key, { table, things: things.surface, rows: [...known, row] });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, counted]) => counted);
}

/** The table whose rows a key counts and nothing else; tables joined by their own key add no rows. */
function tableCounted(facts: SqlFacts, { schema }: GeneratorContext): SchemaTable | null {
  const [count, second] = facts.aggregates.filter(({ windowed }) => windowed !== true);
  if (count?.function !== 'count' || count.argument !== '*' || second !== undefined) return null;
  const isLookedUp = (table: SchemaTable): boolean =>
    table.primaryKey.length === 1 &&
    facts.joins.some(({ pairs }) =>
      pairs.some((pair) =>
        pair.some((side) => schema.table(side.table) === table && side.column === table.primaryKey[0]),
      ),
    );
  const tables = [...new Set(facts.tables.map((use) => schema.table(use.name)))];
  const counted = tables.filter((table) => table === null || !isLookedUp(table));
  return counted.length === 1 ? (counted[0] ?? null) : null;
}

const GROUP = new Set(['by', 'per', 'each', 'every']);
const BEFORE_GROUP = new Set(['for', 'in', 'at', 'on', 'of']);

/** The word before `by <group>`: `delayed arrivals per berth` counts arrivals. */
function thingsOf({ words }: AnalyzedRow): { readonly surface: string; readonly folded: string } | null {
  const group = words.findIndex(({ folded }) => GROUP.has(folded));
  const at = BEFORE_GROUP.has(words[group - 1]?.folded ?? '') ? group - 2 : group - 1;
  const word = words[at];
  return group > 0 && word !== undefined && isContentWord(word.folded) ? word : null;
}

/** Whether the word is a name of a column or figure: then it asks for that. */
const namesColumn = (folded: string, { schema }: GeneratorContext): boolean =>
  [...schema.tables.values()].some(({ columns }) =>
    [...columns.values()].some(({ name, synonyms }) =>
      [name, ...synonyms].some((text) => identifierWords(text).join(' ') === folded),
    ),
  );

const nameOf = (things: string): string => `number_of_${things.replaceAll(/\W+/g, '_')}`;

function viewMeasure(
  { table, things }: Counted,
  questions: readonly string[],
  context: GeneratorContext,
): Change | null {
  const view = askedView(questions, table.key, context);
  const read = view === null ? null : viewOf(view, context.catalog);
  if (view === null || read === null) return null;
  const name = nameOf(things);
  const counts = read.measures.some(({ expr }) => /^\s*count\s*\(\s*(?:\*|1)\s*\)\s*$/i.test(String(expr)));
  if (counts || view.columns.has(name)) return null;
  return {
    type: 'add_mv_measure',
    mv: view.name,
    measure: { name, expr: 'COUNT(*)', synonyms: [things, `number of ${things}`] },
  };
}

function tableMeasure({ table, things }: Counted, { schema }: GeneratorContext): Change | null {
  const [key, more] = table.primaryKey;
  const column = key === undefined || more !== undefined ? undefined : table.columns.get(key);
  if (column === undefined || !table.inSpace || table.kind === 'metric_view') return null;
  return {
    type: 'add_sql_snippet_measure',
    display_name: `number of ${things}`,
    sql: `COUNT(${schema.sqlName(table)}.${quoteIfNeeded(column.name)})`,
    alias: nameOf(things),
    synonyms: [things],
  };
}
