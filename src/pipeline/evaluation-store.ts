import { OptimizerError } from '../core/index.ts';
import type { EvaluationResult, EvaluationRow } from '../evaluation/index.ts';
import type { CatalogSnapshot, FileStore } from '../ports/index.ts';
import { analyzeSql } from '../sql/index.ts';

/** Where the rows of one full evaluation are kept, so that a resumed run need not ask again. */
export const evaluationPath = (outputDir: string, sessionId: string, iteration: number): string =>
  `${outputDir}/${sessionId}/evaluation/iteration-${iteration}.json`;

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
  const fail = (problem: string, cause?: unknown) =>
    new OptimizerError(`Evaluation file '${path}' ${problem}. Start a new run instead of resuming.`, {
      code: 'EVALUATION_FILE',
      details: { path },
      cause,
    });
  if (text === null) throw fail('is missing');
  let stored: EvaluationResult;
  try {
    stored = JSON.parse(text) as EvaluationResult;
  } catch (cause) {
    throw fail('is not valid JSON', cause);
  }
  if (!Array.isArray(stored.rows)) throw fail('holds no rows');
  return { ...stored, rows: await Promise.all(stored.rows.map((row) => withFacts(row, catalog))) };
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
