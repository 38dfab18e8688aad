import { compareCodeUnits } from '../../core/index.ts';
import { phraseAt } from '../alignment/phrases.ts';
import type { AnalyzedRow } from '../alignment/row-analysis.ts';
import { isContentWord } from '../alignment/stop-words.ts';
import { knownNames } from '../alignment/vocabulary.ts';
import { humanize, identifierWords, indexOfRun } from '../alignment/words.ts';
import type { SchemaColumn, SchemaTable } from '../schema.ts';
import type { GeneratorContext } from './draft.ts';

/** One way in which a sibling differs from a question: in its words and in its statement at once. */
export interface SiblingEdit {
  readonly inQuestion: (text: string) => string;
  /** What stands in the place of a token, or of a part of a made-up name; `null` leaves it. */
  readonly inSql: (token: string) => string | null;
}

/** Everything by which a sibling of a question can differ, each on its own. */
export const siblingEdits = (row: AnalyzedRow, context: GeneratorContext): readonly SiblingEdit[] =>
  [otherYears(row), otherGrain(row, context), otherFigure(row, context), otherGroup(row, context)].filter(
    (edit) => edit !== null,
  );

const YEAR = /(?<![\w.])(?:19|20)\d{2}(?!\w)/g;

/** The same periods, as many years earlier as keeps them apart from those asked for. */
function otherYears({ row }: AnalyzedRow): SiblingEdit | null {
  const years = [...row.expected_sql.matchAll(YEAR)].map(([year]) => Number(year));
  if (years.length === 0 || !row.question.match(YEAR)?.some((year) => years.includes(Number(year))))
    return null;
  const distance = Math.max(...years) - Math.min(...years) + 1;
  const earlier = (text: string): string => text.replaceAll(YEAR, (year) => String(Number(year) - distance));
  return {
    inQuestion: earlier,
    inSql: (token) => {
      const changed = earlier(token);
      return changed === token ? null : changed;
    },
  };
}

const GRAINS = { quarter: 'month', month: 'quarter' } as const;

/** Months instead of quarters, and the other way round. */
function otherGrain({ row }: AnalyzedRow, { schema }: GeneratorContext): SiblingEdit | null {
  const from = (['quarter', 'month'] as const).find(
    (grain) =>
      new RegExp(String.raw`\b${grain}s?\b`, 'i').test(row.question) &&
      new RegExp(String.raw`\b${grain}\s*\(|'${grain}'`, 'i').test(row.expected_sql),
  );
  if (from === undefined) return null;
  const to = GRAINS[from];
  const isStored = (name: string): boolean =>
    [...schema.tables.values()].some((table) => table.columns.has(name.toLowerCase()));
  const swap = (text: string): string =>
    text.replaceAll(new RegExp(from, 'gi'), (found) =>
      found === found.toUpperCase() ? to.toUpperCase() : to,
    );
  return {
    inQuestion: (text) => text.replaceAll(new RegExp(String.raw`\b${from}(s?)\b`, 'gi'), `${to}$1`),
    inSql: (token) => (token.toLowerCase().includes(from) && !isStored(token) ? swap(token) : null),
  };
}

/** Another figure of the same table: the sum of another column, or an average instead of a count. */
function otherFigure(row: AnalyzedRow, context: GeneratorContext): SiblingEdit | null {
  const [sum] = row.row.facts.expected.aggregates.filter(({ columns }) => columns.length === 1);
  const column = sum?.columns[0];
  if (column !== undefined) {
    const table = context.schema.table(column.table);
    const old = table?.columns.get(column.column);
    return table === null || old === undefined ? null : otherColumn(row, table, old, 'measure', context);
  }
  const count = /\bcount\s*\(\s*\*\s*\)/i;
  const tables = row.row.facts.expected.tables.flatMap((use) => context.schema.table(use.name) ?? []);
  const [table, second] = tables;
  const things = /\bnumber of ([a-z]+)\b/i.exec(row.row.question)?.[1];
  if (table === undefined || second !== undefined || things === undefined) return null;
  if (!count.test(row.row.expected_sql)) return null;
  const other = columnsUsed(table, 'measure', context)[0];
  if (other === undefined) return null;
  return {
    inQuestion: (text) =>
      text.replace(
        new RegExp(String.raw`\bnumber of ${things}\b`, 'i'),
        `average ${spokenName(other)} per ${identifierWords(things)[0] ?? things}`,
      ),
    inSql: (token) => (count.test(token) ? token.replace(count, `AVG(${other.name})`) : renamedCount(token)),
  };
}

