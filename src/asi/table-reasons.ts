import { compareCodeUnits } from '../core/index.ts';
import type { AsiRecord } from './asi.ts';
import type { SourcedAsi } from './asi-source.ts';
import type { StoredAsi } from './asi-table.ts';

/** What is read of a row whose reasons may stand in the table of verdicts, too. */
export interface ReasonedRow {
  readonly question_id: string;
  readonly correct: boolean | null;
  readonly verdicts: Readonly<Record<string, { readonly value: string }>>;
  readonly asi: readonly AsiRecord[];
}

/**
 * Rows with the reasons of the table in the place of their own, and each reason with its source.
 *
 * The table wins for a judge whose verdict there is the verdict of the row: another one was reached under another
 * answer key. What the table does not keep (rationale, quoted metadata, the label before normalisation) stays as the
 * row has it. A row that did not fail keeps its reasons.
 *
 * @see spec/asi-clustering-levers.md §3
 */
export function withTableReasons<R extends ReasonedRow>(
  rows: readonly R[],
  stored: readonly StoredAsi[],
): readonly (Omit<R, 'asi'> & { readonly asi: readonly SourcedAsi[] })[] {
  const byQuestion = Map.groupBy(stored, ({ question_id }) => question_id);
  return rows.map((row) => {
    const told = new Map<string, AsiRecord>();
    for (const { judge, value, record } of byQuestion.get(row.question_id) ?? [])
      if (row.correct === false && record !== null && row.verdicts[judge]?.value === value)
        told.set(judge, record);
    const own = row.asi.filter(({ judge }) => !told.has(judge));
    const asi: readonly SourcedAsi[] = [
      ...own.map((record) => ({ ...record, asi_source: record.asi_source ?? 'row_metadata' })),
      ...[...told.values()].map((record) =>
        filled(
          record,
          row.asi.find(({ judge }) => judge === record.judge),
        ),
      ),
    ].sort((a, b) => compareCodeUnits(a.judge, b.judge));
    return { ...row, asi };
  });
}

/** A record of the table with what only the row knows. */
const filled = (record: AsiRecord, own: AsiRecord | undefined): SourcedAsi => ({
  ...record,
  rationale: record.rationale === '' ? (own?.rationale ?? '') : record.rationale,
  asi: {
    ...record.asi,
    quoted_metadata_text: record.asi.quoted_metadata_text ?? own?.asi.quoted_metadata_text ?? null,
    affected_question_pattern:
      record.asi.affected_question_pattern ?? own?.asi.affected_question_pattern ?? null,
    failure_type_raw: record.asi.failure_type_raw ?? own?.asi.failure_type_raw ?? null,
  },
  asi_source: 'uc_table',
});
