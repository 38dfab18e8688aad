import assert from 'node:assert/strict';
import { benchmarkSchema } from '../src/benchmarks/index.ts';
import { evaluateWith, type EvaluationResult, type Prediction } from '../src/evaluation/index.ts';
import { defineJudge, type JudgeInput, type JudgeOutcome } from '../src/judges/index.ts';
import { lexicalFacts } from '../src/sql/index.ts';
import { leastOf, report, timeOf, type Row } from './measure.ts';

const CONCURRENCY = 8;
const JUDGES = 9;
/** Each size is timed so often; the best counts. */
const ROUNDS = 15;

const questionsOf = (count: number) =>
  Array.from({ length: count }, (_, at) =>
    benchmarkSchema.parse({
      id: `question_${at}`,
      question: `How many orders came in on day ${at}?`,
      expected_sql: `SELECT COUNT(*) FROM main.sales.orders WHERE day = ${at}`,
      split: 'train',
    }),
  );
type Question = ReturnType<typeof questionsOf>[number];

const facts = lexicalFacts('', 'nothing is analysed here');
const space = { version: 2 as const };
const catalog = { tables: [], functions: [] };

/** An answer that is there at once; every tenth is wrong. */
async function predict(benchmark: Question): Promise<Prediction> {
  const wrong = benchmark.id.endsWith('7');
  const input: JudgeInput = {
    benchmark,
    expectedSql: benchmark.expected_sql,
    generatedSql: benchmark.expected_sql,
    answerText: null,
    expectedFacts: facts,
    generatedFacts: facts,
    explain: null,
    comparison: {
      match: !wrong,
      matchType: wrong ? 'mismatch' : 'exact',
      expectedRows: 1,
      actualRows: 1,
      expectedHash: null,
      actualHash: null,
      diff: null,
      truncated: false,
      exclusion: null,
      error: null,
      orderMatch: null,
    },
    expectedAsset: 'TABLE',
    actualAsset: 'TABLE',
    space,
    catalog,
  };
  return {
    input,
    status: 'COMPLETED',
    conversationId: null,
    statementId: null,
    timing: { genie: 0, sql: 0 },
    asked: true,
  };
}

const verdict: JudgeOutcome = { status: 'scored', value: 'yes', rationale: 'an instant word' };
const instant = async (): Promise<JudgeOutcome> => verdict;
const judges = Array.from({ length: JUDGES }, (_, at) =>
  defineJudge({ name: `judge_${at}`, kind: 'code', judge: instant }),
);

/** The limit: the same calls by as many workers, and their answers kept. */
async function bareLoop(questions: readonly Question[]): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < questions.length; at = next++) {
      const question = questions[at];
      if (question === undefined) continue;
      const { input } = await predict(question);
      const outcomes = await Promise.all(judges.map(() => instant()));
      rows[at] = { input, outcomes };
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return rows;
}

const harness = (questions: readonly Question[]): Promise<EvaluationResult> =>
  evaluateWith({
    questions,
    predict,
    judges,
    concurrency: CONCURRENCY,
    scope: 'full',
    iteration: 0,
    configHash: 'bench',
  });

interface Measured {
  readonly ours: number;
  readonly bare: number;
}

function measure(count: number): Promise<Measured> {
  const questions = questionsOf(count);
  return leastOf(ROUNDS, {
    ours: () => timeOf(() => harness(questions)),
    bare: () => timeOf(() => bareLoop(questions)),
  });
}

const COUNT = 10_000;
const questions = questionsOf(COUNT);
globalThis.gc?.();
const before = process.memoryUsage().heapUsed;
const result = await harness(questions);
globalThis.gc?.();
const keptKiB = (process.memoryUsage().heapUsed - before) / 1024 / COUNT;
const memoryMb = process.memoryUsage().rss / 1e6;

assert.equal(result.rows.length, COUNT);
assert.equal(result.overall_accuracy, 90);
assert.deepEqual(Object.keys(result.scores).length, JUDGES);
assert.ok(result.rows.every(({ question_id }, at) => question_id === `question_${at}`));
assert.equal((await bareLoop(questions)).length, COUNT);

const [few, small, large] = [await measure(COUNT / 10), await measure(COUNT), await measure(4 * COUNT)];
const perRow = (ms: number, count: number): string => `${((ms * 1000) / count).toFixed(1)} µs a row`;
console.log(
  `${COUNT} questions, ${JUDGES} judges: ours ${perRow(small.ours, COUNT)}, bare loop ${perRow(small.bare, COUNT)}; ` +
    `${COUNT / 10}: ours ${perRow(few.ours, COUNT / 10)}; ${4 * COUNT}: ours ${perRow(large.ours, 4 * COUNT)}. ${keptKiB.toFixed(2)} KiB kept a row, ${memoryMb.toFixed(0)} MB in all.`,
);
const rows: Row[] = [
  { what: `evaluation of ${COUNT} questions ÷ bare worker loop`, ratio: small.ours / small.bare, bar: 5 },
  { what: `a row of ${COUNT} questions ÷ 25 µs`, ratio: (small.ours * 1000) / COUNT / 25, bar: 1 },
  {
    what: `a row of ${COUNT} questions ÷ a row of ${COUNT / 10}`,
    ratio: small.ours / few.ours / 10,
    bar: 1.5,
    why: 'the cost of a row must not grow with the number of rows',
  },
  {
    what: `a row of ${4 * COUNT} questions ÷ a row of ${COUNT}`,
    ratio: large.ours / small.ours / 4,
    bar: 1.5,
    why: 'the cost of a row must not grow with the number of rows',
  },
  { what: 'memory of the process ÷ 250 MB', ratio: memoryMb / 250, bar: 1 },
  { what: 'kept a row ÷ 2.5 KiB', ratio: keptKiB / 2.5, bar: 1 },
];
if (!report(rows)) process.exitCode = 1;
