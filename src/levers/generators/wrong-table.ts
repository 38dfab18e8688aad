import { compareCodeUnits } from '../../core/index.ts';
import type { Finding } from '../alignment/align.ts';
import { identifierWords } from '../alignment/words.ts';
import { isMisrouted } from './asset-routing.ts';
import { describeTable } from './descriptions.ts';
import {
  evidenceConfidence,
  questionsNaming,
  quoteList,
  rowsSaying,
  type Change,
  type Draft,
  type Generator,
  type GeneratorContext,
} from './draft.ts';

/** A word of one question needs this score to become the name of a table. */
const MIN_SINGLE_SCORE = 0.5;

/** Columns that name the thing their table holds. */
const LABEL = /(?:^|_)(?:name|title|label)$/;

/**
 * Tells what a table is called by the people who ask, or adds a table of the catalog that the
 * answers need and the space lacks.
 */
export const proposeTableWords: Generator = (context) =>
  [...context.findings.values()].flatMap((finding) => {
    const { element } = finding;
    if (element.kind !== 'table') return [];
    const table = context.schema.tables.get(element.table);
    if (table === undefined) return [];
    if (!table.inSpace) {
      const kind = table.kind === 'metric_view' ? 'metric_view' : 'table';
      const draft: Draft = {
        failure_type: 'wrong_table',
        question_ids: finding.question_ids,
        changes: [{ type: 'add_table', asset: { identifier: table.name, kind } }],
        reason: `the answers need ${table.name}, which the space does not hold`,
        confidence: 0.8,
      };
      return [draft];
    }
    const own = identifierWords(table.name.split('.').at(-1) ?? '').join(' ');
    const phrases = namesOfThings(finding, context).filter(
      (phrase) =>
        phrase.key !== own &&
        !isIdle(phrase.key, element.key, context) &&
        (phrase.score >= MIN_SINGLE_SCORE ||
          phrase.question_ids.length > 1 ||
          isUnanswered(finding, context)),
    );
    if (phrases.length === 0) return [];
    const surfaces = [...new Set(phrases.map((phrase) => phrase.surface))];
    const change = describeTable(table, `Also called ${quoteList(surfaces)}.`);
    if (change === null) return [];
    const draft: Draft = {
      failure_type: 'wrong_table',
      question_ids: [
        ...new Set([
          ...questionsNaming(finding, phrases, context.rows),
          ...labelsOf(finding, context).flatMap((label) => questionsNaming(label, phrases, context.rows)),
        ]),
      ].sort(compareCodeUnits),
      changes: [change, ...labelWords(finding, context)],
      reason: `${quoteList(surfaces)} means the rows of ${table.name}, which the answers did not read`,
      confidence:
        (isContested(finding, context) ? ONE_SIDED_FACTOR : 1) *
        evidenceConfidence(
          phrases.map((phrase) => phrase.score),
          new Set(phrases.flatMap((phrase) => phrase.question_ids)).size,
        ),
    };
    return [draft];
  });

/** Where another class of asset answered, both sides have to be told apart; a word for one of them is half of that. */
const ONE_SIDED_FACTOR = 0.8;

const isContested = ({ question_ids }: Finding, { rows }: GeneratorContext): boolean =>
  rows.filter((row) => question_ids.includes(row.row.question_id)).every(isMisrouted);

/**
 * Whether as many right answers to questions that say the phrase do without the table as there are questions that need
 * it: the phrase names something else, or nothing.
 */
function isIdle(phrase: string, table: string, { rows }: GeneratorContext): boolean {
  const saying = rowsSaying(phrase, rows);
  const without = saying.filter((row) => row.row.correct === true && !row.expected.has(table));
  return without.length > 0 && without.length * 2 >= saying.length;
}

/** Whether nothing at all came as an answer, and the key reads this table alone: only the word for it can be missing. */
const isUnanswered = ({ element, question_ids }: Finding, { rows }: GeneratorContext): boolean =>
  rows
    .filter((row) => question_ids.includes(row.row.question_id))
    .every(
      (row) =>
        row.row.generated_sql === null &&
        [...row.expected.values()].every(
          (use) => use.element.kind !== 'table' || use.element.key === element.key,
        ),
    );

/** Findings on the columns that name the rows of the table. */
const labelsOf = ({ element }: Finding, { findings }: GeneratorContext): Finding[] =>
  element.kind !== 'table'
    ? []
    : [...findings.values()].filter(
        (other) =>
          other.element.kind === 'column' &&
          other.element.table === element.table &&
          LABEL.test(other.element.column),
      );

/** Asked for the things by name, people get the column that names them. */
function labelWords(finding: Finding, context: GeneratorContext): Change[] {
  return labelsOf(finding, context).flatMap(({ element, phrases }) => {
    const table = context.schema.tables.get('table' in element ? element.table : '');
    const column = element.kind === 'column' ? table?.columns.get(element.column) : undefined;
    if (table === undefined || column === undefined || column.hidden) return [];
    const known = new Set([column.name, ...column.synonyms].map((name) => identifierWords(name).join(' ')));
    return phrases
      .filter((phrase) => !known.has(phrase.key))
      .map((phrase) => ({
        type: 'add_synonym' as const,
        table: table.name,
        column: column.name,
        synonym: phrase.surface,
      }));
  });
}

/** Phrases of the table itself, and of the column that names its rows. */
function namesOfThings(finding: Finding, context: GeneratorContext): Finding['phrases'] {
  const { element } = finding;
  if (element.kind !== 'table') return [];
  const all = [...finding.phrases, ...labelsOf(finding, context).flatMap((label) => label.phrases)];
  const byKey = new Map(all.sort((a, b) => a.score - b.score).map((phrase) => [phrase.key, phrase]));
  return [...byKey.values()].sort((a, b) => b.score - a.score || compareCodeUnits(a.key, b.key)).slice(0, 3);
}
