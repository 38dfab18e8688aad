import { describe, expect, it } from 'vitest';
import type { OptimizeEvent, ProposeOutput } from '../../src/pipeline/index.ts';
import type { MemoryWorkspace } from '../../src/testing/index.ts';
import { memoryMlflow } from '../logged-models/memory-mlflow.ts';
import { scriptedRun, TEN_QUESTIONS } from '../scenarios/scripted-run.ts';

const COLUMNS = ['question_id', 'judge', 'value', 'failure_type', 'blame_set', 'missing_metadata'];
/** What a person wrote into the table about one verdict of the run. */
const CORRECTED = [
  'q2',
  'result_correctness',
  'no',
  'stale_data',
  '["main.library.loans"]',
  'Loans of March.',
];
const IS_READ = /^SELECT question_id|^SELECT run_id.* FROM `main`.`library`.`genie_eval_asi_results`/;

/** A workspace whose table of verdicts answers with `rows`, or not at all. */
const withTable =
  (rows: readonly (readonly string[])[] | null, reads: unknown[]) =>
  (workspace: MemoryWorkspace): MemoryWorkspace => ({
    ...workspace,
    sql: {
      ...workspace.sql,
      async execute(statement, options) {
        if (!IS_READ.test(statement)) return workspace.sql.execute(statement, options);
        reads.push(options?.parameters?.map(({ name, value }) => [name, value]));
        if (rows === null) throw new TypeError('the table is not there');
        return {
          columns: COLUMNS.map((name) => ({ name, typeName: 'STRING', typeText: 'STRING' })),
          rows: rows.map((row) => [...row]),
          truncated: false,
        } as unknown as Awaited<ReturnType<typeof workspace.sql.execute>>;
      },
    },
  });

async function runWith(rows: readonly (readonly string[])[] | null, ucSchema?: string) {
  const [reads, outputs, warnings]: [unknown[], ProposeOutput[], OptimizeEvent[]] = [[], [], []];
  const scenario = scriptedRun(TEN_QUESTIONS, () => [], { wrap: withTable(rows, reads) });
  const { session } = await scenario.run({
    mlflow: { mlflow: memoryMlflow() },
    experiment: 'library',
    tracking: 'full',
    ucSchema,
    phases: {
      propose: async (_, input, runDefault) => {
        const output = await runDefault(input);
        outputs.push(output);
        return { ...output, proposals: [] };
      },
    },
    onEvent: (event) => {
      if (event.type === 'warning' && event.code === 'ASI_TABLE_UNREAD') warnings.push(event);
    },
  });
  return { reads, outputs, warnings, session };
}

describe('the reasons of failures', () => {
  it('HC21: are read first from the Unity Catalog table that the run writes, and say so', async () => {
    const { reads, outputs, session } = await runWith([CORRECTED], 'main.library');
    const runId = session.tracking?.evaluation_runs['0'];
    expect(reads[0]).toEqual([
      ['run_id', runId],
      ['iteration', '0'],
    ]);
    const cluster = outputs[0]?.clusters?.find(({ question_ids: ids }) => ids.includes('q2'));
    expect(cluster?.profiles.find(({ question_id: id }) => id === 'q2')?.missing_metadata).toContain(
      'Loans of March.',
    );
    expect(outputs[0]?.asiSources?.uc_table).toBe(1);
    expect(outputs[0]?.asiSources?.row_metadata).toBeGreaterThan(0);
    expect(session.lever_audit['1']).toMatchObject({ asi_sources: { uc_table: 1 } });
  });

  it('HC21: come from the rows, with a warning, when the table cannot be read', async () => {
    const { outputs, warnings } = await runWith(null, 'main.library');
    expect(Object.keys(outputs[0]?.asiSources ?? {})).toEqual(['row_metadata']);
    expect(warnings[0]).toMatchObject({ message: expect.stringContaining('not there') as string });
  });

  it('HC21: come from the rows when the run writes no table', async () => {
    const { reads, outputs, warnings } = await runWith([CORRECTED]);
    expect({ reads, warnings }).toEqual({ reads: [], warnings: [] });
    expect(Object.keys(outputs[0]?.asiSources ?? {})).toEqual(['row_metadata']);
  });
});
