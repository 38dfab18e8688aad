import { abbreviationScore, identifierWords } from '../alignment/words.ts';
import type { Finding } from '../alignment/align.ts';
import { describeColumn } from './descriptions.ts';
import {
  evidenceConfidence,
  questionsNaming,
  quoteList,
  type Change,
  type Draft,
  type Generator,
  type GeneratorContext,
} from './draft.ts';

/**
 * Teaches the words that people use for a column: synonyms, and where another column was taken
 * instead, a sentence that tells the two apart. A hidden column that answers need is shown.
 */
export const proposeColumnWords: Generator = (context) =>
  [...context.findings.values()].flatMap((finding) => {
    const { element } = finding;
    if (element.kind !== 'column' && element.kind !== 'measure') return [];
    const name = element.kind === 'column' ? element.column : element.measure;
    const table = context.schema.tables.get(element.table);
    const column = table?.columns.get(name);
    if (table === undefined || column === undefined || !table.inSpace) return [];
    const changes: Change[] = column.hidden
      ? [{ type: 'unhide_column', table: table.name, column: column.name }]
      : [];
    const known = new Set([column.name, ...column.synonyms].map((item) => identifierWords(item).join(' ')));
    const fresh = finding.phrases.filter((phrase) => !known.has(phrase.key));
    for (const phrase of fresh) {
      changes.push({ type: 'add_synonym', table: table.name, column: column.name, synonym: phrase.surface });
    }
    const rival = fresh.length > 0 ? rivalOf(finding, context) : null;
    if (rival !== null) {
      const surfaces = fresh.map((phrase) => phrase.surface);
      const change = describeColumn(
        table,
        column,
        `Use this column for ${quoteList(surfaces)}, not ${rival}.`,
      );
      if (change !== null) changes.push(change);
    }
    if (changes.length === 0) return [];
    const draft: Draft = {
      failure_type:
        element.kind === 'measure' ? 'wrong_measure' : rival === null ? 'missing_synonym' : 'wrong_column',
      question_ids: column.hidden ? finding.question_ids : questionsNaming(finding, fresh, context.rows),
      changes,
      reason:
        fresh.length > 0
          ? `${quoteList(fresh.map((phrase) => phrase.surface))} means ${table.name}.${column.name}, which the answers did not use`
          : `${table.name}.${column.name} is needed but hidden`,
      confidence: evidenceConfidence(
        fresh.map((phrase) => phrase.score),
        new Set(fresh.flatMap((phrase) => phrase.question_ids)).size,
      ),
    };
    return [draft];
  });

/** The column of the same table that most answers took instead, when it is always the same one. */
function rivalOf(finding: Finding, context: GeneratorContext): string | null {
  const { element } = finding;
  if (element.kind !== 'column') return null;
  const rivals = context.rows
    .filter((row) => row.lacking.has(element.key))
    .map((row) =>
      [...row.extra.values()].flatMap((use) =>
        use.element.kind === 'column' &&
        use.element.table === element.table &&
        use.roles.some((role) => finding.use.roles.includes(role))
          ? use.element.column
          : [],
      ),
    );
  const taken = rivals.filter((list) => list.length > 0);
  const first = taken[0]?.[0];
  if (
    first === undefined ||
    taken.length * 2 < rivals.length ||
    !taken.every((list) => list.length === 1 && list[0] === first)
  )
    return null;
  // An abbreviation of the same words is no rival but the same thing.
  return abbreviationScore(first, identifierWords(element.column)) > 0.9 ? null : first;
}
