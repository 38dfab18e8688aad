import { expect, it } from 'vitest';
import { readAsiTable, writeAsiTable, type EvaluationRow } from '../../src/evaluation/index.ts';
import type { SqlPort, StatementParameter } from '../../src/ports/index.ts';

const name = { catalog: 'main', schema: 'eval' };

/** A warehouse that keeps the parameters of INSERTs as rows. */
function warehouse(): SqlPort & { readonly statements: string[] } {
  const statements: string[] = [];
  const stored: StatementParameter[][] = [];
  const result = (columns: readonly string[], rows: readonly (readonly (string | null)[])[]) => ({
    statementId: null,
    columns: columns.map((column) => ({ name: column, typeName: 'STRING', typeText: 'STRING' })),
    rows,
    truncated: false,
  });
  return {
    statements,
    execute: (statement, { parameters = [] } = {}) => {
      statements.push(statement);
      if (statement.startsWith('INSERT')) {
        const width = 16;
        for (let at = 0; at < parameters.length; at += width) stored.push(parameters.slice(at, at + width));
      }
      if (!statement.startsWith('SELECT')) return Promise.resolve(result([], []));
      const columns = (stored[0] ?? []).map((parameter) => parameter.name.replace(/_\d+$/, ''));
      return Promise.resolve(
        result(
          columns,
          stored.map((row) => row.map((parameter) => parameter.value)),
        ),
      );
    },
    resultOf: () => Promise.reject(new RangeError('not asked for')),
  };
}

const row = (question_id: string, value: string): EvaluationRow =>
  ({
    question_id,
    verdicts: {
      schema_accuracy: { value, rationale: '', reason: null },
      completeness: { value: 'yes', rationale: '', reason: null },
    },
    asi:
      value === 'no'
        ? [
            {
              question_id,
              judge: 'schema_accuracy',
              rationale: '',
              asi: { failure_type: 'wrong_join', severity: 'major', confidence: 0.8, blame_set: ['a', 'b'] },
            },
          ]
        : [],
  }) as unknown as EvaluationRow;

it('writes every verdict, passing ones too, and reads them back by run', async () => {
  const sql = warehouse();
  const evaluation = { iteration: 3, rows: [row('q1', 'no'), row('q2', 'yes')] };
  expect(await writeAsiTable(sql, name, evaluation, { runId: 'run_1' })).toBe(4);
  expect(sql.statements[0]).toMatch(/^CREATE TABLE IF NOT EXISTS `main`\.`eval`\.`genie_eval_asi_results`/);
  const found = await readAsiTable(sql, name, { runId: 'run_1' });
  expect(found.map((item) => [item.question_id, item.judge, item.value, item.record?.asi.blame_set])).toEqual(
    [
      ['q1', 'schema_accuracy', 'no', ['a', 'b']],
      ['q1', 'completeness', 'yes', undefined],
      ['q2', 'schema_accuracy', 'yes', undefined],
      ['q2', 'completeness', 'yes', undefined],
    ],
  );
});
