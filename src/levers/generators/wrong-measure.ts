import { compareCodeUnits } from '../../core/index.ts';
import type { Finding } from '../alignment/align.ts';
import type { Element } from '../alignment/element.ts';
import { humanize, identifierWords } from '../alignment/words.ts';
import { writeFragment } from '../sql-fragment.ts';
import {
  evidenceConfidence,
  questionsNaming,
  quoteList,
  type Draft,
  type Generator,
  type GeneratorContext,
} from './draft.ts';

/** How a person says a function; functions that the bare phrase already implies are absent. */
const FUNCTION_WORDS: Readonly<Record<string, readonly string[]>> = {
  avg: ['average', 'mean'],
  min: ['minimum', 'lowest'],
  max: ['maximum', 'highest'],
  median: ['median'],
};

/** Writes down how a figure is computed, under the words that people use for it. */
export const proposeMeasures: Generator = (context) =>
  [...context.findings.values()].flatMap((finding) => {
    const { element } = finding;
    return element.kind === 'aggregate' ? proposeMeasure(finding, element, context) : [];
  });

function proposeMeasure(
  finding: Finding,
  element: Element & { kind: 'aggregate' },
  context: GeneratorContext,
): Draft[] {
  const sql = writeFragment(element.sql, context.schema, element.tables);
  if (sql === null || coveredByColumn(finding, element, context)) return [];
  const names = namesOf(finding, element, context);
  const [display_name, ...others] = names;
  if (display_name === undefined) return [];
  return [
    {
      failure_type: finding.phrases.length > 0 ? 'wrong_measure' : 'wrong_aggregation',
      question_ids: questionsNaming(finding, finding.phrases, context.rows),
      changes: [
        {
          type: 'add_sql_snippet_measure',
          display_name,
          sql,
          alias: display_name.replaceAll(/\W+/g, '_'),
          ...(others.length > 0 ? { synonyms: others } : {}),
        },
      ],
      reason: `${quoteList(names)} is computed as ${sql}, which the answers did not do`,
      confidence:
        (readsColumn(finding, element, context) ? COLUMN_KNOWN_FACTOR : 1) *
        evidenceConfidence(
          finding.phrases.map((phrase) => phrase.score),
          finding.question_ids.length,
        ),
    },
  ];
}

/** An answer that reads the column of a plain function knows its word: what is missing is something else. */
const COLUMN_KNOWN_FACTOR = 0.6;

function readsColumn(
  finding: Finding,
  element: Element & { kind: 'aggregate' },
  { rows, schema }: GeneratorContext,
): boolean {
  const column = plainColumn(element);
  return (
    column !== null &&
    rows
      .filter((row) => finding.question_ids.includes(row.row.question_id))
      .every(({ row }) =>
        row.facts.generated?.columns.some(
          (use) =>
            use.column === column && use.table !== null && schema.table(use.table)?.key === element.table,
        ),
      )
  );
}

/** The one bare column that a function is applied to. */
function plainColumn({ sql }: Element & { kind: 'aggregate' }): string | null {
  const plain = /^\w+\s*\(\s*([\w.`$ ]+)\s*\)$/.exec(sql);
  return plain?.[1] === undefined ? null : (plain[1].split('.').at(-1)?.replaceAll(/[` ]/g, '') ?? null);
}

/** A plain function over a column that was unknown needs words for the column, not a measure. */
function coveredByColumn(
  finding: Finding,
  element: Element & { kind: 'aggregate' },
  context: GeneratorContext,
): boolean {
  const column = plainColumn(element);
  if (column === null || finding.phrases.length > 0) return false;
  return context.rows
    .filter((row) => row.lacking.has(element.key))
    .every((row) => row.lacking.has(`column:${element.table}#${column}`));
}

function namesOf(
  finding: Finding,
  element: Element & { kind: 'aggregate' },
  context: GeneratorContext,
): string[] {
  const words = element.function === null ? undefined : FUNCTION_WORDS[element.function];
  const phrases = finding.phrases.map((phrase) => phrase.surface);
  const alias =
    finding.use.alias === null
      ? []
      : [humanize(finding.use.alias)].filter((name) => !isTaken(name, element, context));
  const bases = phrases.length > 0 ? phrases : alias;
  const names =
    words === undefined
      ? bases
      : bases.flatMap((base) =>
          words.some((word) => identifierWords(base).includes(word))
            ? [base]
            : words.map((word) => `${word} ${base}`),
        );
  // The bare phrase may stand for the figure only when no other function is applied under it.
  if (words !== undefined && phrases.length > 0 && isOnlyFunction(element, context)) names.push(...phrases);
  if (names.length === 0 && element.function === 'count') names.push(...countNames(element, context));
  return [...new Set([...names, ...(phrases.length > 0 && words === undefined ? alias : [])])].slice(0, 5);
}

/** Whether people mean something else by this name: two figures of one name are worse than none. */
const isTaken = (name: string, element: Element, context: GeneratorContext): boolean =>
  [...context.findings.values()].some(
    (other) =>
      other.element.key !== element.key &&
      other.phrases.some(
        (phrase) => phrase.question_ids.length > 1 && phrase.key === identifierWords(name).join(' '),
      ),
  );

const argumentOf = (sql: string): string => sql.slice(sql.indexOf('(') + 1);

const isOnlyFunction = (element: Element & { kind: 'aggregate' }, context: GeneratorContext): boolean =>
  context.rows.every((row) =>
    [...row.expected.values()].every(
      (use) =>
        use.element.kind !== 'aggregate' ||
        use.element.key === element.key ||
        argumentOf(use.element.sql) !== argumentOf(element.sql),
    ),
  );

/** Counting distinct values, or the one column of the key, counts the things of the table. */
function countNames(element: Element & { kind: 'aggregate' }, context: GeneratorContext): string[] {
  const table = context.schema.tables.get([...element.tables].sort(compareCodeUnits)[0] ?? '');
  if (table === undefined) return [];
  const countsKey = table.primaryKey.length === 1 && plainColumn(element) === table.primaryKey[0];
  if (!element.sql.includes('distinct ') && !countsKey) return [];
  const things = humanize(table.name.split('.').at(-1) ?? table.name);
  return [`number of ${things}`, `how many ${things}`, `count of ${things}`];
}
