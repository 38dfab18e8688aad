/**
 * What a verdict of a model costs beside the model: `npm run bench:llm-judge`.
 *
 * Rendering the prompt and reading the answer, with a model that answers at once, against joining the same texts
 * and parsing the same JSON. Ratios within one run; exit code 1 when a bar is missed.
 */
import assert from 'node:assert/strict';
import { llmJudges, type JudgeInput } from '../src/judges/index.ts';
import { judgeInput, MISMATCH } from '../test/judges/shop.ts';
import { leastOf, report, timeOf } from './measure.ts';

const COUNT = 2000;
const ROUNDS = 15;

const ANSWER = JSON.stringify({
  correct: false,
  failure_type: 'wrong_column',
  wrong_clause: 'SELECT',
  blame_set: ['main.shop.customers.segment'],
  counterfactual_fix: 'Describe main.shop.customers.segment.',
  rationale: 'The segment of the customer is asked for, not the country.',
});
let asked = '';
const chatModel = {
  name: 'instant',
  generateJson: (prompt: string): Promise<unknown> => {
    asked = prompt;
    return Promise.resolve(ANSWER);
  },
};
const [judge] = llmJudges({ chatModel });
assert.ok(judge?.name === 'schema_accuracy');
const input: JudgeInput = await judgeInput(
  'SELECT segment, COUNT(*) AS n FROM shop.customers GROUP BY segment',
  'SELECT country, COUNT(*) AS n FROM shop.customers GROUP BY country',
  { comparison: MISMATCH },
);

const outcome = await judge.judge(input);
assert.ok(outcome.status === 'scored' && outcome.value === 'no');
assert.deepEqual(outcome.asi.blame_set, ['main.shop.customers.segment']);
const [before = '', after = ''] = asked.split(input.benchmark.question);

/** The limit: the texts joined, the answer parsed, one word read. */
async function bare(): Promise<boolean> {
  const prompt = `${before}${input.benchmark.question}${after}`;
  const answer = JSON.parse((await chatModel.generateJson(prompt)) as string) as { correct: boolean };
  return answer.correct;
}

const repeated = (task: () => unknown) => () =>
  timeOf(async () => {
    for (let at = 0; at < COUNT; at += 1) await task();
  });
const { ours, limit } = await leastOf(ROUNDS, {
  ours: repeated(() => judge.judge(input)),
  limit: repeated(bare),
});
console.log(
  `a verdict: ${((ours * 1000) / COUNT).toFixed(1)} µs, limit ${((limit * 1000) / COUNT).toFixed(1)} µs`,
);
const isMet = report([
  {
    what: 'verdict of a model that answers at once ÷ texts joined, JSON parsed',
    ratio: ours / limit,
    bar: 5,
    why: 'every value is escaped so that it cannot end its mark, the answer is checked against a schema, and blamed objects are looked up',
  },
]);
if (!isMet) process.exitCode = 1;
