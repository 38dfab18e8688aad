import { compareCodeUnits } from '../../core/index.ts';
import type { Element } from '../alignment/element.ts';
import { literalInQuestion } from '../alignment/predicate-element.ts';
import type { AnalyzedRow } from '../alignment/row-analysis.ts';
import type { SchemaColumn, SchemaTable } from '../schema.ts';
import type { Change, Draft, Generator, GeneratorContext } from './draft.ts';

/**
 * Lets Genie look values up in a column when a question names one of them and the answer filtered
 * by a differently written literal, by another column, not at all, or by a word that is no value.
 * The other text columns of that table by which train questions group or filter get the same.
 */
export const proposeValueLinking: Generator = (context) => {
  const { rows, schema } = context;
  const byColumn = new Map<
    string,
    { table: string; column: string; questions: Set<string>; isEnough: boolean }
  >();
  const add = (element: Element, row: AnalyzedRow): void => {
    if (element.kind !== 'predicate') return;
    const key = `${element.table}#${element.column}`;
    const entry = byColumn.get(key) ?? {
      table: element.table,
      column: element.column,
      questions: new Set(),
      isEnough: false,
    };
    entry.questions.add(row.row.question_id);
    entry.isEnough ||= isAlone(element, row);
    byColumn.set(key, entry);
  };
  for (const row of rows) {
    const isNamed = (element: Element): boolean =>
      element.kind === 'predicate' &&
      element.literals.length > 0 &&
      element.literals.every((literal) => literalInQuestion(literal, row.folded));
    for (const key of row.lacking) {
      const element = row.expected.get(key)?.element;
      if (element !== undefined && isNamed(element)) add(element, row);
    }
    // A word that is no value of the column became a condition on it: its values were not looked up. Where the key
    // does without the table, or filters the column by a value that nobody says, looking up would find nothing.
    for (const { element } of row.extra.values()) {
      if (element.kind !== 'predicate' || !isNamed(element)) continue;
      const wanted = [...row.expected.values()].filter(
        (use) => use.element.kind === 'predicate' && use.element.table === element.table,
      );
      const unsaid = wanted.some(
        (use) =>
          use.element.kind === 'predicate' && use.element.column === element.column && !isNamed(use.element),
      );
      if (row.expected.has(`table:${element.table}`) && !unsaid) add(element, row);
    }
  }
  const drafts: Draft[] = [];
  for (const [, entry] of [...byColumn].sort(([a], [b]) => compareCodeUnits(a, b))) {
    const table = schema.tables.get(entry.table);
    const column = table?.columns.get(entry.column);
    if (table === undefined || column === undefined || !table.inSpace) continue;
    if (column.type !== '' && !isText(column)) continue;
    const changes = matchingFor(table, column);
    if (changes.length === 0) continue;
    // What was never switched on for one column of a table was forgotten for its other dimensions, too.
    for (const sibling of dimensionsOf(table, context))
      if (sibling !== column) changes.push(...matchingFor(table, sibling));
    drafts.push({
      failure_type: 'missing_filter',
      question_ids: [...entry.questions].sort(compareCodeUnits),
      changes,
      reason: `words of the questions did not become stored values of ${table.name}.${column.name}`,
      confidence: (entry.isEnough ? 1 : 0.75) * Math.min(0.9, 0.7 + 0.1 * entry.questions.size),
    });
  }
  return drafts;
};

/** Whether looking the value up is all that the answer lacked: other conditions need other words. */
const isAlone = (element: Element, row: AnalyzedRow): boolean =>
  [...row.lacking].every((key) => {
    const other = row.expected.get(key)?.element;
    return (
      other?.kind !== 'predicate' ||
      element.kind !== 'predicate' ||
      other.key === element.key ||
      (other.literals.length > 0 && other.literals.every((literal) => literalInQuestion(literal, row.folded)))
    );
  });

const isText = (column: SchemaColumn): boolean => /^(?:STRING|VARCHAR|CHAR)/.test(column.type);

function matchingFor(table: SchemaTable, column: SchemaColumn): Change[] {
  const target = { table: table.name, column: column.name };
  return [
    ...(column.formatAssistance ? [] : [{ type: 'enable_format_assistance' as const, ...target }]),
    ...(column.entityMatching ? [] : [{ type: 'enable_entity_matching' as const, ...target }]),
  ];
}

/** Text columns by which answer keys group or filter. */
function dimensionsOf(table: SchemaTable, { rows }: GeneratorContext): SchemaColumn[] {
  const names = new Set(
    rows.flatMap((row) =>
      [...row.expected.values()].flatMap(({ element, roles }) =>
        ((element.kind === 'predicate' && element.literals.length > 0) ||
          (element.kind === 'column' && roles.includes('group'))) &&
        element.table === table.key
          ? [element.column]
          : [],
      ),
    ),
  );
  return [...table.columns.values()].filter(
    (column) => names.has(column.name.toLowerCase()) && isText(column) && !column.hidden,
  );
}
