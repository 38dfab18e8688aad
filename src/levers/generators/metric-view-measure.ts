import { identifierWords } from '../alignment/words.ts';
import type { SchemaTable } from '../schema.ts';
import { evidenceConfidence, quoteList, type Draft, type Generator, type GeneratorContext } from './draft.ts';
import { viewOf } from './view-definition.ts';

/**
 * Adds a figure to the metric view that was asked for it and does not have it.
 *
 * Only where the view reads the table of the figure itself, so that the expression means the same there.
 */
export const proposeViewMeasures: Generator = (context) =>
  [...context.findings.values()].flatMap((finding): Draft[] => {
    const { element } = finding;
    if (element.kind !== 'aggregate' || element.tables.length > 1 || finding.phrases.length === 0) return [];
    const view = askedView(finding.question_ids, element.table, context);
    if (view === null) return [];
    const [first, ...others] = finding.phrases.map((phrase) => phrase.surface);
    const name = identifierWords(first ?? '').join('_');
    const expr = bareExpression(element.sql, element.table, context);
    if (first === undefined || name === '' || view.columns.has(name) || expr === null) return [];
    return [
      {
        failure_type: 'wrong_measure',
        question_ids: finding.question_ids,
        changes: [
          {
            type: 'add_mv_measure',
            mv: view.name,
            measure: { name, expr, ...(others.length > 0 ? { synonyms: others } : {}) },
          },
        ],
        reason: `${quoteList([first, ...others])} was asked of ${view.name}, which has no such figure`,
        // The key was written against the table, so a measure of the table is the surer repair.
        confidence:
          0.8 *
          evidenceConfidence(
            finding.phrases.map((phrase) => phrase.score),
            finding.question_ids.length,
          ),
      },
    ];
  });

/** The metric view over a table that most of the wrong answers read. */
export function askedView(
  questions: readonly string[],
  table: string,
  { rows, schema, catalog }: GeneratorContext,
): SchemaTable | null {
  const asked = rows
    .filter(({ row }) => questions.includes(row.question_id))
    .map(({ row }) =>
      (row.facts.generated?.tables ?? [])
        .flatMap((use) => schema.table(use.name) ?? [])
        .find((item) => item.kind === 'metric_view'),
    );
  const [view] = asked;
  if (view === undefined || !view.inSpace || !asked.every((item) => item === view)) return null;
  const source = viewOf(view, catalog)?.root['source'];
  return typeof source === 'string' && schema.table(source)?.key === table ? view : null;
}

/** The aggregate without the name of its table: inside the view its columns stand bare. */
function bareExpression(sql: string, table: string, { schema }: GeneratorContext): string | null {
  const known = schema.tables.get(table);
  if (known === undefined) return null;
  const names = [known.key, known.key.split('.').at(-1) ?? ''].map((name) =>
    name.replaceAll('.', String.raw`\s*\.\s*`),
  );
  const bare = sql.replaceAll(new RegExp(String.raw`(?:${names.join('|')})\s*\.\s*`, 'gi'), '');
  return /\bselect\b/i.test(bare) ? null : bare;
}
