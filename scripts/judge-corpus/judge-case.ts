import type { Asi } from '../../src/asi/index.ts';
import { benchmarkSchema, type SplitBenchmark } from '../../src/benchmarks/index.ts';
import {
  evaluate,
  type EvaluateOptions,
  GroundTruthCache,
  type EvaluationRow,
} from '../../src/evaluation/index.ts';
import { findDifferences, structuralJudges } from '../../src/judges/index.ts';
import type { GenieAnswer, SqlPort, StatementResult } from '../../src/ports/index.ts';
import { wireType } from '../../src/local/engine/types.ts';
import type { Base, World } from './world.ts';

/** What the evaluation says of one statement. */
export interface Judged {
  readonly row: EvaluationRow;
  /** Some judge said no. */
  readonly flagged: boolean;
  /** The verdict that names the damage: the result judge's, else the first judge's that says no. */
  readonly first: Asi | null;
  /** The texts alone show a difference, whatever the results say. */
  readonly textDiffers: boolean;
}

/** Judges statements of one world as an evaluation does, with a Genie that answers what it is told. */
export function judgeIn(world: World): (base: Base, sql: string) => Promise<Judged> {
  const sqlPort = portOf(world);
  const shared: Omit<EvaluateOptions, 'questions' | 'workspace'> = {
    judges: structuralJudges(),
    groundTruth: new GroundTruthCache(),
    factsCache: new Map(),
    configHash: world.name,
    catalog: world.catalog,
    space: world.space,
    spaceId: 'corpus',
    iteration: 0,
    scope: 'full',
  };
  return async (base, sql) => {
    const benchmark: SplitBenchmark = {
      ...benchmarkSchema.parse({
        id: base.id,
        question: base.question,
        expected_sql: base.sql,
        expected_asset: base.asset,
        optional_columns: base.optionalColumns,
      }),
      split: 'train',
    };
    const genie = { ask: () => Promise.resolve(answer(sql)) };
    const { rows } = await evaluate({
      ...shared,
      questions: [benchmark],
      workspace: { genie, sql: sqlPort },
    });
    const [row] = rows;
    if (row === undefined) throw new RangeError(`No row for ${base.id}.`);
    const differences = findDifferences({
      benchmark,
      expectedFacts: row.facts.expected,
      generatedFacts: row.facts.generated,
      space: world.space,
      catalog: world.catalog,
    });
    const first = row.asi.find(({ judge }) => judge === 'result_correctness') ?? row.asi[0];
    return {
      row,
      flagged: row.asi.length > 0,
      first: first?.asi ?? null,
      textDiffers: differences.length > 0,
    };
  };
}

const answer = (sql: string): GenieAnswer => ({
  outcome: 'sql',
  status: 'COMPLETED',
  conversationId: 'corpus',
  messageId: 'corpus',
  attachmentId: null,
  sql,
  extraSql: [],
  statementId: null,
  text: null,
  thoughts: [],
  error: null,
  elapsedMs: 0,
});

function portOf({ engine }: World): SqlPort {
  const execute: SqlPort['execute'] = async (statement, options = {}) => {
    const { columns, rows, truncated } = await engine.execute(statement, { rowLimit: options.rowLimit });
    return {
      statementId: null,
      columns: columns.map(({ name, type }) => ({ name, ...wireType(type) })),
      rows,
      truncated,
    } satisfies StatementResult;
  };
  return {
    execute,
    resultOf: (statementId) =>
      Promise.reject(new RangeError(`No statement ${statementId}: Genie's rows are not kept.`)),
  };
}
