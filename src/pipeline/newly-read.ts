import type { EvaluationResult } from '../evaluation/index.ts';
import type { Proposal } from '../levers/index.ts';

/** Names, in lower case, that answers to lost questions read now and did not before. */
export interface NewlyRead {
  /** Three-part names as the statements write them. */
  readonly tables: readonly string[];
  /** Columns and measures, without their table. */
  readonly columns: readonly string[];
  /** Every table that these answers read, new or not. */
  readonly readTables: readonly string[];
}

/** Compares what each lost question was answered from before and after. Questions without a statement add nothing. */
export function newlyRead(
  losses: readonly string[],
  before: EvaluationResult,
  after: EvaluationResult,
): NewlyRead {
  const [was, is] = [namesOf(losses, before), namesOf(losses, after)];
  const fresh = (kind: 'tables' | 'columns'): string[] => [
    ...new Set(
      losses.flatMap((id) => {
        const known = new Set(was.get(id)?.[kind]);
        return (is.get(id)?.[kind] ?? []).filter((name) => !known.has(name));
      }),
    ),
  ];
  return {
    tables: fresh('tables'),
    columns: fresh('columns'),
    readTables: [...new Set([...is.values()].flatMap(({ tables }) => tables))],
  };
}

/**
 * Proposals about what the lost answers were drawn to: those on a column that is newly read, with those on a newly
 * read table that were made for the same questions; without any such column, those on a newly read table.
 */
export function drawnBy(proposals: readonly Proposal[], read: NewlyRead): Proposal[] {
  const short = (name: string): string => name.split('.').at(-1)?.replaceAll('`', '') ?? name;
  const about = (proposal: Proposal, says: (words: ReadonlySet<string>) => boolean): boolean =>
    proposal.patches.some((patch) =>
      says(
        new Set(
          JSON.stringify(patch)
            .toLowerCase()
            .match(/[\p{L}\p{N}_]+/gu),
        ),
      ),
    );
  const onColumn = proposals.filter((proposal) =>
    about(
      proposal,
      (words) =>
        read.columns.some((column) => words.has(column)) &&
        read.readTables.some((table) => words.has(short(table))),
    ),
  );
  const onTable = proposals.filter(
    (proposal) =>
      !onColumn.includes(proposal) &&
      proposal.patches.some((patch) => !('column' in patch)) &&
      about(proposal, (words) => read.tables.some((table) => words.has(short(table)))),
  );
  if (onColumn.length === 0) return onTable;
  const questions = new Set(onColumn.flatMap(({ question_ids }) => question_ids));
  return [...onColumn, ...onTable.filter(({ question_ids }) => question_ids.some((id) => questions.has(id)))];
}

function namesOf(
  ids: readonly string[],
  { rows }: EvaluationResult,
): Map<string, { readonly tables: readonly string[]; readonly columns: readonly string[] }> {
  return new Map(
    rows
      .filter(({ question_id }) => ids.includes(question_id))
      .map(({ question_id, facts: { generated } }) => [
        question_id,
        {
          tables: (generated?.tables ?? []).map(({ name }) => name.toLowerCase()),
          columns: [
            ...(generated?.columns ?? []).map(({ column }) => column.toLowerCase()),
            ...(generated?.measures ?? []),
          ],
        },
      ]),
  );
}
