import { compareCodeUnits, shortName } from '../../core/index.ts';
import type { Finding } from '../alignment/align.ts';
import type { Element } from '../alignment/element.ts';
import type { AnalyzedRow } from '../alignment/row-analysis.ts';
import type { SchemaColumn, SchemaTable } from '../schema.ts';
import { writeFragment } from '../sql-fragment.ts';
import { describeColumn } from './descriptions.ts';
import {
  evidenceConfidence,
  quoteList,
  type Change,
  type Draft,
  type Generator,
  type GeneratorContext,
} from './draft.ts';
import { hasRivalDates } from './rival-dates.ts';

/** A date column is the usual one when this share of the dated questions on its table uses it. */
export const USUAL_DATE_EVIDENCE = { minShare: 0.6, minQuestions: 2 } as const;

/**
 * Says which date a period means: words and a description for the date column, an instruction for
 * the usual date of a table and for relative periods that answers computed otherwise.
 */
export const proposeDates: Generator = (context) => [
  ...proposeDateColumns(context),
  ...proposePeriods(context),
];

function proposeDateColumns(context: GeneratorContext): Draft[] {
  return [...context.findings.values()].flatMap((finding) => {
    const { element } = finding;
    if (element.kind !== 'date') return [];
    const table = context.schema.tables.get(element.table);
    const column = table?.columns.get(element.column);
    if (table === undefined || column === undefined || !table.inSpace) return [];
    const isUsual = usualDate(element.table, context) === element.column;
    const hasRivals = hasRivalDates(table, context);
    const changes = wordsForDate(table, column, finding, { isUsual, hasRivals });
    const drafts: Draft[] = [];
    const confidence = evidenceConfidence(
      finding.phrases.map((phrase) => phrase.score),
      finding.question_ids.length,
    );
    const base = {
      failure_type: 'missing_temporal_filter',
      question_ids: finding.question_ids,
      confidence,
    } as const;
    if (changes.length > 0) {
      drafts.push({
        ...base,
        changes,
        reason: `periods in the questions mean ${table.name}.${column.name}, which the answers did not restrict`,
      });
    }
    if (isUsual && hasRivals) {
      const short = table.name.split('.').at(-1) ?? table.name;
      drafts.push({
        ...base,
        changes: [
          {
            type: 'add_instruction',
            text: `Periods in questions on ${short} ("in 2023", "last month") restrict ${short}.${column.name}, unless the question names another date.`,
          },
        ],
        reason: `${table.name} has several dates and periods mean ${column.name}`,
        confidence: confidence * 0.9,
      });
    }
    return drafts;
  });
}

function wordsForDate(
  table: SchemaTable,
  column: SchemaColumn,
  finding: Finding,
  { isUsual, hasRivals }: { readonly isUsual: boolean; readonly hasRivals: boolean },
): Change[] {
  const target = { table: table.name, column: column.name };
  // Where a table has one date only, nobody needs a word to tell it from others.
  const surfaces = hasRivals ? finding.phrases.map((phrase) => phrase.surface) : [];
  const fresh = surfaces.filter(
    (surface) => !column.synonyms.some((synonym) => synonym.toLowerCase() === surface),
  );
  const changes: Change[] = fresh.map((synonym) => ({ type: 'add_synonym', ...target, synonym }));
  const sentences = [
    ...(surfaces.length > 0 ? [`Use this date for ${quoteList(surfaces)}.`] : []),
    ...(isUsual ? ['Use this date for periods when no other date is named.'] : []),
  ].filter((sentence) => !column.description.includes(sentence));
  if (sentences.length > 0) {
    const change = describeColumn(table, column, sentences.join(' '));
    if (change !== null) changes.push(change);
  }
  return changes;
}

/** The date column that most dated questions on a table restrict, or `null`. */
function usualDate(tableKey: string, context: GeneratorContext): string | null {
  const counts = new Map<string, number>();
  let dated = 0;
  for (const row of context.rows) {
    const dates = [...row.expected.values()].flatMap((use) =>
      use.element.kind === 'date' && use.element.table === tableKey ? [use.element.column] : [],
    );
    if (dates.length > 0) dated++;
    for (const column of dates) counts.set(column, (counts.get(column) ?? 0) + 1);
  }
  const [best] = [...counts].sort((a, b) => b[1] - a[1] || compareCodeUnits(a[0], b[0]));
  const { minShare, minQuestions } = USUAL_DATE_EVIDENCE;
  return best !== undefined && best[1] >= minQuestions && best[1] >= minShare * dated ? best[0] : null;
}

