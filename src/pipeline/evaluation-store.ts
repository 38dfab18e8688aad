import { OptimizerError, parseJson } from '../core/index.ts';
import type { EvaluationResult, EvaluationRow } from '../evaluation/index.ts';
import type { CatalogSnapshot, FileStore } from '../ports/index.ts';
import type { Iteration } from '../session/index.ts';
import { analyzeSql } from '../sql/index.ts';

/** Where the rows of one full evaluation are kept, so that a resumed run need not ask again. */
export const evaluationPath = (outputDir: string, sessionId: string, iteration: number): string =>
  `${outputDir}/${sessionId}/evaluation/iteration-${iteration}.json`;

/** Where the rows of an evaluation are kept under corrected answer keys, beside those as measured. */
export const rescoredPath = (runFolder: string, iteration: number, keys: string): string =>
  `${runFolder}/evaluation/iteration-${iteration}.keys-${keys}.json`;

/** An evaluation as stored: without the facts of its statements, which are read again from the SQL. */
export function evaluationText(result: EvaluationResult): string {
  const rows = result.rows.map(({ facts: _facts, ...row }) => row);
  return `${JSON.stringify({ ...result, rows }, null, 1)}\n`;
}

export const saveEvaluation = (files: FileStore, path: string, result: EvaluationResult): Promise<void> =>
  files.write(path, evaluationText(result));

/**
 * Reads an evaluation back and analyses its statements again.
 *
 * @throws {OptimizerError} code `EVALUATION_FILE` when the file is missing or damaged
 */
export async function loadEvaluation(
  files: FileStore,
  path: string,
  catalog: CatalogSnapshot,
): Promise<EvaluationResult> {
  const text = await files.read(path);
  const fail = (problem: string) =>
    new OptimizerError(`Evaluation file '${path}' ${problem}. Start a new run instead of resuming.`, {
      code: 'EVALUATION_FILE',
      details: { path },
    });
  if (text === null) throw fail('is missing');
  const stored = await parseEvaluation(text, catalog);
  if (stored === null) throw fail('is no stored evaluation');
  return stored;
}

/**
 * The evaluation of an iteration: under corrected answer keys where such rows are there, else as measured.
 *
 * @returns `isCurrent: false` when it should be under corrected keys and is not, as after fetching a run from MLflow
 * @throws {OptimizerError} code `EVALUATION_FILE` when there are no rows at all
 */
export async function loadIteration(
  files: FileStore,
  { rescored_ref: rescored, rows_ref: measured }: Pick<Iteration, 'rescored_ref' | 'rows_ref'>,
  catalog: CatalogSnapshot,
): Promise<{ readonly evaluation: EvaluationResult; readonly isCurrent: boolean }> {
  const isThere = rescored !== undefined && (await files.read(rescored)) !== null;
  const evaluation = await loadEvaluation(files, isThere ? rescored : (measured ?? ''), catalog);
  return { evaluation, isCurrent: rescored === undefined || isThere };
}

/** An evaluation from its text; `null` when it is none. */
export async function parseEvaluation(
  text: string,
  catalog: CatalogSnapshot,
): Promise<EvaluationResult | null> {
  const stored = parseJson(text) as Partial<EvaluationResult> | null | undefined;
  if (!Array.isArray(stored?.rows)) return null;
  const rows = stored.rows as readonly EvaluationRow[];
  return {
    ...(stored as EvaluationResult),
    rows: await Promise.all(rows.map((row) => withFacts(row, catalog))),
  };
}

async function withFacts(row: EvaluationRow, catalog: CatalogSnapshot): Promise<EvaluationRow> {
  const tables = catalog.tables.map((table) => ({
    name: table.name,
    columns: table.columns.map((column) => column.name),
  }));
  const facts = {
    expected: await analyzeSql(row.expected_sql, { tables }),
    generated: row.generated_sql === null ? null : await analyzeSql(row.generated_sql, { tables }),
  };
  return { ...row, facts };
}
