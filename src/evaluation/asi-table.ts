import {
  createAsiTable,
  insertAsiRows,
  parseAsiRows,
  selectAsiRows,
  withTableReasons,
  type AsiTableName,
  type AsiTableRow,
  type StoredAsi,
} from '../asi/index.ts';
import type { CallOptions, SqlPort } from '../ports/index.ts';
import type { RepeatabilityVerdict } from '../repeatability/index.ts';
import type { EvaluationResult, EvaluationRow } from './evaluation-result.ts';

/** Rows of one run: eight judges over thousands of questions stay far below. */
const MAX_ROWS = 1_000_000;

/**
 * Appends every verdict of an evaluation to the table of verdicts, and creates the table when it is not there.
 *
 * @returns how many verdicts were written
 * @throws what the warehouse says, when it refuses; the evaluation itself is not touched
 * @see spec/asi-clustering-levers.md §3
 */
export const writeAsiTable = (
  sql: SqlPort,
  name: AsiTableName,
  evaluation: Pick<EvaluationResult, 'iteration' | 'rows'>,
  { runId, ...options }: AsiWriteOptions,
): Promise<number> => append(sql, name, verdictRows(evaluation, runId), options);

/**
 * Appends what asking again showed: one row per question whose answers differ, judge `repeatability`.
 *
 * @returns how many rows were written
 * @throws what the warehouse says, when it refuses
 * @see spec/repeatability.md §4, spec/evaluation.md §9.7
 */
export const writeRepeatabilityRows = (
  sql: SqlPort,
  name: AsiTableName,
  found: { readonly iteration: number; readonly verdicts: readonly RepeatabilityVerdict[] },
  { runId, ...options }: AsiWriteOptions,
): Promise<number> => {
  const rows = found.verdicts.flatMap(({ question_id, value, asi }): AsiTableRow[] =>
    asi === null
      ? []
      : [
          {
            run_id: runId,
            iteration: found.iteration,
            question_id,
            judge: 'repeatability',
            value,
            asi,
          },
        ],
  );
  return append(sql, name, rows, options);
};

/** Run that the rows belong to, and when they were written; default now. */
type AsiWriteOptions = CallOptions & { readonly runId: string; readonly now?: Date | undefined };

async function append(
  sql: SqlPort,
  name: AsiTableName,
  rows: readonly AsiTableRow[],
  { now = new Date(), signal }: Omit<AsiWriteOptions, 'runId'>,
): Promise<number> {
  for (const statement of [createAsiTable(name), ...insertAsiRows(name, rows, now)])
    await sql.execute(statement.sql, { parameters: statement.parameters, signal });
  return rows.length;
}

/** Every verdict as a row, failing or not. */
const verdictRows = (
  { iteration, rows }: Pick<EvaluationResult, 'iteration' | 'rows'>,
  run_id: string,
): readonly AsiTableRow[] =>
  rows.flatMap(({ question_id, verdicts, asi }) =>
    Object.entries(verdicts).map(([judge, { value }]) => ({
      run_id,
      iteration,
      question_id,
      judge,
      value,
      asi: asi.find((record) => record.judge === judge)?.asi ?? null,
    })),
  );

/**
 * The verdicts of a run from the table; empty when the run wrote none.
 *
 * @throws what the warehouse says, for example when the table is not there: silence would look like success
 */
export async function readAsiTable(
  sql: SqlPort,
  name: AsiTableName,
  {
    runId,
    iteration,
    signal,
  }: CallOptions & { readonly runId: string; readonly iteration?: number | undefined },
): Promise<readonly StoredAsi[]> {
  const statement = selectAsiRows(name, runId, iteration);
  const { columns, rows } = await sql.execute(statement.sql, {
    parameters: statement.parameters,
    rowLimit: MAX_ROWS,
    signal,
  });
  return parseAsiRows(
    columns.map((column) => column.name),
    rows,
  );
}

/**
 * The rows of an evaluation with their reasons read from the table of verdicts first, each with its source.
 *
 * @param rows - rows of one evaluation
 * @throws what the warehouse says
 * @see spec/asi-clustering-levers.md §3
 */
export async function readReasons(
  sql: SqlPort,
  name: AsiTableName,
  {
    rows,
    ...which
  }: CallOptions & {
    readonly runId: string;
    readonly iteration: number;
    readonly rows: readonly EvaluationRow[];
  },
): Promise<readonly EvaluationRow[]> {
  return withTableReasons(rows, await readAsiTable(sql, name, which));
}