/** `order_count` is no name for an average. */
const renamedCount = (token: string): string | null =>
  /^\w+_count$/i.test(token) ? token.replace(/_count$/i, '_average') : null;

/** Another column of the same table to group by. */
function otherGroup(row: AnalyzedRow, context: GeneratorContext): SiblingEdit | null {
  for (const { columns } of row.row.facts.expected.groupBy) {
    const [column, second] = columns;
    const table = context.schema.table(column?.table ?? null);
    const old = table?.columns.get(column?.column ?? '');
    if (table === null || old === undefined || second !== undefined) continue;
    const edit = otherColumn(row, table, old, 'group', context);
    if (edit !== null) return edit;
  }
  return null;
}

/** Puts a column that other questions use in the same place where another one stands, in words and statement. */
function otherColumn(
  row: AnalyzedRow,
  table: SchemaTable,
  old: SchemaColumn,
  role: 'group' | 'measure',
  context: GeneratorContext,
): SiblingEdit | null {
  const said = wordsFor(row, table, old, context);
  const other = columnsUsed(table, role, context).find(
    (column) => column !== old && !row.expected.has(`column:${table.key}#${column.name.toLowerCase()}`),
  );
  if (said === null || other === undefined) return null;
  const name = old.name.toLowerCase();
  return {
    inQuestion: (text) => text.replace(new RegExp(String.raw`\b${said}\b`, 'i'), spokenName(other)),
    inSql: (token) => (token.replaceAll('`', '').toLowerCase() === name ? other.name : null),
  };
}

/** The words of a question that name a column. */
function wordsFor(
  { words, folded }: AnalyzedRow,
  table: SchemaTable,
  column: SchemaColumn,
  { schema, space }: GeneratorContext,
): string | null {
  const element = {
    kind: 'column',
    key: `column:${table.key}#${column.name.toLowerCase()}`,
    table: table.key,
    column: column.name.toLowerCase(),
  } as const;
  for (const { words: name, strength } of knownNames(element, schema, space)) {
    const at = strength === 1 ? indexOfRun(folded, name) : -1;
    if (at >= 0) return phraseAt(words, at, name.length, 'none').surface;
  }
  return null;
}

/** Readable columns of a table that answer keys use in a role, the most used first. */
function columnsUsed(
  table: SchemaTable,
  role: 'group' | 'measure',
  { rows }: GeneratorContext,
): SchemaColumn[] {
  const counts = new Map<string, number>();
  for (const { expected } of rows) {
    for (const { element, roles } of expected.values())
      if (element.kind === 'column' && element.table === table.key && roles.includes(role))
        counts.set(element.column, (counts.get(element.column) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, one], [b, other]) => other - one || compareCodeUnits(a, b))
    .flatMap(([name]) => table.columns.get(name) ?? [])
    .filter((column) => !column.hidden && isReadable(column));
}

const bareName = (column: SchemaColumn): string =>
  humanize(column.name.replace(/^[a-z]{1,2}_(?=[a-z])/i, ''));

/** A synonym, else the name itself in words. */
const spokenName = (column: SchemaColumn): string => column.synonyms[0] ?? bareName(column);

const isReadable = (column: SchemaColumn): boolean =>
  column.synonyms.length > 0 ||
  bareName(column)
    .split(' ')
    .every((word) => word.length > 3 && isContentWord(word));
