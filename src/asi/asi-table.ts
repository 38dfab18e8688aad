import { InvalidOptionError, quoteIdentifier } from '../core/index.ts';
import type { StatementParameter } from '../ports/index.ts';
import type { AsiRecord } from './asi.ts';
import { asiInputOf } from './asi-source.ts';
import { buildAsi } from './build-asi.ts';
import { normalizeVerdict } from './verdict.ts';

/** Name of the table that keeps every verdict of every run. @see spec/asi-clustering-levers.md §3 */
export const ASI_TABLE = 'genie_eval_asi_results';

/** Where the table stands. */
export interface AsiTableName {
  readonly catalog: string;
  readonly schema: string;
  /** Default `genie_eval_asi_results`. */
  readonly table?: string | undefined;
}

/** A statement with its values beside it. */
export interface AsiStatement {
  readonly sql: string;
  readonly parameters: readonly StatementParameter[];
}

/** One judge's verdict on one question, failing or not. */
export interface AsiTableRow {
  readonly run_id: string;
  readonly iteration: number;
  readonly question_id: string;
  readonly judge: string;
  readonly value: string;
  /** Its reasons; `null` when the verdict needs none. */
  readonly asi: AsiRecord['asi'] | null;
}

const COLUMNS = {
  run_id: 'STRING',
  iteration: 'INT',
  question_id: 'STRING',
  judge: 'STRING',
  value: 'STRING',
  failure_type: 'STRING',
  severity: 'STRING',
  confidence: 'DOUBLE',
  blame_set: 'STRING',
  counterfactual_fix: 'STRING',
  wrong_clause: 'STRING',
  expected_value: 'STRING',
  actual_value: 'STRING',
  missing_metadata: 'STRING',
  ambiguity_detected: 'BOOLEAN',
  logged_at: 'TIMESTAMP',
} as const;
type Column = keyof typeof COLUMNS;
const NAMES = Object.keys(COLUMNS) as Column[];

/** Rows of one INSERT: a statement takes at most 255 parameters. */
export const ASI_ROWS_PER_INSERT = 15;

/** `catalog`.`schema`.`table`, quoted. @throws {InvalidOptionError} for an empty part */
function qualified({ catalog, schema, table = ASI_TABLE }: AsiTableName): string {
  const parts = { catalog, schema, table };
  for (const [option, part] of Object.entries(parts)) {
    if (part.trim() === '') {
      throw new InvalidOptionError(option, `is empty: name the ${option} of the table of verdicts`);
    }
  }
  return Object.values(parts).map(quoteIdentifier).join('.');
}

/** Creates the table when it is not there. */
export const createAsiTable = (name: AsiTableName): AsiStatement => ({
  sql: `CREATE TABLE IF NOT EXISTS ${qualified(name)} (${NAMES.map((column) => `${column} ${COLUMNS[column]}`).join(', ')})`,
  parameters: [],
});

/** Statements that append the rows; none for no rows. */
export function insertAsiRows(
  name: AsiTableName,
  rows: readonly AsiTableRow[],
  now: Date,
): readonly AsiStatement[] {
  const statements: AsiStatement[] = [];
  for (let from = 0; from < rows.length; from += ASI_ROWS_PER_INSERT) {
    const parameters: StatementParameter[] = [];
    const tuples = rows.slice(from, from + ASI_ROWS_PER_INSERT).map((row, at) => {
      const cells = cellsOf(row, now);
      return `(${NAMES.map((column) => {
        parameters.push({ name: `${column}_${at}`, value: cells[column], type: COLUMNS[column] });
        return `:${column}_${at}`;
      }).join(', ')})`;
    });
    statements.push({
      sql: `INSERT INTO ${qualified(name)} (${NAMES.join(', ')}) VALUES ${tuples.join(', ')}`,
      parameters,
    });
  }
  return statements;
}

function cellsOf({ asi, ...row }: AsiTableRow, now: Date): Readonly<Record<Column, string | null>> {
  return {
    run_id: row.run_id,
    iteration: String(row.iteration),
    question_id: row.question_id,
    judge: row.judge,
    value: row.value,
    failure_type: asi?.failure_type ?? null,
    severity: asi?.severity ?? null,
    confidence: asi === null ? null : String(asi.confidence),
    blame_set: asi === null ? null : JSON.stringify(asi.blame_set),
    counterfactual_fix: asi?.counterfactual_fix ?? null,
    wrong_clause: asi?.wrong_clause ?? null,
    expected_value: asi?.expected_value ?? null,
    actual_value: asi?.actual_value ?? null,
    missing_metadata: asi?.missing_metadata ?? null,
    ambiguity_detected: asi === null ? null : String(asi.ambiguity_detected),
    logged_at: now.toISOString(),
  };
}

/** Reads the verdicts of one run, of one iteration when it is given. */
export function selectAsiRows(name: AsiTableName, runId: string, iteration?: number): AsiStatement {
  const ofIteration = iteration === undefined ? '' : ' AND iteration = :iteration';
  return {
    sql: `SELECT ${NAMES.join(', ')} FROM ${qualified(name)} WHERE run_id = :run_id${ofIteration} ORDER BY question_id, judge`,
    parameters: [
      { name: 'run_id', value: runId, type: 'STRING' },
      ...(iteration === undefined ? [] : [{ name: 'iteration', value: String(iteration), type: 'INT' }]),
    ],
  };
}

/** A verdict as the table gives it back. */
export interface StoredAsi {
  readonly iteration: number;
  readonly question_id: string;
  readonly judge: string;
  readonly value: string;
  /** The failing verdict as a record; `null` when the verdict is no failure. */
  readonly record: AsiRecord | null;
}

/**
 * Reads rows of the table by column name; rows without question or judge are left out.
 *
 * A failing verdict without a failure type becomes `other`; missing confidence becomes the default.
 */
export function parseAsiRows(
  columns: readonly string[],
  rows: readonly (readonly (string | null)[])[],
): readonly StoredAsi[] {
  return rows.flatMap((cells): StoredAsi[] => {
    const row: Record<string, string | null> = Object.fromEntries(
      columns.map((column, at) => [column.toLowerCase(), cells[at] ?? null]),
    );
    const [question_id, judge, value] = [row['question_id'] ?? '', row['judge'] ?? '', row['value'] ?? ''];
    if (question_id === '' || judge === '') return [];
    const asi = buildAsi(asiInputOf(row) ?? { failure_type: 'other' });
    const record = normalizeVerdict(value) === 'fail' ? { question_id, judge, rationale: '', asi } : null;
    return [{ iteration: Number(row['iteration'] ?? 0), question_id, judge, value, record }];
  });
}