/** Periods relative to today, as people say them. A number of units stays open. */
const PERIOD =
  /\b(?:year to date|ytd|month to date|(?:last|previous|past|prior|this|current) (?:\d+ )?(?:day|week|month|quarter|year)s?|yesterday|today)\b/i;
const RELATIVE = /\bcurrent_(?:date|timestamp)\b|\bnow\s*\(|\bcurdate\b/i;
const DATE_LITERAL = /'\d{4}-\d{2}(?:-\d{2})?/;

/** A relative period as one question means it. */
interface Period {
  readonly phrase: string;
  /** Words that tell the questions meant: of the event, else of the table. */
  readonly scope: string;
  readonly condition: string;
  readonly questions: readonly string[];
}

/**
 * Relative periods whose dates answers computed otherwise.
 *
 * A period is said of anything that has a date, so a rule names what it is about: the event that means the date, or
 * the table where no other date is asked for. Where it has neither, or two keys disagree, nothing is said.
 */
function proposePeriods(context: GeneratorContext): Draft[] {
  const byScope = new Map<string, Period[]>();
  for (const row of context.rows) {
    const phrase = PERIOD.exec(row.row.question)?.[0].toLowerCase();
    const condition = row.failed && phrase !== undefined ? relativeCondition(row, context) : null;
    const scope = condition === null ? null : scopeOf(row, context);
    if (phrase === undefined || condition === null || scope === null) continue;
    const key = `${phrase}\u0001${scope}`;
    const known = byScope.get(key) ?? [];
    byScope.set(key, [...known, { phrase, scope, condition, questions: [row.row.question_id] }]);
  }
  return [...byScope]
    .sort(([a], [b]) => compareCodeUnits(a, b))
    .flatMap(([, periods]): Draft[] => {
      const [first] = periods;
      if (first === undefined || periods.some(({ condition }) => condition !== first.condition)) return [];
      const { phrase, scope, condition } = first;
      const questions = periods.flatMap((period) => period.questions).sort(compareCodeUnits);
      return [
        {
          failure_type: 'missing_temporal_filter',
          question_ids: questions,
          changes: [
            {
              type: 'add_instruction',
              text: `For questions about ${scope} in '${phrase}', filter by ${condition}.`,
            },
          ],
          reason: `'${phrase}' on ${scope} was computed otherwise than the answer key does`,
          confidence: Math.min(0.8, 0.5 + 0.1 * questions.length),
        },
      ];
    });
}

/** What a period of the question is about; `null` when the question restricts no one date that could be named. */
function scopeOf(row: AnalyzedRow, context: GeneratorContext): string | null {
  const dates = datesOf(row);
  const [date, second] = dates;
  const table = context.schema.tables.get(date?.table ?? '');
  if (date === undefined || second !== undefined || table === undefined) return null;
  const event = context.findings
    .get(date.key)
    ?.phrases.find(({ question_ids: ids }) => ids.includes(row.row.question_id));
  if (event !== undefined && hasRivalDates(table, context)) return `'${event.surface}'`;
  const isOnlyDate = context.rows.every((other) =>
    datesOf(other).every(({ table: owner, column }) => owner !== date.table || column === date.column),
  );
  return isOnlyDate ? shortName(table.key) : null;
}

const datesOf = ({ expected }: AnalyzedRow): (Element & { kind: 'date' })[] =>
  [...expected.values()].flatMap(({ element }) => (element.kind === 'date' ? [element] : []));

/** The key's conditions relative to today that the answer lacks; `null` when they hold fixed dates. */
function relativeCondition(row: AnalyzedRow, context: GeneratorContext): string | null {
  const generated = row.row.facts.generated;
  if (generated !== null && generated.engine !== 'ast') return null;
  const found = new Set(generated?.predicates.map((predicate) => predicate.text) ?? []);
  const temporal = row.row.facts.expected.predicates.filter((predicate) => predicate.temporal);
  if (temporal.every((predicate) => found.has(predicate.text))) return null;
  if (!temporal.every((predicate) => RELATIVE.test(predicate.text) && !DATE_LITERAL.test(predicate.text)))
    return null;
  const parts = temporal.map((predicate) => writeFragment(predicate.text, context.schema));
  return parts.some((part) => part === null) ? null : parts.join(' AND ');
}
