import type { SqlEngine } from '../../src/local/index.ts';
import { isOptimizerError } from '../../src/core/index.ts';

/** The rows of a statement as the engine prints them; `null` when the engine refuses it. */
export type Answer = { readonly columns: number; readonly rows: readonly string[] } | null;

/** Runs a statement for the corpus' own opinion on whether two statements answer alike. */
export async function answerOf(engine: SqlEngine, sql: string): Promise<Answer> {
  try {
    const { columns, rows } = await engine.execute(sql, { rowLimit: 5000 });
    return {
      columns: columns.length,
      rows: rows.map((row) => row.map(plainCell).sort().join('\u0001')).sort(),
    };
  } catch (error) {
    if (isOptimizerError(error)) return null;
    throw error;
  }
}

/** Numbers to six significant digits, since sums of floats depend on the order of rows. */
function plainCell(cell: string | null): string {
  if (cell === null) return '∅';
  return /^-?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/i.test(cell) ? String(Number(Number(cell).toPrecision(6))) : cell;
}

/** The same bag of rows, whatever the order of rows and columns; names of columns do not count. */
export const sameAnswer = (a: Answer, b: Answer): boolean =>
  a !== null && b !== null && a.columns === b.columns && a.rows.join('\n') === b.rows.join('\n');

/** No rows, or one row of nothing: such an answer tells nothing apart. */
export const isEmpty = (answer: Answer): boolean =>
  answer === null || answer.rows.every((row) => row.split('\u0001').every((cell) => cell === '∅'));
