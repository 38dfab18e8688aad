import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildAsi } from '../../src/asi/index.ts';
import { connect } from '../../src/clients/index.ts';
import { readAsiTable, writeAsiTable, type EvaluationRow } from '../../src/evaluation/index.ts';
import { startLocalWorkspace, type LocalWorkspace } from '../../src/local/index.ts';
import type { SqlPort } from '../../src/ports/index.ts';

let local: LocalWorkspace;
let sql: SqlPort;
beforeAll(async () => {
  local = await startLocalWorkspace({ sample: 'tpch' });
  ({ sql } = await connect({
    host: local.host,
    token: local.token,
    warehouseId: local.warehouseId,
    startsPerMinute: null,
  }));
}, 60_000);
afterAll(() => local.close());

const name = { catalog: 'main', schema: 'genie_demo', table: 'verdicts of the tests' };
const verdict = (value: string) => ({ value, rationale: '', reason: null });

const failing = buildAsi({
  failure_type: 'wrong_join',
  severity: 'critical',
  confidence: 0.25,
  blame_set: ["samples.tpch.orders' \\ key", 'a"b', 'ü'],
  counterfactual_fix: "Join on 'o_custkey'; -- not on :value_1",
  wrong_clause: 'JOIN',
  expected_value: 'SELECT\n1',
  ambiguity_detected: true,
});

/** More rows than one INSERT takes. */
const rows = Array.from(
  { length: 20 },
  (_, at) =>
    ({
      question_id: `q${String(at).padStart(2, '0')}`,
      verdicts: { completeness: verdict('yes'), schema_accuracy: verdict(at === 0 ? 'no' : 'yes') },
      asi: at === 0 ? [{ question_id: 'q00', judge: 'schema_accuracy', rationale: '', asi: failing }] : [],
    }) as unknown as EvaluationRow,
);

it('keeps verdicts in a real table: every value comes back as it was, by run and iteration', async () => {
  const now = new Date('2026-10-01T08:00:00Z');
  expect(await writeAsiTable(sql, name, { iteration: 1, rows }, { runId: "o'run", now })).toBe(40);
  expect(
    await writeAsiTable(sql, name, { iteration: 2, rows: rows.slice(0, 1) }, { runId: "o'run", now }),
  ).toBe(2);
  await writeAsiTable(sql, name, { iteration: 1, rows: rows.slice(0, 1) }, { runId: 'another', now });

  const all = await readAsiTable(sql, name, { runId: "o'run" });
  expect(all).toHaveLength(42);
  const second = await readAsiTable(sql, name, { runId: "o'run", iteration: 2 });
  expect(
    second.map(({ iteration, question_id, judge, value }) => [iteration, question_id, judge, value]),
  ).toEqual([
    [2, 'q00', 'completeness', 'yes'],
    [2, 'q00', 'schema_accuracy', 'no'],
  ]);
  expect(second.map(({ record }) => record?.asi ?? null)).toEqual([null, failing]);
  expect(await readAsiTable(sql, name, { runId: 'nobody' })).toEqual([]);
}, 60_000);

it('says so when there is no table to read', async () => {
  await expect(readAsiTable(sql, { ...name, table: 'nowhere' }, { runId: 'x' })).rejects.toThrow(/nowhere/);
});
