import { expect, it } from 'vitest';
import {
  readAsiTable,
  writeAsiTable,
  writeRepeatabilityRows,
  type EvaluationRow,
} from '../../src/evaluation/index.ts';
import { assessRepeatability, repeatabilityVerdicts } from '../../src/repeatability/index.ts';
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

it('writes one row per question whose repeated answers differ, and reads serious ones back as failures', async () => {
  const samples = (...answers: string[]) =>
    answers.map((answer) => ({ sql: `SELECT ${answer}`, asset: 'MV', result_hash: answer }));
  const questions = {
    same: samples('1', '1', '1'),
    minor: samples('1', '1', '1', '2'),
    major: samples('1', '1', '2'),
    critical: samples('1', '2', '3'),
  };
  const report = await assessRepeatability(
    Object.entries(questions).map(([question_id, given]) => ({ question_id, question: '?', samples: given })),
  );
  const sql = warehouse();
  const found = { iteration: 2, verdicts: repeatabilityVerdicts(report) };
  expect(await writeRepeatabilityRows(sql, name, found, { runId: 'run_1' })).toBe(3);
  const stored = await readAsiTable(sql, name, { runId: 'run_1' });
  expect(stored.map(({ question_id, judge, iteration }) => [question_id, judge, iteration])).toEqual([
    ['minor', 'repeatability', 2],
    ['major', 'repeatability', 2],
    ['critical', 'repeatability', 2],
  ]);
  expect(stored.map(({ value, record }) => [value, record?.asi.failure_type, record?.asi.severity])).toEqual([
    ['MINOR_VARIANCE', undefined, undefined],
    ['SIGNIFICANT_VARIANCE', 'repeatability_issue', 'major'],
    ['CRITICAL_VARIANCE', 'repeatability_issue', 'critical'],
  ]);
  expect(stored.at(-1)?.record?.asi).toMatchObject({
    blame_set: ['asset_routing:MV'],
    confidence: expect.closeTo(2 / 3, 6) as number,
    ambiguity_detected: true,
    expected_value: 'identical answers, 100 %',
  });
});
